import type { Run } from '../../../runs/run.ts';
import { Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import type { StreamPlace } from '../../streams/ports.ts';
import { runPath } from '../view.ts';

/**
 * How long a place is held by a stream that nobody closes, in seconds. No function lives longer, so that a
 * place which is free by then is not held by a stream that is open.
 */
const HELD_SECONDS = 900;

/** When a refused client may come again, in seconds: not all at the same moment. */
const SOONEST_SECONDS = 5;
const LATEST_SECONDS = 15;

/** What admitting a stream needs. */
export type AdmissionPlatform = Pick<Platform, 'streams' | 'now' | 'newId' | 'logger'>;

/**
 * The run's stream with a place, which is given back when the stream has ended, has failed or was left.
 * @throws Refused `unavailable` when there is no place.
 */
export async function admit<T>(
  platform: AdmissionPlatform,
  run: Pick<Run, 'workspaceId' | 'id'>,
  stream: AsyncIterator<T>,
): Promise<AsyncIterableIterator<T>> {
  const now = platform.now();
  const until = new Date(now.getTime() + HELD_SECONDS * 1000);
  const place = await platform.streams.take({ holder: platform.newId(), now, until });
  if (place === undefined) throw tooManyStreams(run);
  return endingWith(stream, () => giveBack(platform, place, until));
}

function tooManyStreams(run: Pick<Run, 'workspaceId' | 'id'>): Refused {
  const path = runPath(run);
  const spread = LATEST_SECONDS - SOONEST_SECONDS + 1;
  return new Refused({
    category: 'unavailable',
    message: `As many event streams are open as there may be: poll ${path} for the status or ${path}/events/download for the events, and try again later.`,
    retryAfterSeconds: SOONEST_SECONDS + Math.floor(Math.random() * spread),
  });
}

/** The caller has had the whole stream by then, so a place that cannot be given back is a matter for the log. */
async function giveBack(platform: AdmissionPlatform, place: StreamPlace, until: Date): Promise<void> {
  try {
    await platform.streams.giveBack(place);
  } catch (error) {
    const freeAt = until.toISOString();
    platform.logger.warn('The place of a stream could not be given back', { place: place.no, freeAt, error });
  }
}

/**
 * An iterator whose `end` is called once, and waited for, whatever ends it. A generator's `finally` would not
 * do: it is passed over when the reader leaves before the first step.
 */
export function endingWith<T>(source: AsyncIterator<T>, end: () => Promise<void>): AsyncIterableIterator<T> {
  let ended: Promise<void> | undefined;
  const finish = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const step = await source.next();
        if (step.done === true) await finish();
        return step;
      } catch (error) {
        await finish();
        throw error;
      }
    },
    async return() {
      try {
        await source.return?.();
      } finally {
        await finish();
      }
      return { done: true, value: undefined };
    },
  };
}
