import { apply } from './apply.ts';
import { isTerminal, type RunEvent } from './lifecycle.ts';
import type { ExecutionState, KeepOutput, RunPlatform } from './ports.ts';
import { type Failure, isOpen, type OpenRun, type Run, type RunKind, refOf } from './run.ts';
import { inSeconds, LEASE_SECONDS, launch, MAX_ATTEMPTS, RUN_LIMIT_SECONDS, stop } from './service.ts';
import { closeLog, LOST, type SettleOptions, settleRun, TIMED_OUT } from './settle.ts';

/** How long the sweeper leaves a run alone once it has found it alive, in seconds. */
const EXTENSION_SECONDS = 300;

/** A run that could not be started for an hour will not be: Step Functions throttles for seconds. */
const START_LIMIT_SECONDS = 3600;

/** Nor is one started whose time would be over by then: a thread would be kept from its next run for nothing. */
const startLimitSeconds = (kind: RunKind): number => Math.min(START_LIMIT_SECONDS, RUN_LIMIT_SECONDS[kind]);

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
  // Only who waits for an agent's run can tell how it stands: it is left alone until its time is over.
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
