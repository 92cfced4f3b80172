import type { LogWords } from '../../../runs/ports.ts';
import type { Failure, Run, RunKind, RunStatus, TerminalRun } from '../../../runs/run.ts';

/** ADE's words, byte by byte what its clients parse. Runs of processes are told in the same ones. */
export const LOG_WORDS: LogWords = {
  context(run) {
    const { configurationId, operation } = run.input;
    return {
      job_id: run.id,
      workspace_id: run.workspaceId,
      configuration_id: typeof configurationId === 'string' ? configurationId : null,
      environment_id: null,
      operation: typeof operation === 'string' ? operation : run.kind,
    };
  },

  ending(run) {
    const startedAt = run.startedAt ?? run.createdAt;
    const data = {
      status: run.status === 'timed_out' && run.kind !== 'process' ? 'failed' : run.status,
      execution: {
        started_at: startedAt,
        completed_at: run.completedAt,
        duration_ms: Date.parse(run.completedAt) - Date.parse(startedAt),
      },
      exit_code: exitCode(run),
    };
    if (run.status === 'succeeded') return { message: succeededMessage(run), data };
    return { message: run.failure.message, data: { ...data, ...reasonOf(run.kind, run.failure) } };
  },
};

/** A process names its own errors; its reason may be long, and stands in the message already. */
const reasonOf = (kind: RunKind, { code, message }: Failure): Record<string, string> =>
  kind === 'process' ? { error_code: code } : { error_message: message };

function succeededMessage({ input }: TerminalRun): string {
  if (input.dryRun === true) return 'Dry run complete';
  return input.operation === 'validate' ? 'Validation succeeded' : 'Run succeeded';
}

const EXIT_CODES: Record<RunStatus, number | null> = {
  queued: null,
  running: null,
  succeeded: 0,
  failed: 1,
  cancelled: null,
  timed_out: 124,
};

/** What a process would have exited with: 0 ok, 1 the work failed, 124 out of time, null when cancelled or open. */
export function exitCode(run: Run): number | null {
  // A worker that could not work at all is told apart from work that failed, as ADE does.
  if (run.status === 'failed' && run.failure.code === 'internal_error') return 2;
  return EXIT_CODES[run.status];
}
