import { apply } from './apply.ts';
import { closeLog, closingLease } from './close-log.ts';
import { isTerminal, type RunEvent } from './lifecycle.ts';
import { appendLine, logLine } from './log.ts';
import type { ExecutionState, KeepOutput, RunPlatform } from './ports.ts';
import { type Failure, isOpen, type Run, type RunRef } from './run.ts';

/** How long the sweeper leaves a run alone after its execution was redriven, in seconds. */
const REDRIVEN_LEASE_SECONDS = 120;

export interface SettleOptions {
  /** Says that no worker can be left behind the execution. */
  final?: boolean;
  keepOutput?: KeepOutput;
  /** Whether the execution is the run's own; somebody may have started another one with the same input. */
  isOwn?: (run: Run) => boolean;
}

const asItIs: KeepOutput = async (_run, output) => ({ output: output ?? null });

/**
 * Brings a run up to what is known of its execution: closes one whose task could not, and completes its
 * log. A process run has no task of ours, so it also starts here, and goes on when its execution was
 * redriven. Repeating it, or being late, changes nothing.
 */
export async function settleRun(
  platform: Omit<RunPlatform, 'executor'>,
  ref: RunRef,
  state: ExecutionState,
  { final = false, keepOutput = asItIs, isOwn = () => true }: SettleOptions = {},
): Promise<Run | undefined> {
  const now = platform.now();
  const at = now.toISOString();
  const read = await platform.runs.get(ref);
  if (read === undefined || !isOwn(read)) return undefined;
  const known = read.kind === 'process' ? await reflectRedrive(platform, ref, state, read) : read;
  if (isOlder(state, known)) return known;
  // Only once for an end that is news; what another delivery put there is the same.
  const isEndOfProcess = state.status === 'succeeded' && known.kind === 'process' && isOpen(known);
  const result = isEndOfProcess ? await keepOutput(known, state.output) : {};
  const happened: { event?: RunEvent | undefined } = {};
  const run = await apply(
    platform,
    ref,
    (current) => {
      const event = isOpen(current)
        ? verdict(current, state, { at, final, result, claimId: platform.newId() })
        : undefined;
      happened.event = event;
      // What is final was not told of by an event, and none will come to have the log closed.
      return final && isEnd(event) ? { ...event, ...closingLease(current, event.type, now) } : event;
    },
    known,
  );
  if (happened.event?.type === 'claimed') {
    await appendLine(platform, run, logLine(platform, run, { event: 'run.start', message: 'Starting run' }));
  }
  if (isTerminal(run.status)) await closeLog(platform, run);
  return run;
}

type End = Extract<RunEvent, { type: 'succeeded' | 'failed' | 'cancelled' | 'timed_out' }>;
const ENDS: readonly string[] = ['succeeded', 'failed', 'cancelled', 'timed_out'] satisfies End['type'][];
const isEnd = (event: RunEvent | undefined): event is End => event !== undefined && ENDS.includes(event.type);

/** Whether this was said before the redrive that the run already reflects. */
const isOlder = (state: ExecutionState, run: Run): boolean =>
  state.status !== 'none' && (state.redrives ?? 0) < (run.redrives ?? 0);

/**
 * A redriven execution runs again under its name, and says by its count that it does. The run follows,
 * whether it hears of the redrive itself or of its end first.
 */
async function reflectRedrive(
  platform: Omit<RunPlatform, 'executor'>,
  ref: RunRef,
  state: ExecutionState,
  known: Run,
): Promise<Run> {
  const redrives = state.status === 'none' ? 0 : (state.redrives ?? 0);
  const now = platform.now();
  const leaseUntil = new Date(now.getTime() + REDRIVEN_LEASE_SECONDS * 1000).toISOString();
  const happened = { redriven: false };
  const run = await apply(
    platform,
    ref,
    (current) => {
      const applies = current.status !== 'queued' && current.status !== 'succeeded';
      happened.redriven = applies && redrives > (current.redrives ?? 0);
      if (!happened.redriven) return undefined;
      return { type: 'redriven', at: now.toISOString(), redrives, claimId: platform.newId(), leaseUntil };
    },
    known,
  );
  if (happened.redriven) {
    const line = logLine(platform, run, { event: 'run.redriven', message: 'The execution was redriven' });
    await appendLine(platform, run, line, { reopens: true });
  }
  return run;
}

interface Facts {
  at: string;
  final: boolean;
  result: Record<string, unknown>;
  claimId: string;
}

/** What the state of its execution means for an open run; undefined when nothing follows from it yet. */
function verdict(
  run: Run,
  state: ExecutionState,
  { at, final, result, claimId }: Facts,
): RunEvent | undefined {
  switch (state.status) {
    case 'none':
      return undefined;
    case 'running':
      return run.kind === 'process' && run.status === 'queued'
        ? { type: 'claimed', at, delivery: run.attempt, claimId }
        : undefined;
    case 'succeeded':
      if (run.kind === 'process') return { type: 'succeeded', at, result };
      // Our own tasks close their runs. One that did not may still be at work in another delivery.
      return final ? { type: 'failed', at, failure: LOST } : undefined;
    case 'aborted':
      return { type: 'cancelled', at, failure: aborted(run, state) };
    case 'timed_out':
      return { type: 'timed_out', at, failure: TIMED_OUT };
    case 'failed':
      // A state of ours that ran out of time is the run's time; a process may have limits for its parts.
      return state.error === 'States.Timeout' && run.kind !== 'process'
        ? { type: 'timed_out', at, failure: TIMED_OUT }
        : { type: 'failed', at, failure: executionFailure(run, state) };
  }
}

export const LOST: Failure = {
  code: 'internal_error',
  stage: null,
  message: 'The run was interrupted and could not be completed. Start it again.',
};
const ABORTED = 'The execution was stopped';
export const TIMED_OUT: Failure = { code: 'timed_out', stage: null, message: 'Run timed out' };

interface Why {
  error?: string | undefined;
  cause?: string | undefined;
}

const aborted = (run: Run, { cause }: Why): Failure => ({
  code: 'cancelled',
  stage: null,
  message: run.kind === 'process' && cause ? `${ABORTED}: ${cause}` : ABORTED,
});

/** A process says itself why it failed; an error of our own tasks is nobody else's business. */
function executionFailure(run: Run, { error, cause }: Why): Failure {
  if (run.kind !== 'process') return LOST;
  const message =
    sentenceOf(cause) ?? (error === 'States.Timeout' ? 'A state of the process timed out' : undefined);
  return {
    code: error || 'failed',
    stage: null,
    message: message ?? 'The process failed',
  };
}

/** A function's error comes as JSON, of which its message is the part for people. */
function sentenceOf(cause: string | undefined): string | undefined {
  if (!cause) return undefined;
  try {
    const parsed: unknown = JSON.parse(cause);
    const isError = typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed;
    return isError && typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch (error) {
    if (error instanceof SyntaxError) return cause;
    throw error;
  }
}
