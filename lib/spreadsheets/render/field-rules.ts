import type { Configuration, Field, OnUnreadable } from '../configuration.ts';
import { type Lists, NO_LISTS } from '../lists/list-finder.ts';
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

/** What a workspace knows beside its configuration. */
interface Beside {
  readonly taughtValues?: readonly TaughtValue[];
  readonly lists?: Lists | undefined;
}

/** The rules of every field by name, in the configuration's order. */
export const fieldRules = (
  { fields, settings }: Configuration,
  budget: RuleBudget,
  { taughtValues = [], lists = NO_LISTS }: Beside = {},
): Map<string, FieldRules> =>
  new Map(
    fields.map((field) => [
      field.name,
      {
        field,
        reader: withLearnedValues(fieldReader(field, settings, budget, lists), field, taughtValues, budget),
        check: compileChecks(field, budget, lists),
        onUnreadable: field.onUnreadable ?? settings.onUnreadable,
      },
    ]),
  );
