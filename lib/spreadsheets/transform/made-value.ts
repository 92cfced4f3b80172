import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field, Transform } from '../configuration.ts';
import { MAX_CELL_CHARACTERS } from '../limits.ts';
import type { RuleBudget } from '../rule-budget.ts';
import type { RowValues } from './validators.ts';

/** Makes a value of others in its row. */
export type Maker = (row: RowValues) => PlainValue;

/** Of looking at another field of the row. */
const STEPS_PER_FIELD = 4;

const isMaker = ({ join, coalesce }: Transform): boolean => join !== undefined || coalesce !== undefined;

/** The steps of a field before and after the one that makes its value; null where none does. */
export function aroundMaker(
  { transforms }: Field,
  budget: RuleBudget,
): { before: Transform[]; make: Maker; after: Transform[] } | null {
  const at = transforms.findIndex(isMaker);
  const step = transforms[at];
  if (step === undefined) return null;
  return { before: transforms.slice(0, at), make: makerOf(step, budget), after: transforms.slice(at + 1) };
}

function makerOf({ join, coalesce = [] }: Transform, budget: RuleBudget): Maker {
  if (join === undefined) {
    return (row) => {
      budget.spend(STEPS_PER_FIELD * coalesce.length, 'transform');
      return coalesce.map(row).find((value) => value !== null && !isBlank(value)) ?? null;
    };
  }
  const { fields, separator } = join;
  return (row) => {
    budget.spend(STEPS_PER_FIELD * fields.length, 'transform');
    let joined: string | null = null;
    for (const field of fields) {
      const value = row(field);
      budget.spendOn(value, 'transform');
      if (value === null || isBlank(value)) continue;
      const text = textOf(value).trim();
      joined = joined === null ? text : joined + separator + text;
      // Cut at once: what is cut from a longer text keeps all of it in memory.
      if (joined.length >= MAX_CELL_CHARACTERS) return joined.slice(0, MAX_CELL_CHARACTERS);
    }
    return joined;
  };
}
