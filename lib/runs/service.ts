import { isRunsError, RunsError } from './errors.ts';
import { appendLine, closingLine, logLine } from './events.ts';
import { isTerminal, type RunEvent, transition } from './lifecycle.ts';
import type { ExecutionState, ListRuns, RunPage, RunPlatform } from './ports.ts';
import type { Retention } from './retention.ts';
import { type Failure, isOpen, Run, type RunKind, type RunningRun, type RunRef, refOf } from './run.ts';

/**
 * How long a run may be open before the sweeper looks at it, in seconds. Two minutes let nearly every
 * run end without a single lease write, and an interrupted one is found within three.
 */
export const LEASE_SECONDS = 120;

/** How long the sweeper leaves a run alone that it found alive, in seconds. */
const EXTENSION_SECONDS = 300;

/** A run that could not be started for an hour will not be: Step Functions throttles for seconds. */
const START_LIMIT_SECONDS = 3600;

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
  const now = platform.now();
  const run = Run.parse({
    id: spec.id ?? platform.newId(),
    kind: spec.kind,
    workspaceId: spec.workspaceId,
    parentId: spec.parentId,
    input: spec.input,
    status: 'queued',
    version: 1,
    attempt: 0,
    createdAt: now.toISOString(),
    leaseUntil: inSeconds(now, LEASE_SECONDS),
    ...(spec.retention === undefined ? {} : { retention: spec.retention }),
  });
  await platform.runs.insert(run);
  await launch(platform, run);
  return run;
}

/** Starts the machine; a refusal for now is left to the sweeper. True when the machine accepted. */
async function launch(platform: RunPlatform, run: Run): Promise<boolean> {
  try {
    await platform.executor.start(run);
    return true;
  } catch (error) {
    if (isRunsError(error, 'executor_busy')) return false;
    throw error;
  }
}

/** @throws RunsError `run_not_found`. */
export async function getRun(platform: Pick<RunPlatform, 'runs'>, ref: RunRef): Promise<Run> {
  const run = await platform.runs.get(ref);
  if (run === undefined) throw new RunsError('run_not_found', { ref });
  return run;
}

/** Newest first. */
export const listRuns = (platform: Pick<RunPlatform, 'runs'>, query: ListRuns): Promise<RunPage> =>
  platform.runs.list(query);

/**
 * Makes the caller the run's worker. `delivery` counts the machine's tries of this task, from 0.
 * @throws RunsError `invalid_transition` when the run is terminal or this delivery was already claimed.
 */
export async function claimRun(platform: WorkerPlatform, ref: RunRef, delivery: number): Promise<RunningRun> {
  const claim: RunEvent = {
    type: 'claimed',
    at: platform.now().toISOString(),
    delivery,
    claimId: platform.newId(),
  };
  return (await apply(platform, ref, () => claim)) as RunningRun;
}

export type Outcome =
  | { type: 'succeeded'; result: Record<string, unknown> }
  | { type: 'failed'; failure: Failure };

/**
 * Ends a run for the worker that claimed it.
 * @throws RunsError `invalid_transition` when the claim was lost meanwhile (cancelled, timed out, taken
 *   over): nothing changed, and what the worker produced must not be used.
 */
export async function finishRun(
  platform: WorkerPlatform,
  claimed: RunningRun,
  outcome: Outcome,
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
 * Cancels an open run and stops its execution. Cancelling a cancelled run changes nothing.
 * @throws RunsError `run_not_found`, or `invalid_transition` when it ended otherwise.
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
  if (wasRunning) await sealLog(platform, run);
  return run;
}

