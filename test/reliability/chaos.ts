import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { timesIn } from '../support/lane.ts';
import { diceOf } from '../support/nasty.ts';
import type { Journey } from './clients.ts';
import { MemoryTable } from './memory-table.ts';
import { aPlot, onePlot, type Played, play, type Schedule } from './schedule.ts';
import { makeZlibSynchronous } from './sync-zlib.ts';
import { FAULTS, fine, oneFault, storm, type Weather } from './weather.ts';
import type { Ground } from './world.ts';

/** `RUNPLANE_SEED=<seed>` plays that schedule alone; `RUNPLANE_CHAOS=<n>` plays so many, from that seed on. */
const SEED = process.env.RUNPLANE_SEED === undefined ? undefined : Number(process.env.RUNPLANE_SEED);
const SCHEDULES = process.env.RUNPLANE_CHAOS === undefined ? undefined : Number(process.env.RUNPLANE_CHAOS);

/** Without either, a change is judged by the same schedules as the one before. */
export const seedsOf = (schedules: number): number[] =>
  Array.from({ length: SCHEDULES ?? (SEED === undefined ? schedules : 1) }, (_, no) => (SEED ?? 1) + no);

/** How a schedule is played again. */
export const again = (seed: number, file: string): string =>
  `Again: RUNPLANE_SEED=${seed} npx vitest run test/reliability/${file}`;

/** Lines of what happened that a failure shows; all of them when it is played again. */
const SHOWN = SEED === undefined ? 150 : Number.POSITIVE_INFINITY;

export function memoryGround(options: ConstructorParameters<typeof MemoryTable>[0] = {}): Ground {
  const table = new MemoryTable(options);
  const setLag = (milliseconds: number): void => {
    table.lag = milliseconds;
  };
  return { client: table.client(), tableName: 'memory', setLag };
}

/** Fake time, and nothing that works in a thread of its own. */
export function useFakeTime(): void {
  let putZlibBack = (): void => undefined;
  beforeAll(() => {
    putZlibBack = makeZlibSynchronous();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  });
  afterAll(() => {
    vi.useRealTimers();
    putZlibBack();
  });
}

/** The schedule that a seed stands for. */
export function stormy(seed: number, journey: Journey, ground: Ground): Schedule {
  const dice = diceOf(seed);
  const plot = aPlot(dice);
  const until = dice.pick([20_000, 120_000, 900_000, 4_000_000]);
  return { seed, journey, weather: storm(seed ^ 0xc1a05, plot.isLocal), plot, ground, until };
}

/** One client, one create, nothing goes wrong. */
const FINE = { seed: 1, weather: fine(), plot: onePlot };

export function expectNothingWrong({ violations, trace }: Played, how: string): void {
  if (violations.length === 0) return;
  // Sweeps that find nothing say nothing.
  const shown = trace.filter((line) => !/ sweep (begins|done|runs\.listOpen)$/.test(line)).slice(-SHOWN);
  expect.fail([...violations, '', how, '', ...shown].join('\n'));
}

export interface Chaos {
  /** The test's own file, for the command that plays a schedule again. */
  file: string;
  journeys: Record<string, Journey>;
  /** What is played in storms; the same, unless it says otherwise. */
  stormy?: Journey[];
  schedules: number;
  /** What is cancelled besides, and how long it takes in fine weather, in milliseconds. */
  cancelled?: { journey: Journey; lasts: number };
  ground?: () => Ground;
}

/** What every API promises, whatever happens: nothing is lost, done twice, stuck or against the table. */
export function describeChaos(
  name: string,
  { file, journeys, stormy: inStorms, schedules, cancelled, ground = memoryGround }: Chaos,
): void {
  describe(name, () => {
    useFakeTime();
    const all = inStorms ?? Object.values(journeys);
    // What is loaded when it is first needed takes time that is not the schedule's.
    beforeAll(async () => {
      for (const journey of all) await play({ ...FINE, journey, ground: ground() });
    });
    const seeds = seedsOf(schedules);

    const playOne = (journey: Journey, weather: Weather, cancels: number[] = []): Promise<Played> => {
      const plot = { ...FINE.plot, asks: [{ key: 'K1', at: 0, cancels }] };
      return play({ ...FINE, plot, journey, weather, ground: ground(), isOneFault: true });
    };
    /** One in so many pairs of a request and a fault: each request meets some, and each fault. */
    const playEachFault = async (journey: Journey, cancels: number[] = [], oneIn = 1): Promise<void> => {
      const { requests, violations, trace } = await playOne(journey, fine(), cancels);
      expect(violations, trace.join('\n')).toEqual([]);
      for (let index = 0; index < requests; index += 1) {
        for (const fault of FAULTS.filter((_, no) => (index + no) % oneIn === 0)) {
          const played = await playOne(journey, oneFault(index, fault), cancels);
          expectNothingWrong(played, `${fault} at request ${index}`);
        }
      }
    };

    describe.skipIf(SEED !== undefined)('each fault at each request, alone', () => {
      it.each(Object.entries(journeys))('%s', (_journey, journey) => playEachFault(journey));

      if (cancelled === undefined) return;
      const { journey, lasts } = cancelled;
      it('a cancel at any moment', async () => {
        for (let after = 0; after <= lasts; after += lasts / timesIn({ change: 20, long: 40 })) {
          expectNothingWrong(await playOne(journey, fine(), [after]), `cancelled after ${after} ms`);
        }
      });

      // Each fault at each request of the same journey was just played without the cancel.
      const oneIn = timesIn({ change: 3, long: 1 });
      it('a run that is cancelled', () => playEachFault(journey, [lasts / 2], oneIn));
    });

    it(`survives ${seeds.length} storms`, async () => {
      for (const seed of seeds) {
        const played = await play(stormy(seed, journeyOf(all, seed), ground()));
        expectNothingWrong(played, again(seed, file));
      }
    });

    it('goes the same way when it is played again', async () => {
      for (const seed of seeds.slice(0, timesIn({ change: 5, long: 20 }))) {
        const [first, second] = [
          await play(stormy(seed, journeyOf(all, seed), ground())),
          await play(stormy(seed, journeyOf(all, seed), ground())),
        ];

        expect(second.trace).toEqual(first.trace);
      }
    });
  });
}

function journeyOf(all: readonly Journey[], seed: number): Journey {
  const journey = all[seed % all.length];
  if (journey === undefined) throw new TypeError('There is no journey to be played');
  return journey;
}
