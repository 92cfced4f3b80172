import type { Run, RunKind, RunRef } from './run.ts';

/** Where run records live. Keeps bytes and versions; never decides what a run may become. */
export interface RunStore {
  /** @throws RunsError `run_exists` when the id is taken. */
  insert(run: Run): Promise<void>;
  get(ref: RunRef): Promise<Run | undefined>;
  /** Replaces the record if it still has `expectedVersion`. @throws RunsError `stale_run` otherwise. */
  commit(next: Run, expectedVersion: number): Promise<void>;
  /** Newest first by id; `before` is exclusive. `next` is the `before` of the following page. */
  list(query: ListRuns): Promise<RunPage>;
  /** Open runs of every workspace whose lease has ended by the instant, oldest lease first. */
  listOpen(query: { leaseBefore: string; limit: number }): Promise<RunRef[]>;
}

export interface ListRuns {
  workspaceId: string;
  kind: RunKind;
  limit: number;
  before?: string | undefined;
}

export interface RunPage {
  runs: Run[];
  next?: string | undefined;
}

/** The append-only log of a run: NDJSON bytes whose offset is the cursor. */
export interface RunLog {
  /**
   * Writes bytes at exactly this offset, the end of the log as the writer knows it. They may go after
   * `expiresAt`; without it they stay.
   * @throws RunsError `log_moved` when bytes already stand there: another writer has taken over.
   */
  append(ref: RunRef, offset: number, bytes: Uint8Array, expiresAt?: Date): Promise<void>;
  /** Bytes from `offset` on, at least one chunk if there is one. Empty at or past the end. */
  read(ref: RunRef, offset: number): Promise<Uint8Array>;
  /** Length in bytes; 0 when nothing was written yet. */
  end(ref: RunRef): Promise<number>;
}

export type ExecutionState =
  | { status: 'none' | 'running' }
  | { status: 'succeeded'; output: unknown }
  | { status: 'failed' | 'timed_out' | 'aborted'; error?: string | undefined; cause?: string | undefined };

/** What moves runs: Step Functions, or the local executor of the same state machines. */
export interface RunExecutor {
  /**
   * Starts the run's state machine; the execution's name is the run id, so repeating it is harmless.
   * @throws RunsError `executor_busy` when it refuses for now (throttled, unavailable).
   */
  start(run: Run): Promise<void>;
  /** Stops the execution; nothing happens when there is none. @throws RunsError `executor_busy`. */
  stop(run: Run, reason: string): Promise<void>;
  describe(run: Run): Promise<ExecutionState>;
}

/** What the verbs in `service.ts` need from outside. */
export interface RunPlatform {
  runs: RunStore;
  log: RunLog;
  executor: RunExecutor;
  now(): Date;
  newId(): string;
}
