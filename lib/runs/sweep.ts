import { apply } from './apply.ts';
import { closeLog, closingLease } from './close-log.ts';
import { isRunsError } from './errors.ts';
import { inTurns } from './fair-order.ts';
import { aliveLease, deadlineOf, failedLease, overdueSince, unstartedLease } from './leases.ts';
import { isTerminal, type RunEvent } from './lifecycle.ts';
import type { ExecutionState, KeepOutput, RunPlatform } from './ports.ts';
import { type Failure, isOpen, type OpenRun, type Run, type RunKind, type RunRef, refOf } from './run.ts';
import { inSeconds, LEASE_SECONDS, launch, MAX_ATTEMPTS, RUN_LIMIT_SECONDS, stop } from './service.ts';
import { LOST, type SettleOptions, settleRun, TIMED_OUT } from './settle.ts';
import { steadyClock } from './steady-clock.ts';

/** A run that could not be started for an hour will not be: Step Functions throttles for seconds. */
const START_LIMIT_SECONDS = 3600;

/** Nor is one started whose time would be over by then: a thread would be kept from its next run for nothing. */
const startLimitSeconds = (kind: RunKind): number => Math.min(START_LIMIT_SECONDS, RUN_LIMIT_SECONDS[kind]);

const NOT_STARTED: Failure = {
  code: 'internal_error',
  stage: null,
  message: 'The run could not be started in time. Start it again.',
};

/** A sweep every minute, and ten seconds for what is under way then: two sweeps rarely do the same. */
export const SWEEP_MS = 50_000;

/**
 * Due runs that one sweep hears of. All of them have to be known for workspaces to take turns; so many names
 * are some 15 MB to read, take a few seconds and fit the sweeper's memory.
 */
export const MOST_DUE = 100_000;

/** Runs looked at at once: a look is three calls of some 10 ms each, so these are 500 a second. */
const AT_ONCE = 16;

/** How long everything waits when a service refuses for now: its bucket is filled by the second. */
const BREATH_MS = 1000;

export interface SweepOptions {
  /** Runs whose lease ended by then; now, unless it says otherwise. */
  leaseBefore?: string;
  keepOutput?: KeepOutput;
  /** How long it may go on, in milliseconds; what it has not got to by then is left to the next. */
  withinMs?: number;
  /** Ids of runs that are known to have nobody at work: see `abandonedRuns`. */
  abandoned?: ReadonlySet<string>;
  /** Told of the runs that were found, if there were any, also when they could not be swept. */
  onFound?: (found: PastLease) => void;
}

/** Open runs past their lease. The older the oldest one, the longer nobody has got to it. */
export interface PastLease {
  runs: number;
  oldestLease: string;
}

/** How many runs a sweep has done what with; `left` are those that it had no time for. */
export interface Swept {
  started: number;
  extended: number;
  ended: number;
  /** Could not be looked at, or not be started, for now. */
  postponed: number;
  left: number;
}
type Did = Exclude<keyof Swept, 'left'>;

/**
 * Looks at every open run past its lease: starts what never started, ends what has ended, leaves alone
 * what is alive. Safe to run any number of times at once.
 * @throws AggregateError when all is done, with what was wrong with the runs that could not be looked at.
 */
