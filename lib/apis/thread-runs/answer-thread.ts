import { watchClaim } from '../../runs/claim.ts';
import { RunsError } from '../../runs/errors.ts';
import type { RunningRun, RunRef } from '../../runs/run.ts';
import { claimRun, finishRun, type Outcome } from '../../runs/service.ts';
import { lookFailed } from '../log/look-failed.ts';
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
  const watch = watchClaim(platform, run, lookFailed(platform, run));
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
