import type { RunPlatform } from './ports.ts';
import { type Run, type RunningRun, refOf } from './run.ts';

/** A claim on a run: whoever made it is the run's worker for as long as it stands in the record. */
export type Claim = Pick<RunningRun, 'claimId'>;

/** Whether the run, as it was read, is still worked on under this claim. */
export const holds = (run: Run | undefined, { claimId }: Claim): run is RunningRun =>
  run?.status === 'running' && run.claimId === claimId;

/** Whether the run, as it was read, is still worked on under this claim, or ended under it, however it did. */
export const isOf = (run: Run, { claimId }: Claim): boolean => 'claimId' in run && run.claimId === claimId;

/** True while the claim is still the run's. */
export const holdsClaim = async (
  platform: Pick<RunPlatform, 'runs'>,
  claimed: RunningRun,
): Promise<boolean> => holds(await platform.runs.get(refOf(claimed)), claimed);

/**
 * How often a worker that calls models looks whether its run is still its own, in milliseconds: a model costs
 * by the word, and nobody waits for this one any more.
 */
const WATCH_MS = 2000;

/**
 * Aborts its signal when the run is no longer the worker's: it was cancelled, its time is over, or its caller has
 * gone. A look that fails is told to `onFault`; the next may succeed, and the write that ends the run decides
 * anyway. It keeps no process alive.
 */
export function watchClaim(
  platform: Pick<RunPlatform, 'runs'>,
  claimed: RunningRun,
  onFault: (error: unknown) => void,
): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const look = async (): Promise<void> => {
    if (!(await holdsClaim(platform, claimed))) lost.abort();
  };
  const timer = setInterval(() => void look().catch(onFault), WATCH_MS).unref();
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
