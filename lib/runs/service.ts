import { apply, getRun } from './apply.ts';
import { holds, isOf } from './claim.ts';
import { closeLog, closingLease } from './close-log.ts';
import { isRunsError, RunsError } from './errors.ts';
import type { RunEvent } from './lifecycle.ts';
import { appendLine, closingLine, type LogLine, logLine } from './log.ts';
import { isPlaceholder } from './placeholder.ts';
import type { RunPlatform } from './ports.ts';
import type { Retention } from './retention.ts';
import { type Failure, isOpen, Run, type RunKind, type RunningRun, type RunRef, refOf } from './run.ts';

/**
 * How long a run may be open before the sweeper looks at it, in seconds. Two minutes let nearly every
 * run end without a single lease write, and an interrupted one is found within three.
 */
export const LEASE_SECONDS = 120;

/**
 * How long a run waits whose start was refused for now, in seconds: nothing has begun that could end by itself,
 * so the sweeper has tried again within two minutes.
 */
const BUSY_LEASE_SECONDS = 60;

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

/** The instant so many seconds after another. */
export const inSeconds = (from: Date, seconds: number): string =>
  new Date(from.getTime() + seconds * 1000).toISOString();

/**
 * Records a run and starts its machine. The record is the one decisive write: once it stands, the run
 * happens, by the start below or by the sweeper.
 * @throws RunsError `run_exists` when the given id is taken.
 */
export async function startRun(platform: RunPlatform, spec: StartRun): Promise<Run> {
  const run = await recordRun(platform, spec);
  if ((await launch(platform, run)) !== 'busy') return run;
  const leaseUntil = inSeconds(platform.now(), BUSY_LEASE_SECONDS);
  return apply(
    platform,
    refOf(run),
    (current) => (current.status === 'queued' ? { type: 'extended', leaseUntil } : undefined),
    run,
  );
}

/**
 * Starts a run under an id that follows from what was asked for, or finds it there: asked again, it is the same
 * run. @throws RunsError `run_exists` when the place was taken from who was slow to make it: see `takePlace`.
 */
export async function startRunOnce(platform: RunPlatform, spec: StartRun & { id: string }): Promise<Run> {
  try {
    return await startRun(platform, spec);
  } catch (error) {
    if (!isRunsError(error, 'run_exists')) throw error;
    const ref = { workspaceId: spec.workspaceId, kind: spec.kind, runId: spec.id };
    const standing = await getRun(platform, ref);
    if (isPlaceholder(standing)) throw error;
    return standing;
  }
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
    createdAt: now.toISOString(),
    leaseUntil: inSeconds(now, LEASE_SECONDS),
    ...(spec.retention === undefined ? {} : { retention: spec.retention }),
  });
  await platform.runs.insert(run);
  return run;
}

/** Starts the machine. `busy`, a refusal for now, is left to the sweeper; `refused` has ended the run. */
export async function launch(platform: RunPlatform, run: Run): Promise<'started' | 'busy' | 'refused'> {
  try {
    await platform.executor.start(run);
    return 'started';
  } catch (error) {
    if (isRunsError(error, 'executor_busy')) return 'busy';
    if (!isRunsError(error, 'executor_refused')) throw error;
    await refuse(platform, run, error.details.reason);
    return 'refused';
  }
}

/** Ends a run that can never be started, or no longer be followed, and says why. */
async function refuse(platform: RunPlatform, run: Run, reason: string): Promise<void> {
  const failure: Failure =
    run.startedAt === undefined
      ? { code: 'not_started', stage: null, message: reason }
      : { code: 'out_of_reach', stage: null, message: `The run can no longer be followed. ${reason}` };
  const now = platform.now();
  const at = now.toISOString();
  const failed = await apply(
    platform,
    refOf(run),
    (current) =>
      isOpen(current) ? { type: 'failed', at, failure, ...closingLease(current, 'failed', now) } : undefined,
    run,
  );
  await appendLine(platform, failed, closingLine(platform, failed)); // also where nothing has begun
  await closeLog(platform, failed);
}

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
  return (await apply(platform, ref, (run) => (holds(run, claim) ? undefined : claim))) as RunningRun;
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
 * Ends a run for the worker that claimed it. A write that was applied although its answer was lost is known again,
 * whatever was added to the ended run meanwhile.
 * @throws RunsError `invalid_transition` when the claim was lost meanwhile (cancelled, timed out, taken
 *   over): nothing changed, and what the worker produced must not be used.
 */
export async function finishRun(
  platform: WorkerPlatform,
  claimed: RunningRun,
  outcome: Outcome | Abandoned,
): Promise<Run> {
  const event: RunEvent = { ...outcome, at: platform.now().toISOString(), by: 'worker' };
  return apply(
    platform,
    refOf(claimed),
    (run) => {
      if (isOf(run, claimed) && 'endedBy' in run) return undefined;
      if (!holds(run, claimed)) throw new RunsError('invalid_transition', { run, event: event.type });
      return event;
    },
    claimed,
  );
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
  const { unstopped } = await stop(platform, run, CANCELLED.message);
  if (unstopped !== undefined) await appendLine(platform, run, unstoppedLine(platform, run, unstopped));
  if (run.kind === 'process') await appendLine(platform, run, closingLine(platform, run));
  else if (wasRunning) await sealLog(platform, run);
  return run;
}

/**
 * The run is closed already. An execution of ours that cannot be stopped now works for nobody and ends by itself;
 * one of a process goes on with somebody's business, so whoever cancels it is told to ask again. `unstopped` says
 * why one never can be: its owner has taken its machine out of our reach, and asking again would not help.
 */
export async function stop(
  platform: RunPlatform,
  run: Run,
  reason: string,
): Promise<{ unstopped?: string | undefined }> {
  if (run.kind === 'agent') return {}; // whoever works on it sees that it lost its claim
  try {
    await platform.executor.stop(run, reason);
  } catch (error) {
    if (isRunsError(error, 'executor_refused')) return { unstopped: error.details.reason };
    if (!isRunsError(error, 'executor_busy') || run.kind === 'process') throw error;
  }
  return {};
}

const unstoppedLine = (platform: RunPlatform, run: Run, why: string): LogLine =>
  logLine(platform, run, {
    event: 'run.not_stopped',
    level: 'warning',
    message: `The run is cancelled, but its execution could not be stopped and may go on. ${why}`,
  });

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
