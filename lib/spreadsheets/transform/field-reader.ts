import type { Field, Settings, Transform } from '../configuration.ts';
import type { RuleBudget } from '../rule-budget.ts';
import type { ColumnEvidence } from './reading/column-evidence.ts';
import { type CellReader, type Locale, typedReader, Unreadable } from './reading/typed-reader.ts';
import { compileSteps } from './transforms.ts';

/** How the values of a field are read. */
export interface FieldReader {
  /** Whether there may be values that it cannot read. */
  readonly canFail: boolean;
  /** What takes the cells of a column to the field's values, as the column writes them; undefined if nothing does. */
  readonly of: (evidence: ColumnEvidence | undefined) => CellReader | undefined;
}

const isReading = ({ date, number }: Transform): boolean => date !== undefined || number !== undefined;

/** How a field's column writes its values: as a step of the field says, or else as the column's own texts show. */
export function localeOf({ transforms }: Field, evidence: ColumnEvidence | undefined): Locale {
  const decimal = transforms.findLast(({ number }) => number !== undefined)?.number?.decimal;
  const order = transforms.findLast(({ date }) => date !== undefined)?.date?.order;
  return {
    decimal: decimal ?? evidence?.decimal().reading ?? '.',
    order: order ?? evidence?.order().reading ?? 'dmy',
    told: { decimal: decimal !== undefined, order: order !== undefined },
  };
}

/** The type has the last word: what a step left unread is no matter where it can read it. */
const inTurn =
  (steps: CellReader, typed: CellReader): CellReader =>
  (value) => {
    const stepped = steps(value);
    const result = stepped instanceof Unreadable ? stepped.value : stepped;
    return result === null ? null : typed(result);
  };

export function fieldReader(field: Field, settings: Settings, budget: RuleBudget): FieldReader {
  const { dtype, transforms } = field;
  const steps = compileSteps(transforms, budget, settings.nameRules);
  if (dtype === 'string') return { canFail: transforms.some(isReading), of: () => steps };
  return {
    canFail: true,
    of: (evidence) => {
      // Without it nobody knows how the column writes what it holds.
      if (evidence === undefined) return steps;
      const typed = typedReader(dtype, localeOf(field, evidence));
      return steps === undefined ? typed : inTurn(steps, typed);
    },
  };
}
