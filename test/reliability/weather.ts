import type { ExecutionState } from '../../lib/runs/ports.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import type { Fault, Request, Sky, Strike } from './simulation.ts';

export const FAULTS: readonly Fault[] = [
  'crash before',
  'crash after',
  'lost answer',
  'throttled',
  'applied twice',
  'delayed',
  'late answer',
  'stale read',
];

export type ProcessEnd = Extract<
  ExecutionState,
  { status: 'succeeded' | 'failed' | 'timed_out' | 'aborted' }
>;

/** Everything that chance has a hand in, beside the requests: how events, tasks and processes fare. */
export interface Weather extends Sky {
  /** After how many milliseconds each a status change is delivered; it is lost when there is none. */
  deliveries(): number[];
  /** After how many milliseconds a task is delivered once more, as the same try. */
  redelivery(): number | undefined;
  /** How far the clock of a function is from the others', in milliseconds. */
  skew(): number;
  /** How long somebody's process takes, how it ends, and whether it is redriven and succeeds after all. */
  process(): { milliseconds: number; end: ProcessEnd; isRedriven: boolean };
}

const SMALL = { total: 3 };

/** Nothing goes wrong, and everything takes its time. */
export const fine = (): Weather => ({
  strike: () => undefined,
  latency: () => 5,
  arrives: () => false,
  deliveries: () => [300],
  redelivery: () => undefined,
  skew: () => 0,
  process: () => ({ milliseconds: 100_000, end: { status: 'succeeded', output: SMALL }, isRedriven: false }),
});

/** How long the one delay of a schedule is, in milliseconds: less than a function lives, more than a lease. */
const A_DELAY: Partial<Record<Fault, number>> = {
  'applied twice': 1000,
  delayed: 20_000,
  'late answer': 20_000,
  'stale read': 1000,
};

function strikeOf(fault: Fault, milliseconds: number): Strike {
  switch (fault) {
    case 'applied twice':
    case 'delayed':
    case 'late answer':
    case 'stale read':
      return { fault, milliseconds };
    default:
      return { fault };
  }
}

/** Fine, but for one fault that befalls the request of that number. */
export const oneFault = (index: number, fault: Fault): Weather => ({
  ...fine(),
  strike: (request) => (request.index === index ? strikeOf(fault, A_DELAY[fault] ?? 0) : undefined),
});

/** A gap between two applications of one request: what a client of DynamoDB waits before it tries again. */
const GAPS_MS = [0, 60, 1000, 3000];
/** Delays of requests and answers: of a busy network, a retrying client, a frozen function, a laptop that slept. */
const DELAYS_MS = [200, 1500, 6000, 20_000, 130_000, 400_000];
const LAGS_MS = [30, 400, 2000];

export interface Storm extends Weather {
  /** From now on all is fine. */
  end(): void;
}

/**
 * What a process of its own spares those who live in it: they die together, hear of their executions at once,
 * share a clock and a database that is right here.
 */
const ACROSS_PROCESSES: readonly Fault[] = ['crash before', 'crash after', 'stale read'];

/** Many faults, as the seed has them. Those of a laptop are fewer, and its process may be killed besides. */
export function storm(seed: number, isLocal: boolean): Storm {
  const dice = diceOf(seed);
  const calm = fine();
  const chance = dice.pick([1, 3, 6, 12, 25]);
  const faults = FAULTS.filter((fault) => dice.percent(60) && !(isLocal && ACROSS_PROCESSES.includes(fault)));
  const losesEvents = dice.pick([0, 10, 50]);
  let isOver = false;
  const strike = ({ name }: Request): Strike | undefined => {
    if (isOver || faults.length === 0 || !dice.percent(chance)) return undefined;
    const fault = dice.pick(faults);
    const milliseconds = { 'applied twice': GAPS_MS, 'stale read': LAGS_MS }[String(fault)] ?? DELAYS_MS;
    // Whoever waits for a machine asks once: a second execution of the same name would be another one.
    if (fault === 'applied twice' && name.startsWith('waited.')) return undefined;
    return strikeOf(fault, dice.pick(milliseconds));
  };
  return {
    strike,
    latency: () => dice.below(20) + 1,
    arrives: () => dice.percent(50),
    deliveries: () => (isOver || isLocal ? calm.deliveries() : someDeliveries(dice, losesEvents)),
    redelivery: () =>
      !isOver && !isLocal && dice.percent(15) ? dice.pick([0, 40, 2000, 90_000]) : undefined,
    skew: () => (isLocal ? 0 : dice.below(400) - 200),
    process: () => ({
      milliseconds: dice.pick([50, 2000, 60_000, 600_000]),
      end: someEnd(dice),
      isRedriven: !isLocal && dice.percent(20),
    }),
    end: () => {
      isOver = true;
    },
  };
}

function someDeliveries(dice: Dice, lost: number): number[] {
  if (dice.percent(lost)) return [];
  const times = dice.percent(25) ? 2 : 1;
  return Array.from({ length: times }, () => dice.pick([20, 300, 2000, 90_000]));
}

/** More than stands in a run's record. */
const LARGE = { text: 'x'.repeat(6000) };

const someEnd = (dice: Dice): ProcessEnd =>
  dice.pick<ProcessEnd>([
    { status: 'succeeded', output: SMALL },
    { status: 'succeeded', output: LARGE },
    { status: 'failed', error: 'NoStock', cause: 'Nothing left' },
    { status: 'timed_out' },
    { status: 'aborted', cause: 'Its owner stopped it' },
  ]);
