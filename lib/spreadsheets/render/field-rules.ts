import type { Configuration, Field } from '../configuration.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { compileTransforms, type ValueTransform } from '../transform/transforms.ts';
import { compileValidators, type ValueCheck } from '../transform/validators.ts';

/** A field with its transforms and validators ready to run. */
export interface FieldRules {
  readonly field: Field;
  readonly transform: ValueTransform | undefined;
  readonly check: ValueCheck | undefined;
}

/** The rules of every field by name, in the configuration's order. */
export const fieldRules = (
  { fields, settings }: Configuration,
  budget: RuleBudget,
): Map<string, FieldRules> =>
  new Map(
    fields.map((field) => [
      field.name,
      {
        field,
        transform: compileTransforms(field.transforms, budget, settings.nameRules),
        check: compileValidators(field, budget),
      },
    ]),
  );
