import type { FollowPlatform } from './follow.ts';
import type { RunRef } from './run.ts';

/**
 * How long followers of one run share what one of them has read, in milliseconds. Shorter than their
 * liveliest interval, so nobody sees a line later than if they had read themselves.
 */
const SHARED_MS = 200;

const shared = new WeakMap<object, FollowPlatform>();

/** The same reads, made at most once per run and offset in each interval however many followers ask. */
export function sharedReads(platform: FollowPlatform): FollowPlatform {
  const known = shared.get(platform.log);
  if (known !== undefined) return known;
  const nameOf = ({ workspaceId, kind, runId }: RunRef): string => `${workspaceId}/${kind}/${runId}`;
  const get = shareFor(SHARED_MS, (ref: RunRef) => platform.runs.get(ref), nameOf);
  const read = shareFor(
    SHARED_MS,
    (ref: RunRef, offset: number) => platform.log.read(ref, offset),
    (ref, offset) => `${nameOf(ref)}@${offset}`,
  );
  const reads = { runs: { get }, log: { read }, now: () => platform.now() };
  shared.set(platform.log, reads);
  return reads;
}

function shareFor<Args extends unknown[], Result>(
  milliseconds: number,
  act: (...args: Args) => Promise<Result>,
  nameOf: (...args: Args) => string,
): (...args: Args) => Promise<Result> {
  const underway = new Map<string, Promise<Result>>();
  return (...args) => {
    const name = nameOf(...args);
    const known = underway.get(name);
    if (known !== undefined) return known;
    const result = act(...args);
    underway.set(name, result);
    const forget = (): void => void underway.delete(name);
    // A fault is nobody else's: the next who asks tries again.
    result.then(() => setTimeout(forget, milliseconds).unref(), forget);
    return result;
  };
}
