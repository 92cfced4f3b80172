import type { Configuration, Field, OnUnreadable } from '../configuration.ts';
import { withLearnedValues } from '../map/learned-values.ts';
import type { TaughtValue } from '../map/taught.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { type FieldReader, fieldReader } from '../transform/field-reader.ts';
import { compileChecks, type FieldCheck } from '../transform/validators.ts';

/** A field with its transforms and validators ready to run. */
export interface FieldRules {
  readonly field: Field;
  readonly reader: FieldReader;
  /** Starts the checks for a table. */
  readonly check: (() => FieldCheck) | undefined;
  readonly onUnreadable: OnUnreadable;
}

/** The rules of every field by name, in the configuration's order. */
export const fieldRules = (
  { fields, settings }: Configuration,
  budget: RuleBudget,
  taughtValues: readonly TaughtValue[] = [],
): Map<string, FieldRules> =>
  new Map(
    fields.map((field) => [
      field.name,
      {
        field,
        reader: withLearnedValues(fieldReader(field, settings, budget), field, taughtValues, budget),
        check: compileChecks(field, budget),
        onUnreadable: field.onUnreadable ?? settings.onUnreadable,
      },
    ]),
  );
