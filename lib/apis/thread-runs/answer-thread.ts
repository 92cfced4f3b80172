import { RunsError } from '../../runs/errors.ts';
import type { RunningRun, RunRef } from '../../runs/run.ts';
import { claimRun, finishRun, holdsClaim, type Outcome } from '../../runs/service.ts';
import { type AnswerPlatform, answerAs } from './answer-as.ts';
import { ProviderBusy, TransientFault } from './faults.ts';

export type Answered = { status: 'succeeded' | 'failed' | 'ignored' };

/** Somebody else has the run, or it is over, or it never was. */
const IGNORED = new Set<RunsError['code']>(['invalid_transition', 'run_not_found']);

const isIgnored = (error: unknown): boolean => error instanceof RunsError && IGNORED.has(error.code);

/**
 * The work of one thread run, from claim to end. The answer goes into the thread with the one write that
 * ends the run, so that it is there once, however often the work was delivered.
 * @throws ProviderBusy or TransientFault when another try may succeed.
 */
export async function answerThread(
  platform: AnswerPlatform,
  ref: RunRef,
  delivery: number,
): Promise<Answered> {
  try {
    return await work(platform, await claimRun(platform, ref, delivery));
  } catch (error) {
    if (isIgnored(error)) return { status: 'ignored' };
    if (error instanceof ProviderBusy) throw error;
    throw new TransientFault(`Run ${ref.runId} was interrupted`, { cause: error });
  }
}

async function work(platform: AnswerPlatform, run: RunningRun): Promise<Answered> {
  const watch = watchClaim(platform, run);
  try {
    const { outcome, discard } = await answerAs(platform, run, watch.signal);
    try {
      await finishRun(platform, run, outcome);
    } catch (error) {
      if (isIgnored(error)) await discard();
      throw error;
    }
    return { status: outcome.type satisfies Outcome['type'] };
  } finally {
    watch.stop();
  }
}

/** How soon a model stops answering that nobody waits for any more, in milliseconds. */
const WATCH_MS = 2000;

/** Aborts when the run is no longer this worker's: it was cancelled, or its time is over. */
function watchClaim(platform: AnswerPlatform, run: RunningRun): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const timer = setInterval(async () => {
    try {
      if (!(await holdsClaim(platform, run))) lost.abort();
    } catch (error) {
      // The next look may succeed; the write that ends the run decides anyway.
      platform.logger.warn('claim could not be looked at', { runId: run.id, error });
    }
  }, WATCH_MS);
  timer.unref();
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
