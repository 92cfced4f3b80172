import { vi } from 'vitest';
import type { Run } from '../../lib/runs/run.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import { Clients, type Journey } from './clients.ts';
import { judgeCreates, judgeEnds, judgeLog, judgeOneFault, runsIn } from './judge.ts';
import { BEGINNING } from './simulation.ts';
import type { Weather } from './weather.ts';
import { type Faulty, type Ground, World } from './world.ts';

/** Who asks for what and when, in milliseconds from the beginning. */
export interface Plot {
  /** `cancels`: how long after it knows its run, and after each other, a client cancels it. */
  asks: { key: string; at: number; cancels: number[] }[];
  /** When the process is killed, where all there is lives in one. */
  reboots: number[];
  isLocal: boolean;
}

/** One client, one create, and nothing else. */
export const onePlot: Plot = { asks: [{ key: 'K1', at: 0, cancels: [] }], reboots: [], isLocal: false };

export interface Schedule {
  seed: number;
  journey: Journey;
  weather: Weather & { end?(): void };
  plot: Plot;
  ground: Ground;
  /** When the storm is over, in milliseconds from the beginning. */
  until?: number;
  faulty?: Faulty;
  /** Whether one thing at most goes wrong: that must cost less. */
  isOneFault?: boolean;
}

export interface Played {
  violations: string[];
  /** What happened, a line each. */
  trace: readonly string[];
  requests: number;
  runs: Run[];
}

/** The longest it may take until everything is over, in milliseconds: a start is given up after an hour. */
const PATIENCE_MS = 3 * 3_600_000;

/** Plays a schedule to its end, and judges what has become of its runs. */
export async function play(schedule: Schedule): Promise<Played> {
  const { seed, journey, weather, plot, ground, until = 0, faulty = {}, isOneFault = false } = schedule;
  vi.setSystemTime(BEGINNING);
  const dice = diceOf(seed + 1);
  const random = diceOf(seed + 2);
  const spy = vi.spyOn(Math, 'random').mockImplementation(() => random.below(2 ** 32) / 2 ** 32);
  const world = new World({ seed, ground, weather, isLocal: plot.isLocal, faulty });
  try {
    const scene = await journey.prepare(world.calm, dice);
    const clients = new Clients(world, journey, scene, dice);
    const { simulation, ledger, machines } = world;
    let storming = true;
    setTimeout(() => {
      storming = false;
      weather.end?.();
      simulation.note('all is fine');
    }, until);
    for (const { key, at, cancels } of plot.asks) void clients.ask(key, at, cancels);
    for (const at of plot.reboots) setTimeout(() => void world.reboot(), at);

    const isOver = (): boolean =>
      !storming &&
      !clients.isBusy &&
      !machines.isBusy &&
      simulation.live.size === 0 &&
      ledger.open.length === 0;
    const ended = await simulation.until(isOver, PATIENCE_MS);
    const { requests } = simulation;
    // The same keys again, and a new one: nothing is left that keeps a client from going on.
    const last = isOneFault && journey.kind !== 'thread' ? [] : ['last'];
    for (const key of [...clients.told.keys(), ...last]) void clients.ask(key, 60_000);
    const wentOn = ended && (await simulation.until(isOver, PATIENCE_MS));

    const runs = (await runsIn(world, scene.workspaceId, journey.kind)).filter(
      ({ parentId }) => parentId !== 'nobody',
    );
    const judged = await Promise.all([
      judgeCreates(clients.told, runs),
      judgeEnds(world, runs),
      scene.judge(world.calm, runs),
      ...runs.map((run) => judgeLog(world, run)),
      isOneFault ? judgeOneFault(world, runs) : [],
    ]);
    const keys = [...clients.told].filter(([, ids]) => ids.size !== scene.runsPerKey);
    return {
      violations: [
        ...(ended ? [] : ['stuck: the schedule did not end']),
        ...(ended && !wentOn ? ['stuck: nobody could go on'] : []),
        ...keys.map(([key, ids]) => `duplicated: ${key} was told of ${[...ids].join(', ')}`),
        ...ledger.violations,
        ...clients.violations,
        ...judged.flat(),
      ],
      trace: simulation.trace,
      requests,
      runs,
    };
  } finally {
    spy.mockRestore();
    world.close();
    vi.clearAllTimers();
  }
}

const seconds = (dice: Dice, most: number): number => dice.below(most * 1000);

/** What clients do in a storm: ask at once, twice with one key, cancel; and machines that lose their process. */
export function aPlot(dice: Dice): Plot {
  const isLocal = dice.percent(30);
  const asks = Array.from({ length: dice.below(3) + 1 }, (_, no) => {
    const key = `K${no + 1}`;
    const cancels = dice.percent(35)
      ? Array.from({ length: dice.below(2) + 1 }, () => seconds(dice, 20))
      : [];
    const ask = { key, at: seconds(dice, dice.pick([1, 90])), cancels };
    // Whoever clicks twice sends the same key twice, at about the same time.
    return dice.percent(30) ? [ask, { ...ask, at: ask.at + seconds(dice, 2), cancels: [] }] : [ask];
  });
  const reboots = isLocal ? Array.from({ length: dice.below(3) }, () => seconds(dice, 120)) : [];
  return { asks: asks.flat(), reboots, isLocal };
}
