import { apply } from './apply.ts';
import { isRunsError, RunsError } from './errors.ts';
import { appendLine, closingLine, logLine } from './events.ts';
import { momentOf } from './ids.ts';
import { isTerminal, type RunEvent } from './lifecycle.ts';
import type { ExecutionState, KeepOutput, ListRuns, RunPage, RunPlatform } from './ports.ts';
import type { Retention } from './retention.ts';
import {
  type Failure,
  isOpen,
  type OpenRun,
  Run,
  type RunKind,
  type RunningRun,
  type RunRef,
  refOf,
} from './run.ts';
import { closeLog, LOST, type SettleOptions, settleRun, TIMED_OUT } from './settle.ts';

/**
 * How long a run may be open before the sweeper looks at it, in seconds. Two minutes let nearly every
 * run end without a single lease write, and an interrupted one is found within three.
 */
export const LEASE_SECONDS = 120;

/** How long the sweeper leaves a run alone that it found alive, in seconds. */
const EXTENSION_SECONDS = 300;

/** A run that could not be started for an hour will not be: Step Functions throttles for seconds. */
const START_LIMIT_SECONDS = 3600;

/** Nor will one whose time would be over before: a thread would be kept from its next run for nothing. */
const startLimitSeconds = (kind: RunKind): number => Math.min(START_LIMIT_SECONDS, RUN_LIMIT_SECONDS[kind]);

/** Workers a run may lose (killed, out of memory) before it fails instead of starting again. */
export const MAX_ATTEMPTS = 3;

/**
 * The longest a run may take by kind, in seconds. A document's worker is a Lambda function (15 minutes)
 * that is tried three times; a thread answers within its machine's 600 s; a process sets its own limit
 * in its state machine.
 */
export const RUN_LIMIT_SECONDS: Record<RunKind, number> = {
  document: 3 * 900 + 300,
  process: Number.POSITIVE_INFINITY,
  thread: 600 + 60,
  agent: 300 + 60,
};

/** What needs no executor: it works inside an execution, or comes after one. */
type WorkerPlatform = Omit<RunPlatform, 'executor'>;

export interface StartRun {
  id?: string;
  kind: RunKind;
  workspaceId: string;
  parentId: string;
  input: Record<string, unknown>;
  retention?: Retention | undefined;
}

const inSeconds = (from: Date, seconds: number): string =>
  new Date(from.getTime() + seconds * 1000).toISOString();

/**
 * Records a run and starts its machine. The record is the one decisive write: once it stands, the run
 * happens, by the start below or by the sweeper.
 * @throws RunsError `run_exists` when the given id is taken.
 */
export async function startRun(platform: RunPlatform, spec: StartRun): Promise<Run> {
  const run = await recordRun(platform, spec);
  await launch(platform, run);
  return run;
}

/** Records a run that whoever records it also works on. @throws RunsError `run_exists`. */
export async function recordRun(
  platform: Pick<RunPlatform, 'runs' | 'now' | 'newId'>,
  spec: StartRun,
): Promise<Run> {
  const now = platform.now();
  const id = spec.id ?? platform.newId();
  const run = Run.parse({
    id,
    kind: spec.kind,
    workspaceId: spec.workspaceId,
    parentId: spec.parentId,
    input: spec.input,
    status: 'queued',
    version: 1,
    attempt: 0,
    // The moment that the id was made, so that runs by age are runs by id, whatever clocks and races did.
    createdAt: (momentOf(id) ?? now).toISOString(),
    leaseUntil: inSeconds(now, LEASE_SECONDS),
    ...(spec.retention === undefined ? {} : { retention: spec.retention }),
  });
  await platform.runs.insert(run);
  return run;
}

/** Starts the machine; a refusal for now is left to the sweeper. */
async function launch(platform: RunPlatform, run: Run): Promise<void> {
  try {
    await platform.executor.start(run);
  } catch (error) {
    if (isRunsError(error, 'executor_refused')) await refuse(platform, run, error.details.reason);
    else if (!isRunsError(error, 'executor_busy')) throw error;
  }
}

/** Ends a run that can never be started, and says why. */
async function refuse(platform: RunPlatform, run: Run, reason: string): Promise<void> {
  const failure: Failure = { code: 'not_started', stage: null, message: reason };
  const at = platform.now().toISOString();
  const failed = await apply(
    platform,
    refOf(run),
    (current) => (isOpen(current) ? { type: 'failed', at, failure } : undefined),
    run,
  );
  await appendLine(platform, failed, closingLine(platform, failed));
}

export { getRun } from './apply.ts';
export { settleRun } from './settle.ts';

