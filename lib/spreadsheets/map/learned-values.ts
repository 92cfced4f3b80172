import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field } from '../configuration.ts';
import { cellText } from '../preview/cell-text.ts';
import type { RuleBudget } from '../rule-budget.ts';
import type { FieldReader } from '../transform/field-reader.ts';
import { type CellReader, type Locale, typedReader, Unreadable } from '../transform/reading/typed-reader.ts';
import type { TaughtValue } from './taught.ts';

type Found = PlainValue | Unreadable;

/** Nobody's column: what somebody says is read as it is written. */
const PLAIN: Locale = {
  decimal: '.',
  order: 'dmy',
  told: { decimal: false, order: false },
  crossIsNo: false,
  dotsBeginWithMonth: false,
  decimalIsShown: false,
};

/** What a value is, so that the one in its place can be the like. */
function kindOf(value: Exclude<PlainValue, null>): Exclude<Field['dtype'], 'string'> | undefined {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'object') return undefined;
  return value.kind === 'date' || value.kind === 'datetime' ? value.kind : undefined;
}

/** A text as the field's type has it; without a type it is what it takes the place of, if it can be read so. */
function typed({ dtype }: Field, text: string | null, before: Exclude<PlainValue, null>): Found {
  if (text === null || isBlank(text)) return null;
  if (dtype !== 'string') return typedReader(dtype, PLAIN)(text);
  const kind = kindOf(before);
  const found = kind === undefined ? text : typedReader(kind, PLAIN)(text);
  return found instanceof Unreadable ? text : found;
}

/**
 * A reader that goes on to what somebody said its values to be: of those that it has read, and of those that it
 * could not. Texts are compared as the output shows them, without blanks around them.
 */
export function withLearnedValues(
  reader: FieldReader,
  field: Field,
  taught: readonly TaughtValue[],
  budget: RuleBudget,
): FieldReader {
  const learned = new Map(
    taught.filter((value) => value.field === field.name).map(({ from, to }) => [from, to]),
  );
  if (learned.size === 0) return reader;
  const replaced = (found: Found): Found => {
    const value = found instanceof Unreadable ? found.value : found;
    if (value === null) return found;
    budget.spendOn(value, 'transform');
    // Previews write dates and great numbers otherwise than columns of texts do; somebody may have read either.
    const seen = [textOf(value).trim(), cellText(value).trim()].find((text) => learned.has(text));
    return seen === undefined ? found : typed(field, learned.get(seen) ?? null, value);
  };
  const { canFail, of, make } = reader;
  // What is made of other fields is a value only then.
  if (make !== null) return { canFail, of, make: (row) => replaced(make(row)) };
  return {
    canFail,
    make,
    of: (evidence) => {
      const read: CellReader = of(evidence) ?? ((value) => value);
      return (value) => replaced(read(value));
    },
  };
}
