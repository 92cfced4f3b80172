import type { Strike as Blow, Request, Sky } from '../reliability/simulation.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import type { Plan, Strike } from './plan.ts';

/** Who made a call stands first in the name of its invocation. */
export const laneOf = (invocation: string): string => invocation.split(' ')[0] ?? '';

/** What those are spared who live in one process: they die together and share a database that is right here. */
const ACROSS_PROCESSES = new Set<Strike['fault']>(['crash before', 'crash after', 'stale read']);

/** What a plan lets happen to calls. */
export class PlannedSky implements Sky {
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #seen = new Map<string, number>();
  isOver = false;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#dice = diceOf(plan.callers.length);
  }

  strike({ invocation, name }: Request): Blow | undefined {
    const lane = laneOf(invocation);
    const inLane = this.#count(lane);
    const ofVerb = this.#count(`${lane} ${name}`);
    if (this.isOver) return undefined;
    const struck = this.#plan.strikes.find((strike) => strikes(strike, lane, name, inLane, ofVerb));
    if (struck === undefined) return undefined;
    const { fault, milliseconds } = struck;
    if (this.#plan.isLocal && ACROSS_PROCESSES.has(fault)) return undefined;
    // Whoever waits for a machine asks once: a second execution of the same name would be another one.
    if (fault === 'applied twice' && name === 'sfn.startSync') return undefined;
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

  latency = (): number => this.#dice.below(20) + 1;
  arrives = (): boolean => this.#dice.percent(50);

  /** How much longer a model takes for its next word, in milliseconds. */
  stall(): number {
    const blow = this.strike({ index: 0, invocation: 'model', name: 'model.word' });
    return blow !== undefined && 'milliseconds' in blow ? blow.milliseconds : 0;
  }

  #count(name: string): number {
    const count = this.#seen.get(name) ?? 0;
    this.#seen.set(name, count + 1);
    return count;
  }
}

/** How many calls a series of strikes befalls. */
const SERIES = 25;

function strikes(
  { lane, verb, nth, every }: Strike,
  inLane: string,
  name: string,
  countInLane: number,
  countOfVerb: number,
): boolean {
  if (lane !== inLane || (verb !== undefined && verb !== name)) return false;
  const count = verb === undefined ? countInLane : countOfVerb;
  if (every === undefined) return count === nth;
  return count >= nth && count < nth + every * SERIES && (count - nth) % every === 0;
}
