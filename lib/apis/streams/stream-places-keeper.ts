import type { CaretakingPlatform } from '../platform.ts';
import { isFresh, type ReadAt, readAt } from '../records/read-at.ts';

/**
 * The share of the account's concurrent function executions that open event streams may hold. A stream holds
 * a function for as long as it is open and mostly waits; the other half is for requests, and for the steps
 * that finish what requests have started.
 */
export const STREAM_SHARE = 0.5;

/** What the smallest account may run at once: new ones begin with ten executions. */
const LEAST_CONCURRENCY = 10;

/** Event streams that may be open at once in an account of so many concurrent executions. */
export const streamPlaces = (concurrency: number): number =>
  Math.floor(Math.max(concurrency, LEAST_CONCURRENCY) * STREAM_SHARE);

/** Streams that may always be open: what there is before the account was asked. */
export const LEAST_PLACES = streamPlaces(LEAST_CONCURRENCY);

/** How long the number of places is left alone, in milliseconds: an account's limit changes by a request to AWS. */
const LOOK_MS = 3_600_000;

/**
 * Keeps the number of places at its share of the account; to be called as often as one likes. What cannot be
 * read or written stays as it is: streams have the places that they had.
 */
export function streamPlacesKeeper(
  platform: () => Pick<CaretakingPlatform, 'account' | 'streams' | 'now' | 'logger'>,
): () => Promise<void> {
  let looked: ReadAt | undefined;
  return async () => {
    const { account, streams, now, logger } = platform();
    if (looked !== undefined && isFresh(looked, now(), LOOK_MS)) return;
    looked = readAt(now());
    try {
      const concurrency = await account.concurrency();
      const count = streamPlaces(concurrency);
      if ((await streams.count()) === count) return;
      await streams.setCount(count);
      logger.info('places of streams changed', { count, concurrency });
    } catch (error) {
      logger.warn('The number of places for streams could not be looked after, and stays as it is', {
        error,
      });
    }
  };
}
