import type { Run, RunRef } from './run.ts';

/** Everything the run core can say no with, and what it knows about it. */
export interface RunsErrorDetails {
  run_not_found: { ref: RunRef };
  run_exists: { runId: string };
  invalid_transition: { run: Run; event: string };
  /** The record changed since it was read: read again and decide again. */
  stale_run: { runId: string };
  /** Somebody else wrote to the log at this offset: this writer is no longer the one. */
  log_moved: { runId: string; offset: number };
  /** The execution service refuses for now; the run is kept and the sweeper starts it. */
  executor_busy: { runId: string };
  /** The execution service will never start this run; `reason` is a sentence for whoever asked for it. */
  executor_refused: { runId: string; reason: string };
}
export type RunsErrorCode = keyof RunsErrorDetails;

/** The one error class of the core. `code` is closed; what callers read is written by their API's dialect. */
export class RunsError<Code extends RunsErrorCode = RunsErrorCode> extends Error {
  override readonly name = 'RunsError';
  readonly code: Code;
  readonly details: RunsErrorDetails[Code];

  constructor(code: Code, details: RunsErrorDetails[Code], options?: { cause?: unknown }) {
    super(code, options);
    this.code = code;
    this.details = details;
  }
}

export const isRunsError = <Code extends RunsErrorCode>(
  error: unknown,
  code: Code,
): error is RunsError<Code> => error instanceof RunsError && error.code === code;
