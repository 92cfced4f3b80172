import { RunsError } from './errors.ts';
import { boundedFailure } from './failure.ts';
import type { Failure, OpenRun, Run, RunStatus } from './run.ts';

/**
 * What can happen to a run. `at` is an ISO instant; `by` says that the worker of the claim ends it, and a
 * `leaseUntil` of an end that its log is still to be closed, until an amendment says that it is.
 */
export type RunEvent =
  | { type: 'claimed'; at: string; delivery: number; claimId: string }
  | { type: 'extended'; leaseUntil: string; overdueSince?: string }
  | { type: 'requeued'; leaseUntil: string; failure: Failure }
  | { type: 'succeeded'; at: string; by?: 'worker'; leaseUntil?: string; result: Record<string, unknown> }
  | {
      type: 'failed' | 'cancelled';
      at: string;
      by?: 'worker';
      leaseUntil?: string;
      failure: Failure;
      result?: Record<string, unknown>;
    }
  | { type: 'timed_out'; at: string; leaseUntil?: string; failure: Failure }
  | { type: 'amended'; result?: Record<string, unknown>; isLogClosed?: true }
  | { type: 'redriven'; at: string; redrives: number; claimId: string; leaseUntil: string };

/**
 * Every legal move: status × event → status. What is not here cannot happen, and nothing else decides
 * what a run may become. A status that cannot be claimed is terminal: only the redrive of an execution,
 * which Step Functions allows for what did not succeed, leads out of it.
 */
export const TRANSITIONS: Record<RunStatus, Partial<Record<RunEvent['type'], RunStatus>>> = {
  queued: {
    claimed: 'running',
    extended: 'queued',
    requeued: 'queued',
    failed: 'failed',
    cancelled: 'cancelled',
    timed_out: 'timed_out',
    succeeded: 'succeeded', // a process run that ended before anybody saw it start
  },
  running: {
    claimed: 'running',
    extended: 'running',
    requeued: 'queued',
    succeeded: 'succeeded',
    failed: 'failed',
    cancelled: 'cancelled',
    timed_out: 'timed_out',
    redriven: 'running', // the event of the end before it was lost, or is late
  },
  succeeded: { amended: 'succeeded' },
  failed: { amended: 'failed', redriven: 'running' },
  cancelled: { amended: 'cancelled', redriven: 'running' },
  timed_out: { amended: 'timed_out', redriven: 'running' },
};

export const isTerminal = (status: RunStatus): boolean => TRANSITIONS[status].claimed === undefined;

/**
 * The run after the event, one version later.
 * @throws RunsError `invalid_transition` when the table has no such move, or when a delivery that
 *   already holds (or held) the claim asks for it again.
 */
export function transition(run: Run, event: RunEvent): Run {
  const status = TRANSITIONS[run.status][event.type];
  if (status === undefined) throw new RunsError('invalid_transition', { run, event: event.type });
  const version = run.version + 1;

  switch (event.type) {
    case 'claimed':
      return claim(run, event, version);
    case 'extended': {
      const { overdueSince: _before, ...open } = run as OpenRun;
      const { leaseUntil, overdueSince } = event;
      return { ...open, leaseUntil, version, ...(overdueSince === undefined ? {} : { overdueSince }) } as Run;
    }
    case 'requeued': {
      const { startedAt } = run;
      return {
        ...base(run),
        status: 'queued',
        version,
        leaseUntil: event.leaseUntil,
        failure: event.failure,
        ...(startedAt === undefined ? {} : { startedAt }),
      };
    }
    case 'redriven':
      return redrive(run, event, version);
    case 'amended':
      return amend(run, event, version);
    case 'succeeded':
      return { ...ended(run, event), status: 'succeeded', version, result: event.result };
    case 'failed':
    case 'cancelled':
    case 'timed_out':
      return {
        ...ended(run, event),
        status: event.type,
        version,
        failure: boundedFailure(event.failure),
        // What there is to tell of work that was not completed, such as what it cost.
        ...('result' in event && event.result !== undefined ? { result: event.result } : {}),
      };
  }
}

function claim(run: Run, event: RunEvent & { type: 'claimed' }, version: number): Run {
  const held = run.status === 'running' && event.delivery <= run.delivery;
  if (held) throw new RunsError('invalid_transition', { run, event: event.type });
  const { leaseUntil } = run as Extract<Run, { leaseUntil: string }>;
  return {
    ...base(run),
    status: 'running',
    version,
    attempt: run.attempt + 1,
    delivery: event.delivery,
    claimId: event.claimId,
    leaseUntil,
    startedAt: run.startedAt ?? laterOf(run.createdAt, event.at),
  };
}

/** The run goes on where its execution stopped; whoever held the claim before holds it no more. */
function redrive(run: Run, event: RunEvent & { type: 'redriven' }, version: number): Run {
  const { at, redrives, claimId, leaseUntil } = event;
  const delivery = (('delivery' in run ? run.delivery : undefined) ?? -1) + 1;
  const { attempt, startedAt = laterOf(run.createdAt, at) } = run;
  return {
    ...base(run),
    status: 'running',
    version,
    attempt: attempt + 1,
    delivery,
    claimId,
    leaseUntil,
    startedAt,
    redrives,
  };
}

function amend(run: Run, { result, isLogClosed }: RunEvent & { type: 'amended' }, version: number): Run {
  const { leaseUntil, ...ended } = run;
  const known = 'result' in run ? run.result : undefined;
  return {
    ...ended,
    version,
    ...(leaseUntil === undefined || isLogClosed === true ? {} : { leaseUntil }),
    ...(result === undefined ? {} : { result: { ...known, ...result } }),
  } as Run;
}

/** Clocks of functions are apart: whoever goes on with a run may be behind who began, and no run lasts less than nothing. */
const laterOf = (before: string, at: string): string => (before > at ? before : at);

/** What never changes, whatever happens to the run. */
function base(run: Run) {
  const { id, kind, workspaceId, parentId, input, attempt, createdAt, redrives, retention } = run;
  return {
    id,
    kind,
    workspaceId,
    parentId,
    input,
    attempt,
    createdAt,
    ...(redrives === undefined ? {} : { redrives }),
    ...(retention === undefined ? {} : { retention }),
  };
}

/** A terminal run keeps when it started and whose it was; it has a lease only while its log is to be closed. */
function ended(run: Run, event: { at: string; by?: 'worker'; leaseUntil?: string }) {
  const { at, by, leaseUntil } = event;
  const { startedAt } = run;
  const delivery = 'delivery' in run ? run.delivery : undefined;
  const claimId = 'claimId' in run ? run.claimId : undefined;
  return {
    ...base(run),
    completedAt: laterOf(startedAt ?? run.createdAt, at),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(claimId === undefined ? {} : { claimId }),
    ...(by === undefined ? {} : { endedBy: by }),
    ...(leaseUntil === undefined ? {} : { leaseUntil }),
  };
}