/** Newest first. */
export const listRuns = (platform: Pick<RunPlatform, 'runs'>, query: ListRuns): Promise<RunPage> =>
  platform.runs.list(query);

/**
 * Makes the caller the run's worker. `delivery` counts the machine's tries of this task, from 0.
 * @throws RunsError `invalid_transition` when the run is terminal or this delivery was already claimed.
 */
export async function claimRun(platform: WorkerPlatform, ref: RunRef, delivery: number): Promise<RunningRun> {
  const claim: Extract<RunEvent, { type: 'claimed' }> = {
    type: 'claimed',
    at: platform.now().toISOString(),
    delivery,
    claimId: platform.newId(),
  };
  // A claim that was written although its answer was lost may meet itself, changed by others since.
  const isMade = (run: Run): boolean => run.status === 'running' && run.claimId === claim.claimId;
  return (await apply(platform, ref, (run) => (isMade(run) ? undefined : claim))) as RunningRun;
}

export type Outcome =
  | { type: 'succeeded'; result: Record<string, unknown> }
  | { type: 'failed'; failure: Failure; result?: Record<string, unknown> };

/** Work may end with its caller: what it is done for is gone. */
export interface Abandoned {
  type: 'cancelled';
  failure: Failure;
  result?: Record<string, unknown>;
}

/**
 * Ends a run for the worker that claimed it.
 * @throws RunsError `invalid_transition` when the claim was lost meanwhile (cancelled, timed out, taken
 *   over): nothing changed, and what the worker produced must not be used.
 */
export async function finishRun(
  platform: WorkerPlatform,
  claimed: RunningRun,
  outcome: Outcome | Abandoned,
): Promise<Run> {
  const event: RunEvent = { ...outcome, at: platform.now().toISOString() };
  return apply(
    platform,
    refOf(claimed),
    (run) => {
      const holds = run.status === 'running' && run.claimId === claimed.claimId;
      if (!holds) throw new RunsError('invalid_transition', { run, event: event.type });
      return event;
    },
    claimed,
  );
}

/** True while the claim is still the run's. */
export async function holdsClaim(platform: Pick<RunPlatform, 'runs'>, claimed: RunningRun): Promise<boolean> {
  const run = await platform.runs.get(refOf(claimed));
  return run?.status === 'running' && run.claimId === claimed.claimId;
}

/**
 * Cancels an open run and stops its execution. Cancelling a cancelled run stops what still goes on of it.
 * @throws RunsError `run_not_found`, `invalid_transition` when it ended otherwise, or `executor_busy` when the
 *   execution of a process could not be stopped yet.
 */
export async function cancelRun(platform: RunPlatform, ref: RunRef): Promise<Run> {
  const CANCELLED: Failure = { code: 'cancelled', stage: null, message: 'Run cancelled by user' };
  const at = platform.now().toISOString();
  let wasRunning = false;
  const run = await apply(platform, ref, (current) => {
    if (current.status === 'cancelled') return undefined;
    wasRunning = current.status === 'running';
    return { type: 'cancelled', at, failure: CANCELLED };
  });
  await stop(platform, run, CANCELLED.message);
  if (run.kind === 'process') await appendLine(platform, run, closingLine(platform, run));
  else if (wasRunning) await sealLog(platform, run);
  return run;
}

/**
 * The run is closed already. An execution of ours that cannot be stopped now works for nobody and ends by itself;
 * one of a process goes on with somebody's business, so whoever cancels it is told to ask again.
 */
async function stop(platform: RunPlatform, run: Run, reason: string): Promise<void> {
  if (run.kind === 'agent') return; // whoever works on it sees that it lost its claim
  try {
    await platform.executor.stop(run, reason);
  } catch (error) {
    if (!isRunsError(error, 'executor_busy') || run.kind === 'process') throw error;
  }
}

/** Takes the log from a worker that lost its claim: its next write finds this line in its place. */
const sealLog = (platform: RunPlatform, run: Run): Promise<void> =>
  appendLine(
    platform,
    run,
    logLine(platform, run, {
      event: 'run.lost_claim',
      level: 'warning',
      message: 'Run was cancelled while it was worked on',
    }),
  );

/**
 * Adds members to the result of a terminal run, such as an output that was uploaded by hand. `amend` sees
 * the run as it is when it is written, and may answer undefined to leave it so.
 * @throws RunsError `invalid_transition` while the run is open.
 */
export const amendRun = (
  platform: Pick<RunPlatform, 'runs'>,
  ref: RunRef,
  amend: (run: Run) => Record<string, unknown> | undefined,
): Promise<Run> =>
  apply(platform, ref, (run) => {
    const result = amend(run);
    return result === undefined ? undefined : { type: 'amended', result };
  });

