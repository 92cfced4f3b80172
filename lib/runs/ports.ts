import type { RunEvent } from './lifecycle.ts';
import type { Run, RunKind, RunRef, RunStatus, TerminalRun } from './run.ts';

/** Where run records live. Keeps bytes and versions; never decides what a run may become. */
export interface RunStore {
  /** @throws RunsError `run_exists` when the id is taken. */
  insert(run: Run): Promise<void>;
  get(ref: RunRef): Promise<Run | undefined>;
  /** Those of the runs that there are, each once, in the order they are named in. */
  getMany(refs: readonly RunRef[]): Promise<Run[]>;
  /**
   * Replaces the record if it still has `expectedVersion`. What happened to the run is not kept; it tells
   * those who listen what the write means. @throws RunsError `stale_run` otherwise.
   */
  commit(next: Run, expectedVersion: number, event?: RunEvent): Promise<void>;
  /** By id. This list and the filtered ones below cost what they return. */
  list(query: ListRuns): Promise<RunPage>;
  listByStatus(query: ListRunsByStatus): Promise<RunPage>;
  listByParent(query: ListRunsByParent): Promise<RunPage>;
  /** Open runs of every workspace whose lease has ended by the instant, oldest lease first. */
  listOpen(query: { leaseBefore: string; limit: number }): Promise<RunRef[]>;
}

export interface ListRuns {
  workspaceId: string;
  kind: RunKind;
  limit: number;
  /** Newest first unless it says otherwise. */
  order?: RunOrder | undefined;
  /** Ids between which the list keeps, both excluded. They need not be ids of runs. */
  before?: string | undefined;
  after?: string | undefined;
}
export type RunOrder = 'newestFirst' | 'oldestFirst';

/** Only document runs are indexed by how they ended: every index costs a write, and nobody asks for the others. */
export interface ListRunsByStatus extends ListRuns {
  kind: 'document';
  status: RunStatus;
}

/** Document runs are not indexed by their document. */
export interface ListRunsByParent extends ListRuns {
  kind: Exclude<RunKind, 'document'>;
  parentId: string;
}

/** `next` is the `before` of the following page, or its `after` when it is oldest first. */
export interface RunPage {
  runs: Run[];
  next?: string | undefined;
}

/** How lines of a log tell what happened to a run. The words are those of the APIs that show it, not the core's. */
export interface LogWords {
  /** What every line says of its run. */
  context(run: Run): Record<string, unknown>;
  /** What the last line says of how the run ended. */
  ending(run: TerminalRun): { message: string; data: Record<string, unknown> };
}

/** The append-only log of a run: NDJSON bytes whose offset is the cursor. */
export interface RunLog {
  readonly words: LogWords;
  /**
   * Writes bytes at exactly this offset, the end of the log as the writer knows it. They may go after
   * `expiresAt`; without it they stay.
   * @throws RunsError `log_moved` when bytes already stand there: another writer has taken over.
   */
  append(ref: RunRef, offset: number, bytes: Uint8Array, expiresAt?: Date): Promise<void>;
  /**
   * Bytes from `offset` on, at least one chunk if there is one. Empty at or past the end. What was written a
   * moment ago may be missing: a follower sees it with its next read. `consistent` is for who cannot wait.
   */
  read(ref: RunRef, offset: number, options?: { consistent: boolean }): Promise<Uint8Array>;
  /** Length in bytes; 0 when nothing was written yet. */
  end(ref: RunRef): Promise<number>;
}

/** `redrives` counts how often an execution was redriven, if ever: it orders what is said about it. */
export type ExecutionState =
  | { status: 'none' }
  | ({ redrives?: number | undefined } & (
      | { status: 'running' }
      | { status: 'succeeded'; output: unknown }
      | { status: 'failed' | 'timed_out' | 'aborted'; error?: string | undefined; cause?: string | undefined }
    ));

/** What moves runs: Step Functions, or the local executor of the same state machines. */
export interface RunExecutor {
  /**
   * Starts the run's state machine; the execution's name is the run id, so repeating it is harmless.
   * @throws RunsError `executor_busy` when it refuses for now (throttled, unavailable), `executor_refused`
   *   when it always will.
   */
  start(run: Run): Promise<void>;
  /**
   * Stops the execution; nothing happens when there is none.
   * @throws RunsError `executor_busy`, or `executor_refused` when it is out of this platform's reach.
   */
  stop(run: Run, reason: string): Promise<void>;
  /**
   * @throws RunsError `executor_busy`, or `executor_refused` when this platform may not see the execution.
   *   Rights on what does not exist yet may be missing as well, so that says nothing of whether there is one.
   */
  describe(run: Run): Promise<ExecutionState>;
}

/** Whether executions of a machine can be runs of a process. `reason` is a sentence for its owner. */
export type MachineLook =
  | { status: 'fit' }
  | { status: 'unfit'; reason: string }
  /** It could not be looked at for now. */
  | { status: 'unknown'; cause: unknown };

/** Looks at the state machines of others before runs are started on them. */
export interface MachineReader {
  lookAtMachine(machineArn: string): Promise<MachineLook>;
}

/** Reads executions that are not known to be anybody's yet. */
export interface ExecutionReader {
  /**
   * Input and output, as text, of an execution by its name in the service, for events that had no room for
   * them; undefined when there is none that this platform may see.
   */
  lookUp(execution: string): Promise<ExecutionTexts | undefined>;
}

export interface ExecutionTexts {
  input?: string | undefined;
  output?: string | undefined;
}

/** What the output of a process becomes in the result of its run: itself, or where it was put. */
export type KeepOutput = (run: Run, output: unknown) => Promise<Record<string, unknown>>;

/** What the verbs in `service.ts` need from outside. */
export interface RunPlatform {
  runs: RunStore;
  log: RunLog;
  executor: RunExecutor;
  now(): Date;
  newId(): string;
}
