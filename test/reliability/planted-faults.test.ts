import { describe, expect, it } from 'vitest';
import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { IS_LONG } from '../support/lane.ts';
import { memoryGround, stormy, useFakeTime } from './chaos.ts';
import type { Journey } from './clients.ts';
import { documentJourney } from './document-journey.ts';
import type { MemoryTableOptions } from './memory-table.ts';
import { processJourney } from './process-journey.ts';
import { onePlot, play } from './schedule.ts';
import { threadJourney } from './thread-journey.ts';
import { oneFault } from './weather.ts';
import type { Faulty } from './world.ts';

interface Planted {
  journey: Journey;
  forgets?: MemoryTableOptions['forgets'];
  faulty?: Faulty;
  /** What is found of it. */
  finds: RegExp;
}

const withPort = <Name extends 'runs' | 'log' | 'executor'>(
  name: Name,
  change: (port: AnsweringPlatform[Name]) => Partial<AnsweringPlatform[Name]>,
): Faulty => ({
  platform: (platform) => {
    const changed = change(platform[name]);
    const port = new Proxy(platform[name], {
      get: (target, method) => {
        const value: unknown = Reflect.get(method in changed ? changed : target, method);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return { ...platform, [name]: port };
  },
});

const forgetful = withPort('runs', () => ({ listOpen: async () => [] }));

const PLANTED: Record<string, Planted> = {
  'a store that forgets the fence': {
    journey: documentJourney(),
    forgets: ({ pk }) => /^WS#[^#]+#document$/.test(pk),
    finds: /illegal/,
  },
  'a log that takes lines wherever it ends': {
    journey: documentJourney(),
    faulty: withPort('log', (log) => ({
      append: async (ref, _offset, bytes) => log.append(ref, await log.end(ref), bytes),
    })),
    finds: /duplicated: the log of .* is closed \d times/,
  },
  'keys that are forgotten': {
    journey: processJourney(),
    forgets: ({ sk }) => sk.startsWith('IDEMPOTENCY#'),
    finds: /duplicated: .* was told of/,
  },
  'threads that anybody may name a run in': {
    journey: threadJourney(),
    forgets: ({ pk, sk }) => /^WS#[^#]+$/.test(pk) && sk.startsWith('THREAD#'),
    finds: /duplicated: thread .* has two open runs/,
  },
  'a platform that nobody sweeps': {
    journey: documentJourney(),
    faulty: { neverSweeps: true },
    finds: /stuck/,
  },
  'an index that leaves out what runs': {
    journey: processJourney(),
    faulty: forgetful,
    finds: /stuck/,
  },
  // Two hundred storms until one of them leaves a thread to the sweeper.
  ...(IS_LONG
    ? {
        'an index that leaves out what runs in threads': {
          journey: threadJourney(),
          faulty: forgetful,
          finds: /stuck/,
        },
      }
    : {}),
  'a process that cannot be stopped': {
    journey: processJourney(),
    faulty: withPort('executor', () => ({ stop: async () => undefined })),
    finds: /stuck: .* its execution went on/,
  },
};

/** Enough for the rarest of them, by far. */
const STORMS = 400;

describe('the storms find', () => {
  useFakeTime();

  it.each(Object.entries(PLANTED))('%s', async (_name, { journey, forgets, faulty, finds }) => {
    const found: string[] = [];
    for (let seed = 1; seed <= STORMS && !found.some((violation) => finds.test(violation)); seed += 1) {
      const ground = memoryGround(forgets === undefined ? {} : { forgets });
      const schedule = { ...stormy(seed, journey, ground), ...(faulty === undefined ? {} : { faulty }) };
      found.push(...(await play({ ...schedule, isOneFault: true })).violations);
    }

    expect(found).toContainEqual(expect.stringMatching(finds));
  });

  it('a log that takes no line from who comes later', async () => {
    const found: string[] = [];
    // One of these is the death of a worker between the end of its run and the last line of its log: the next
    // delivery and the settle both look where the log ends, and write that line.
    for (let index = 0; index < 40 && found.length === 0; index += 1) {
      const weather = oneFault(index, 'crash after');
      const schedule = {
        seed: 1,
        journey: documentJourney(),
        weather,
        plot: onePlot,
        ground: memoryGround(),
      };
      const late = new Set<string>();
      const faulty = withPort('log', (log) => ({
        end: (ref) => {
          late.add(ref.runId);
          return log.end(ref);
        },
        append: async (ref, ...rest) => (late.has(ref.runId) ? undefined : log.append(ref, ...rest)),
      }));
      found.push(...(await play({ ...schedule, faulty, isOneFault: true })).violations);
    }

    expect(found).toContainEqual(expect.stringMatching(/lost: the log of .* is not closed/));
  });
});
