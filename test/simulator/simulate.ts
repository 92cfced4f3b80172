import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { type Plan, plans } from './plan.ts';
import { type Played, play, type Violation } from './play.ts';
import type { Plant } from './world.ts';

export interface Outcome {
  seed: number;
  seeds: number;
  calls: number;
  faults: number;
  invariants: number;
  failed: { seed: number; invariant: string; repeat: string }[];
  /** SHA-256 over all histories. */
  digest: string;
}

/** The schedule that a seed stands for. */
export function planOf(seed: number): Plan {
  const [plan] = fc.sample(plans, { seed, numRuns: 1 });
  if (plan === undefined) throw new TypeError('fast-check made no schedule');
  return plan;
}

export interface Found {
  plan: Plan;
  played: Played;
  violation: Violation;
}

export const repeatOf = (seed: number, plant: string | undefined): string =>
  `npm run -s simulate -- --seed ${seed} --seeds 1${plant === undefined ? '' : ` --plant ${plant}`}`;

/** Schedules that are played to find a smaller one that fails alike, and what they may call altogether. */
const MOST_SHRINKS = 150;
const MOST_CALLS = 60_000;

/** The smallest schedule that fc finds of those that fail by the same promise. */
export async function shrink(seed: number, make: () => Plant, first: Found): Promise<Found> {
  let smallest = first;
  let played = 0;
  let calls = 0;
  const property = fc.asyncProperty(plans, async (plan) => {
    played += 1;
    if (played > MOST_SHRINKS || calls > MOST_CALLS) return true;
    const again = await play(seed, plan, make());
    calls += again.history.calls;
    const violation = again.violations.find(({ invariant }) => invariant === first.violation.invariant);
    if (violation === undefined) return true;
    smallest = { plan, played: again, violation };
    return false;
  });
  await fc.check(property, { seed, numRuns: 1 });
  return smallest;
}

export interface Simulating {
  seed: number;
  seeds: number;
  plant?: { name: string; make: () => Plant } | undefined;
  /** Goes on after the first seed that fails. */
  keepsGoing?: boolean;
  onSeed?: (seed: number, played: Played) => void;
  onFound?: (seed: number, found: Found) => void;
}

/** Plays so many schedules, from a seed on. */
export async function simulate({
  seed: from,
  seeds,
  plant,
  keepsGoing = false,
  onSeed,
  onFound,
}: Simulating): Promise<Outcome> {
  const hash = createHash('sha256');
  const outcome: Outcome = { seed: from, seeds, calls: 0, faults: 0, invariants: 0, failed: [], digest: '' };
  for (let seed = from; seed < from + seeds; seed += 1) {
    const plan = planOf(seed);
    const played = await play(seed, plan, plant?.make());
    const { history, violations, checks } = played;
    outcome.calls += history.calls;
    outcome.faults += history.faults;
    outcome.invariants += checks;
    hash.update(history.digest());
    onSeed?.(seed, played);
    const [violation] = violations;
    if (violation === undefined) continue;
    outcome.failed.push({ seed, invariant: violation.invariant, repeat: repeatOf(seed, plant?.name) });
    onFound?.(seed, { plan, played, violation });
    if (!keepsGoing) break;
  }
  outcome.digest = hash.digest('hex');
  return outcome;
}
