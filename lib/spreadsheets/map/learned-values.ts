import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field } from '../configuration.ts';
import type { RuleBudget } from '../rule-budget.ts';
import type { FieldReader } from '../transform/field-reader.ts';
import { type CellReader, type Locale, typedReader, Unreadable } from '../transform/reading/typed-reader.ts';
import type { TaughtValue } from './taught.ts';

type Found = PlainValue | Unreadable;

/** Nobody's column: what somebody says is read as it is written. */
const PLAIN: Locale = { decimal: '.', order: 'dmy', told: { decimal: false, order: false } };

/** The value that stands for a text, as the field's type has it. */
function typed({ dtype }: Field, text: string | null): Found {
  if (text === null || isBlank(text)) return null;
  return dtype === 'string' ? text : typedReader(dtype, PLAIN)(text);
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
    taught.filter((value) => value.field === field.name).map(({ from, to }) => [from, typed(field, to)]),
  );
  if (learned.size === 0) return reader;
  const replaced = (found: Found): Found => {
    const value = found instanceof Unreadable ? found.value : found;
    if (value === null) return found;
    budget.spendOn(value, 'transform');
    const known = learned.get(textOf(value).trim());
    return known === undefined ? found : known;
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
