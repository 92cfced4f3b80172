import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Refused } from '../../../../lib/apis/operation/refusal.ts';
import type { StreamPlace } from '../../../../lib/apis/streams/ports.ts';
import { LEAST_PLACES } from '../../../../lib/apis/streams/stream-places-keeper.ts';
import { type AdmissionPlatform, admit } from '../../../../lib/apis/workspace-runs/events/admit-stream.ts';
import { aRun } from '../../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../../support/run-platform.ts';

const run = aRun();
const path = `/api/v1/workspaces/${run.workspaceId}/runs/${run.id}`;
/** Longer than any function lives, in seconds: by then the places that a test before this one took are free. */
const AFTER_ALL = 1000;

let runs: TestRuns;
let platform: AdmissionPlatform;
let given: StreamPlace[];
let warnings: [string, Record<string, unknown> | undefined][];

beforeAll(async () => {
  runs = await openTestRuns();
});
afterAll(() => runs.close());
beforeEach(() => {
  runs.advance(AFTER_ALL);
  given = [];
  warnings = [];
  platform = {
    now: runs.now,
    newId: runs.newId,
    logger: { info() {}, error() {}, warn: (...line) => void warnings.push([line[0], line[1]]) },
    streams: {
      take: (stay) => runs.streams.take(stay),
      giveBack: async (place) => {
        given.push(place);
        await runs.streams.giveBack(place);
      },
      count: () => runs.streams.count(),
      setCount: (count) => runs.streams.setCount(count),
    },
  };
});

/** Steps as they come; `released` when the generator itself has been told that it is over. */
function aStream({ fails = false } = {}) {
  const seen = { released: false };
  async function* steps(): AsyncGenerator<string> {
    try {
      yield 'one';
      if (fails) throw new Error('the log cannot be read');
      yield 'two';
    } finally {
      seen.released = true;
    }
  }
  return { stream: steps(), seen };
}

async function placesLeft(): Promise<number> {
  const taken = await Promise.all(Array.from({ length: LEAST_PLACES }, () => admitted()));
  return taken.filter((is) => is).length;
}

const admitted = (): Promise<boolean> =>
  admit(platform, run, aStream().stream).then(
    () => true,
    (error) => {
      if (error instanceof Refused) return false;
      throw error;
    },
  );

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const step of stream) all.push(step);
  return all;
}

describe('a stream that is admitted', () => {
  it('has a place while it is open, and none when it has ended', async () => {
    const stream = await admit(platform, run, aStream().stream);
    expect(given).toEqual([]);

    const steps = await collect(stream);

    expect(steps).toEqual(['one', 'two']);
    expect(given).toEqual([{ no: expect.any(Number), holder: expect.any(String) }]);
    expect(await placesLeft()).toBe(LEAST_PLACES);
  });

  it('has given its place back by the time that its reader sees the end', async () => {
    const stream = await admit(platform, run, aStream().stream);
    await stream.next();
    await stream.next();
    expect(given).toHaveLength(0);

    const last = await stream.next();

    expect([last.done, given.length]).toEqual([true, 1]);
  });

  it('gives its place back when it fails, and fails as it did', async () => {
    const { stream } = aStream({ fails: true });

    const reading = collect(await admit(platform, run, stream));

    await expect(reading).rejects.toThrow('the log cannot be read');
    expect(given).toHaveLength(1);
  });

  it('gives its place back when its reader leaves in the middle of it', async () => {
    const { stream, seen } = aStream();
    const admittedStream = await admit(platform, run, stream);

    for await (const _ of admittedStream) break;

    expect(given).toHaveLength(1);
    expect(seen.released).toBe(true);
  });

  it('gives its place back when its reader leaves before it begins', async () => {
    const stream = await admit(platform, run, aStream().stream);

    await stream.return?.();

    expect(given).toHaveLength(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('gives its place back once, however often it is told that it is over', async () => {
    const stream = await admit(platform, run, aStream().stream);

    await Promise.all([stream.next(), stream.return?.(), stream.return?.()]);
    await stream.return?.();
    await collect(stream);

    expect(given).toHaveLength(1);
  });

  it('ends as it would when its place cannot be given back, and says so in the log', async () => {
    const error = new Error('throttled');
    platform.streams.giveBack = async () => Promise.reject(error);
    const until = new Date(runs.now().getTime() + 900_000).toISOString();

    const steps = await collect(await admit(platform, run, aStream().stream));

    expect(steps).toEqual(['one', 'two']);
    expect(warnings).toEqual([
      ['The place of a stream could not be given back', { place: expect.any(Number), freeAt: until, error }],
    ]);
  });
});

describe('a stream for which there is no place', () => {
  it('is refused for a while, with what to do meanwhile', async () => {
    expect(await placesLeft()).toBe(LEAST_PLACES);

    const refused = await admit(platform, run, aStream().stream).catch((error) => error);

    expect(refused).toBeInstanceOf(Refused);
    expect(refused.refusal).toEqual({
      category: 'unavailable',
      message: `As many event streams are open as there may be: poll ${path} for the status or ${path}/events/download for the events, and try again later.`,
      retryAfterSeconds: expect.any(Number),
    });
  });

  it('may come again after 5 to 15 seconds, not all at the same moment', async () => {
    await placesLeft();
    const waits: number[] = [];
    for (let come = 0; come < 60; come += 1) {
      const error = await admit(platform, run, aStream().stream).catch((refused) => refused);
      waits.push(error.refusal.retryAfterSeconds);
    }

    expect(Math.min(...waits)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15);
    expect(waits.every(Number.isInteger)).toBe(true);
    expect(new Set(waits).size).toBeGreaterThan(3);
  });

  it('finds one when those who died have been gone for 15 minutes, and not before', async () => {
    const LONGEST = 900;
    await placesLeft();
    runs.advance(LONGEST - 1);
    expect(await admitted()).toBe(false);

    runs.advance(1);

    expect(await placesLeft()).toBe(LEAST_PLACES);
  });
});
