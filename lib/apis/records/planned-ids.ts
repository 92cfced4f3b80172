import { momentOf } from '../../runs/ids.ts';
import { isPlaceholder, takePlace } from '../../runs/placeholder.ts';
import type { RunPlatform } from '../../runs/ports.ts';
import type { Run, RunRef } from '../../runs/run.ts';

/**
 * How old an id may be when something is made under it, in milliseconds: lists are in the order of the ids, and
 * what is made now is to be found where they begin. Longer than a request takes.
 */
export const FRESH_MS = 60_000;

/**
 * Ids that are planned one after the other for the same request, at most: all of them are looked at when it is
 * asked again. Under the last one something may be made late; nobody comes that far who waits between his tries.
 */
const MOST_PLANS = 20;

/** Whether another id should be planned, after these, for what is made at this moment. */
export function isStale(planned: readonly string[], now: Date): boolean {
  const made = planned.length < MOST_PLANS ? momentOf(planned.at(-1) ?? '') : undefined;
  return made !== undefined && now.getTime() - made.getTime() > FRESH_MS;
}

/**
 * The run that was made under one of the ids that were planned for it before. Where there is none, their places
 * are taken: whoever planned them may only be slow, and is not to make another run beside the one to be made now.
 */
export async function runMadeBefore(
  platform: Pick<RunPlatform, 'runs' | 'now'>,
  of: Omit<RunRef, 'runId'>,
  earlier: readonly string[],
): Promise<Run | undefined> {
  for (const runId of earlier) {
    const standing = await takePlace(platform, { ...of, runId });
    if (!isPlaceholder(standing)) return standing;
  }
  return undefined;
}
