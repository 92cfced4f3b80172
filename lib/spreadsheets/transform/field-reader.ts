import type { PlainValue } from '../cells.ts';
import type { Field, Settings, Transform } from '../configuration.ts';
import type { Lists } from '../lists/list-finder.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { aroundMaker } from './made-value.ts';
import { ColumnEvidence } from './reading/column-evidence.ts';
import { type CellReader, type Locale, typedReader, Unreadable } from './reading/typed-reader.ts';
import { compileSteps } from './transforms.ts';
import type { RowValues } from './validators.ts';
import { wantedBy } from './wanted.ts';

/** How the values of a field are read. */
export interface FieldReader {
  /** Whether there may be values that it cannot read. */
  readonly canFail: boolean;
  /** What takes the cells of a column to the field's values, as the column writes them; undefined if nothing does. */
  readonly of: (evidence: ColumnEvidence | undefined) => CellReader | undefined;
  /** What makes the field's value of others in its row, where a step does; `of` reads its own column till then. */
  readonly make: RowReader | null;
}

/** Takes the values of a row to the one that is made of them. */
export type RowReader = (row: RowValues) => PlainValue | Unreadable;

/** How a field's column writes its values: as a step of the field says, or else as the column's own texts show. */
export function localeOf({ transforms }: Field, evidence: ColumnEvidence | undefined): Locale {
  const decimal = transforms.findLast(({ number }) => number !== undefined)?.number?.decimal;
  const order = transforms.findLast(({ date }) => date !== undefined)?.date?.order;
  return {
    decimal: decimal ?? evidence?.decimal().reading ?? '.',
    order: order ?? evidence?.order().reading ?? 'dmy',
    told: { decimal: decimal !== undefined, order: order !== undefined },
    crossIsNo: evidence?.crossIsNo ?? false,
    dotsBeginWithMonth: evidence?.dotsBeginWithMonth ?? false,
    decimalIsShown: evidence?.showsDecimal ?? false,
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

/** What takes values to what the field holds, by these steps and then by its type. */
function cellReader(
  field: Field,
  steps: CellReader | undefined,
  evidence: ColumnEvidence | undefined,
): CellReader | undefined {
  // Without evidence nobody knows how the column writes what it holds.
  if (field.dtype === 'string' || evidence === undefined) return steps;
  const typed = typedReader(field.dtype, localeOf(field, evidence));
  return steps === undefined ? typed : inTurn(steps, typed);
}

export function fieldReader(
  field: Field,
  { nameRules }: Settings,
  budget: RuleBudget,
  lists: Lists,
): FieldReader {
  const checked = new Set(field.validators.flatMap(({ reference }) => reference?.list ?? []));
  const compiled = (steps: readonly Transform[]) =>
    compileSteps(steps, { budget, nameRules, lists, checked });
  const canFail = field.dtype !== 'string' || field.transforms.some((step) => wantedBy(step) !== undefined);
  const around = aroundMaker(field, budget);
  if (around === null) {
    const steps = compiled(field.transforms);
    return { canFail, of: (evidence) => cellReader(field, steps, evidence), make: null };
  }
  const before = compiled(around.before);
  // What is made of values already read is in nobody's spelling.
  const after = cellReader(field, compiled(around.after), new ColumnEvidence());
  const make: RowReader = (row) => {
    const made = around.make(row);
    return made === null || after === undefined ? made : after(made);
  };
  return { canFail, of: () => before, make };
}