export async function sweepRuns(platform: RunPlatform, options: SweepOptions = {}): Promise<Swept> {
  const { keepOutput, onFound, withinMs = SWEEP_MS, abandoned = new Set() } = options;
  const { leaseBefore = platform.now().toISOString() } = options;
  const passed = steadyClock(() => platform.now());
  const swept: Swept = { started: 0, extended: 0, ended: 0, postponed: 0, left: 0 };
  const overdue: string[] = [];
  const failures: Error[] = [];
  let breath: Promise<void> | undefined;

  const sweepOne = async (ref: RunRef): Promise<void> => {
    try {
      const run = await platform.runs.get(ref);
      // The index that listed the run may lag behind its record.
      if (run?.leaseUntil === undefined || run.leaseUntil > leaseBefore) return;
      if (!isOpen(run)) return await closeLog(platform, run); // whoever ended it came no further
      overdue.push(overdueSince(run, platform.now()));
      const looking = abandoned.has(run.id)
        ? end(platform, run, { status: 'failed' })
        : sweepRun(platform, run, keepOutput === undefined ? {} : { keepOutput });
      const did = await looking.catch((error: unknown) => postpone(platform, run, error));
      if (did !== undefined) swept[did] += 1;
      if (did === 'postponed') breath ??= sleep(BREATH_MS).then(() => (breath = undefined));
    } catch (cause) {
      // One bad run must not keep the others waiting.
      failures.push(new Error(`Run ${ref.runId} could not be swept`, { cause }));
    }
  };

  const due = inTurns(await platform.runs.listOpen({ leaseBefore, limit: MOST_DUE })).values();
  const sweepOn = async (): Promise<void> => {
    for (const ref of due) {
      await breath;
      if (passed() < withinMs) await sweepOne(ref);
      else swept.left += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sweepOn));

  const [oldestLease] = overdue.toSorted();
  if (oldestLease !== undefined) onFound?.({ runs: overdue.length + swept.left, oldestLease });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} runs could not be swept`);
  return swept;
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Gives a run that could not be looked at a later lease, or it would be among the oldest for ever.
 * @throws what was wrong, unless it passes by itself.
 */
async function postpone(platform: RunPlatform, run: OpenRun, error: unknown): Promise<'postponed'> {
  const now = platform.now();
  await apply(platform, refOf(run), (current) => (isOpen(current) ? failedLease(current, now) : undefined));
  if (!isRunsError(error, 'executor_busy')) throw error;
  return 'postponed';
}

async function sweepRun(
  platform: RunPlatform,
  run: OpenRun,
  options: Pick<SettleOptions, 'keepOutput'>,
): Promise<Did | undefined> {
  const ref = refOf(run);
  const state = await stateOf(platform, run);
  const now = platform.now();

  if (state === undefined) return reach(platform, run, now);
  if (state.status === 'none') return restart(platform, run, now);
  if (state.status !== 'running') return end(platform, run, state, options);
  if (now.getTime() >= deadlineOf(run)) {
    await settleRun(platform, ref, { status: 'timed_out' });
    await stop(platform, run, TIMED_OUT.message);
    return 'ended';
  }
  // The event that a process has begun, or goes on after a redrive, may be the one that was lost.
  const isNews = run.status === 'queued' || (state.redrives ?? 0) > (run.redrives ?? 0);
  if (run.kind === 'process' && isNews) await settleRun(platform, ref, state, options);
  await apply(platform, ref, (current) => (isOpen(current) ? aliveLease(current, now) : undefined), run);
  return 'extended';
}

/** Brings a run up to the end of its execution, of which nothing more will be heard. */
async function end(
  platform: RunPlatform,
  run: OpenRun,
  state: ExecutionState,
  options: Pick<SettleOptions, 'keepOutput'> = {},
): Promise<Did | undefined> {
  const settled = await settleRun(platform, refOf(run), state, { ...options, final: true });
  return settled !== undefined && isTerminal(settled.status) ? 'ended' : undefined;
}

/** How the execution of a run stands; undefined when this platform may not see whether there is one. */
async function stateOf(platform: RunPlatform, run: OpenRun): Promise<ExecutionState | undefined> {
  // Only who waits for an agent's run can tell how it stands: it is left alone until its time is over.
  if (run.kind === 'agent') return { status: 'running' };
  try {
    return await platform.executor.describe(run);
  } catch (error) {
    if (isRunsError(error, 'executor_refused')) return undefined;
    throw error;
  }
}

/**
 * What may not be looked at is either not there yet, and then it can be started, or its owner took its machine
 * away, and then the start is refused and ends the run. Starting what is there already changes nothing.
 */
async function reach(platform: RunPlatform, run: OpenRun, now: Date): Promise<Did> {
  const lease = run.status === 'queued' ? unstartedLease : failedLease;
  const did = await tryStart(platform, run, now, (current) => lease(current, now));
  return did === 'started' && run.status === 'running' ? 'extended' : did;
}

/** Starts a run that has no execution: it never had one, or its executor died with it. */
async function restart(platform: RunPlatform, run: OpenRun, now: Date): Promise<Did> {
  if (run.attempt >= MAX_ATTEMPTS) return fail(platform, run, LOST, now);
  return tryStart(platform, run, now, (current) =>
    current.status === 'running'
      ? { type: 'requeued', leaseUntil: inSeconds(now, LEASE_SECONDS), failure: LOST }
      : unstartedLease(current, now),
  );
}

/** `lease` is what is written before the start, lest a crash in between be the last that is heard of the run. */
async function tryStart(
  platform: RunPlatform,
  run: OpenRun,
  now: Date,
  lease: (current: OpenRun) => RunEvent,
): Promise<Did> {
  const leased = await apply(
    platform,
    refOf(run),
    (current) => (isOpen(current) ? lease(current) : undefined),
    run,
  );
  if (!isOpen(leased)) return 'ended';
  const launched = await launch(platform, leased);
  if (launched !== 'busy') return launched === 'refused' ? 'ended' : 'started';
  const isTooLate =
    run.status === 'queued' && now.getTime() - Date.parse(run.createdAt) > startLimitSeconds(run.kind) * 1000;
  return isTooLate ? fail(platform, leased, NOT_STARTED, now) : 'postponed';
}

async function fail(platform: RunPlatform, run: Run, failure: Failure, now: Date): Promise<'ended'> {
  const failed = await apply(
    platform,
    refOf(run),
    (current) =>
      isOpen(current)
        ? { type: 'failed', at: now.toISOString(), failure, ...closingLease(current, 'failed', now) }
        : undefined,
    run,
  );
  await closeLog(platform, failed);
  return 'ended';
}