/** The run is closed already; an execution that cannot be stopped now works for nobody and ends by itself. */
async function stop(platform: RunPlatform, run: Run, reason: string): Promise<void> {
  try {
    await platform.executor.stop(run, reason);
  } catch (error) {
    if (!isRunsError(error, 'executor_busy')) throw error;
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
 * Adds members to the result of a terminal run, such as an output that was uploaded by hand.
 * @throws RunsError `invalid_transition` while the run is open.
 */
export const amendRun = (
  platform: Pick<RunPlatform, 'runs'>,
  ref: RunRef,
  result: Record<string, unknown>,
): Promise<Run> => apply(platform, ref, () => ({ type: 'amended', result }));

/**
 * Reads, decides, writes; again if the record changed in between. `decide` may answer undefined to leave
 * the run as it is. `known` saves the first read.
 */
async function apply(
  platform: Pick<RunPlatform, 'runs'>,
  ref: RunRef,
  decide: (run: Run) => RunEvent | undefined,
  known?: Run,
): Promise<Run> {
  const TRIES = 10; // every lost try is somebody else's success, and a run has few writers
  for (let tries = 1; ; tries += 1) {
    const run = tries === 1 && known !== undefined ? known : await getRun(platform, ref);
    const event = decide(run);
    if (event === undefined) return run;
    const next = transition(run, event);
    try {
      await platform.runs.commit(next, run.version);
      return next;
    } catch (error) {
      if (!isRunsError(error, 'stale_run') || tries === TRIES) throw error;
    }
  }
}

/**
 * Closes a run whose execution has ended, if its task could not, and completes its log. Repeating it,
 * or being late, changes nothing. `final` says that no worker can be left behind the execution.
 */
export async function settleRun(
  platform: WorkerPlatform,
  ref: RunRef,
  state: ExecutionState,
  { final = false }: { final?: boolean } = {},
): Promise<Run | undefined> {
  const at = platform.now().toISOString();
  const known = await platform.runs.get(ref);
  if (known === undefined) return undefined;
  const run = await apply(
    platform,
    ref,
    (current) => (isOpen(current) ? verdict(current, state, at, final) : undefined),
    known,
  );
  if (isTerminal(run.status) && run.status !== 'cancelled' && run.startedAt !== undefined) {
    await appendLine(platform, run, closingLine(platform, run));
  }
  return run;
}

/** What the end of an execution means for a run that is still open; undefined when it means nothing yet. */
function verdict(run: Run, state: ExecutionState, at: string, final: boolean): RunEvent | undefined {
  switch (state.status) {
    case 'none':
    case 'running':
      return undefined;
    case 'succeeded':
      if (run.kind === 'process') return { type: 'succeeded', at, result: { output: state.output ?? null } };
      // Our own tasks close their runs. One that did not may still be at work in another delivery.
      return final ? { type: 'failed', at, failure: LOST } : undefined;
    case 'aborted':
      return { type: 'cancelled', at, failure: ABORTED };
    case 'timed_out':
      return { type: 'timed_out', at, failure: TIMED_OUT };
    case 'failed':
      return state.error === 'States.Timeout'
        ? { type: 'timed_out', at, failure: TIMED_OUT }
        : { type: 'failed', at, failure: executionFailure(run, state) };
  }
}

const LOST: Failure = {
  code: 'internal_error',
  stage: null,
  message: 'The run was interrupted and could not be completed. Start it again.',
};
const ABORTED: Failure = { code: 'cancelled', stage: null, message: 'The execution was stopped' };
const TIMED_OUT: Failure = { code: 'timed_out', stage: null, message: 'Run timed out' };
const NOT_STARTED: Failure = {
  code: 'internal_error',
  stage: null,
  message: 'The run could not be started for an hour. Start it again.',
};

/** A process says itself why it failed; an error of our own tasks is nobody else's business. */
function executionFailure(
  run: Run,
  state: { error?: string | undefined; cause?: string | undefined },
): Failure {
  if (run.kind !== 'process') return LOST;
  return { code: state.error ?? 'failed', stage: null, message: state.cause ?? 'The process failed' };
}

export interface Swept {
  started: number;
  extended: number;
  ended: number;
}

/**
 * Looks at every open run past its lease: starts what never started, ends what has ended, leaves alone
 * what is alive. Safe to run any number of times at once. `leaseBefore` defaults to now.
 */
export async function sweepRuns(
  platform: RunPlatform,
  leaseBefore = platform.now().toISOString(),
): Promise<Swept> {
  const swept: Swept = { started: 0, extended: 0, ended: 0 };
  const LIMIT = 100; // a minute's work for one function; the rest is found a minute later
  const failures: unknown[] = [];
  for (const ref of await platform.runs.listOpen({ leaseBefore, limit: LIMIT })) {
    try {
      const did = await sweepRun(platform, ref, leaseBefore);
      if (did !== undefined) swept[did] += 1;
    } catch (error) {
      failures.push(error); // one bad run must not keep the others waiting
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} runs could not be swept`);
  return swept;
}

async function sweepRun(
  platform: RunPlatform,
  ref: RunRef,
  leaseBefore: string,
): Promise<keyof Swept | undefined> {
  const run = await platform.runs.get(ref);
  // The index that listed the run may lag behind its record.
  if (run === undefined || !isOpen(run) || run.leaseUntil > leaseBefore) return undefined;
  const state = await platform.executor.describe(run);
  const now = platform.now();

  if (state.status === 'none') return restart(platform, run, now);
  if (state.status !== 'running') {
    const settled = await settleRun(platform, ref, state, { final: true });
    return settled !== undefined && isTerminal(settled.status) ? 'ended' : undefined;
  }
  const deadline = Date.parse(run.startedAt ?? run.createdAt) + RUN_LIMIT_SECONDS[run.kind] * 1000;
  if (now.getTime() >= deadline) {
    await settleRun(platform, ref, { status: 'timed_out' });
    await stop(platform, run, TIMED_OUT.message);
    return 'ended';
  }
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
    run.status === 'queued' && now.getTime() - Date.parse(run.createdAt) > START_LIMIT_SECONDS * 1000;
  if (neverStarted || run.attempt >= MAX_ATTEMPTS) {
    const failure = neverStarted ? NOT_STARTED : LOST;
    const failed = await apply(
      platform,
      ref,
      (current) => (isOpen(current) ? { type: 'failed', at, failure } : undefined),
      run,
    );
    if (failed.startedAt !== undefined) await appendLine(platform, failed, closingLine(platform, failed));
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
