import * as z from 'zod';
import { Retention } from './retention.ts';

/** Every status a run can have, in the core's words. APIs translate them in their `view.ts`. */
export const RUN_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_KINDS = ['document', 'process', 'thread', 'agent'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Instants are ISO 8601 UTC with milliseconds, as `Date.prototype.toISOString` writes them. */
export const Instant = z.iso.datetime();

/** Why a run did not succeed: a code to branch on, the stage it happened in, a sentence to act on. */
export const Failure = z.object({
  code: z.string(),
  stage: z.string().nullable(),
  message: z.string(),
});
export type Failure = z.infer<typeof Failure>;

/** What a run was asked to do and what it produced are JSON objects that its API's room types. */
const JsonObject = z.record(z.string(), z.unknown());

const Base = z.object({
  id: z.uuid(),
  kind: z.enum(RUN_KINDS),
  workspaceId: z.uuid(),
  /** The document, process, thread or agent that the run belongs to. */
  parentId: z.string(),
  input: JsonObject,
  /** Counts the writes of this record; every write is conditional on the one before. */
  version: z.int().min(1),
  /** How many times the work was claimed. */
  attempt: z.int().min(0),
  /** When it was recorded. The id may have been planned earlier; order is by id, age is from here. */
  createdAt: Instant,
  /** How many redrives of its execution the run reflects. */
  redrives: z.int().min(1).optional(),
  /** How long the run is kept: its workspace's setting when it was made. */
  retention: Retention.optional(),
});

const Claimed = {
  startedAt: Instant,
  /** The fence: only the worker that made this claim may finish the run. */
  claimId: z.uuid(),
  /** Which delivery of the state machine holds the claim; a repeated delivery of the same number loses. */
  delivery: z.int().min(0),
};

const Ended = {
  startedAt: Instant.optional(),
  delivery: z.int().min(0).optional(),
  /** The claim that was on it when it ended, if any. */
  claimId: z.uuid().optional(),
  /** Set when it was the worker of that claim who ended it, so that it knows its own end again. */
  endedBy: z.literal('worker').optional(),
  completedAt: Instant,
  /** Set while its log may lack its last line: when the sweeper is to look. */
  leaseUntil: Instant.optional(),
  result: JsonObject.optional(),
};

const Leased = {
  /** When the sweeper has to look at the run, if it is still open. */
  leaseUntil: Instant,
  /** Since when looks at the run have told nothing, or starts of it were refused for now. */
  overdueSince: Instant.optional(),
};

const Queued = Base.extend({
  status: z.literal('queued'),
  ...Leased,
  startedAt: Instant.optional(),
  /** Set when an earlier attempt was lost. */
  failure: Failure.optional(),
});
const Running = Base.extend({ status: z.literal('running'), ...Leased, ...Claimed });
const Succeeded = Base.extend({ status: z.literal('succeeded'), ...Ended });
const Failed = Base.extend({ status: z.literal('failed'), ...Ended, failure: Failure });
const Cancelled = Base.extend({ status: z.literal('cancelled'), ...Ended, failure: Failure });
const TimedOut = Base.extend({ status: z.literal('timed_out'), ...Ended, failure: Failure });

/** A run. The status says which members are there: a running run has `startedAt`, a failed one `failure`. */
export const Run = z.discriminatedUnion('status', [Queued, Running, Succeeded, Failed, Cancelled, TimedOut]);
export type Run = z.infer<typeof Run>;
export type QueuedRun = z.infer<typeof Queued>;
export type RunningRun = z.infer<typeof Running>;
export type OpenRun = QueuedRun | RunningRun;
export type TerminalRun = Exclude<Run, OpenRun>;

/** A run is always named whole: never by id alone, so no API can read another tenant's or API's run. */
export interface RunRef {
  workspaceId: string;
  kind: RunKind;
  runId: string;
}

export const refOf = (run: Run): RunRef => ({ workspaceId: run.workspaceId, kind: run.kind, runId: run.id });

export const isOpen = (run: Run): run is OpenRun => run.status === 'queued' || run.status === 'running';

/**
 * What an execution of ours is started with: ids only, and always the same for a run, so that repeating the
 * start is the same request. The status change of the execution says by it which run it is about.
 */
export const ExecutionInput = z.object({ kind: z.enum(RUN_KINDS), workspaceId: z.uuid(), runId: z.uuid() });

export const executionInput = (run: Run): z.infer<typeof ExecutionInput> => refOf(run);