const NOT_STARTED: Failure = {
  code: 'internal_error',
  stage: null,
  message: 'The run could not be started in time. Start it again.',
};

export interface SweepOptions {
  /** Runs whose lease ended by then; now, unless it says otherwise. */
  leaseBefore?: string;
  keepOutput?: KeepOutput;
  /** Told of the runs that were found, if there were any, also when they could not be swept. */
  onFound?: (found: PastLease) => void;
}

/** Open runs past their lease. The older the oldest one, the longer nobody has got to it. */
export interface PastLease {
  runs: number;
  oldestLease: string;
}

export interface Swept {
  started: number;
  extended: number;
  ended: number;
}

/**
 * Looks at every open run past its lease: starts what never started, ends what has ended, leaves alone
 * what is alive. Safe to run any number of times at once.
 */
export async function sweepRuns(
  platform: RunPlatform,
  { leaseBefore = platform.now().toISOString(), keepOutput, onFound }: SweepOptions = {},
): Promise<Swept> {
  const swept: Swept = { started: 0, extended: 0, ended: 0 };
  const LIMIT = 100; // a minute's work for one function; the rest is found a minute later
  const leases: string[] = [];
  const failures: Error[] = [];
  for (const ref of await platform.runs.listOpen({ leaseBefore, limit: LIMIT })) {
    try {
      const run = await platform.runs.get(ref);
      // The index that listed the run may lag behind its record.
      if (run === undefined || !isOpen(run) || run.leaseUntil > leaseBefore) continue;
      leases.push(run.leaseUntil);
      const did = await sweepRun(platform, run, keepOutput === undefined ? {} : { keepOutput });
      if (did !== undefined) swept[did] += 1;
    } catch (cause) {
      // One bad run must not keep the others waiting.
      failures.push(new Error(`Run ${ref.runId} could not be swept`, { cause }));
    }
  }
  const [oldestLease] = leases.toSorted();
  if (oldestLease !== undefined) onFound?.({ runs: leases.length, oldestLease });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} runs could not be swept`);
  return swept;
}

async function sweepRun(
  platform: RunPlatform,
  run: OpenRun,
  options: Pick<SettleOptions, 'keepOutput'>,
): Promise<keyof Swept | undefined> {
  const ref = refOf(run);
  // Of an agent's run nobody can tell but who waits for it: it is left alone until its time is over.
  const state: ExecutionState =
    run.kind === 'agent' ? { status: 'running' } : await platform.executor.describe(run);
  const now = platform.now();

  if (state.status === 'none') return restart(platform, run, now);
  if (state.status !== 'running') {
    const settled = await settleRun(platform, ref, state, { ...options, final: true });
    return settled !== undefined && isTerminal(settled.status) ? 'ended' : undefined;
  }
  const deadline = Date.parse(run.startedAt ?? run.createdAt) + RUN_LIMIT_SECONDS[run.kind] * 1000;
  if (now.getTime() >= deadline) {
    await settleRun(platform, ref, { status: 'timed_out' });
    await stop(platform, run, TIMED_OUT.message);
    return 'ended';
  }
  // The event that a process has begun may be the one that was lost.
  if (run.kind === 'process') await settleRun(platform, ref, state, options);
  await apply(platform, ref, (current) => extension(current, now), run);
  return 'extended';
}

const extension = (run: Run, now: Date): RunEvent | undefined =>
  isOpen(run) ? { type: 'extended', leaseUntil: inSeconds(now, EXTENSION_SECONDS) } : undefined;

/** Starts a run that has no execution: it never had one, or its executor died with it. */
async function restart(platform: RunPlatform, run: Run, now: Date): Promise<keyof Swept> {
  const ref = refOf(run);
  const at = now.toISOString();
  const neverStarted =
    run.status === 'queued' && now.getTime() - Date.parse(run.createdAt) > startLimitSeconds(run.kind) * 1000;
  if (neverStarted || run.attempt >= MAX_ATTEMPTS) {
    const failure = neverStarted ? NOT_STARTED : LOST;
    const failed = await apply(
      platform,
      ref,
      (current) => (isOpen(current) ? { type: 'failed', at, failure } : undefined),
      run,
    );
    await closeLog(platform, failed);
    return 'ended';
  }
  const queued = await apply(
    platform,
    ref,
    (current) => {
      if (current.status === 'running')
        return { type: 'requeued', leaseUntil: inSeconds(now, LEASE_SECONDS), failure: LOST };
      return extension(current, now);
    },
    run,
  );
  if (isOpen(queued)) await launch(platform, queued);
  return 'started';
}
