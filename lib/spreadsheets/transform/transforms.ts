import { type PlainValue, textOf } from '../cells.ts';
import type { Transform } from '../configuration.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';
import { fullName, type NameRules } from './full-name.ts';
import { parseDate, parseNumber } from './parse-value.ts';

/** Takes a value that is not null to the one to be written. */
export type ValueTransform = (value: Exclude<PlainValue, null>) => PlainValue;

const onText =
  (change: (text: string) => PlainValue): ValueTransform =>
  (value) =>
    typeof value === 'string' ? change(value) : value;

const titleCase = (text: string): string =>
  text
    .toLowerCase()
    .replace(/(^|[\s\-'’(/])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

function compile(step: Transform, budget: RuleBudget, nameRules: NameRules): ValueTransform {
  if (step.trim) return onText((text) => text.trim() || null);
  if (step.collapse) return onText((text) => text.trim().replace(/\s+/g, ' ') || null);
  if (step['full-name']) return (value) => fullName(value, nameRules);
  if (step.case === 'upper') return onText((text) => text.toUpperCase());
  if (step.case === 'lower') return onText((text) => text.toLowerCase());
  if (step.case === 'title') return onText(titleCase);
  if (step.date) {
    const { order } = step.date;
    return onText((text) => parseDate(text, order) ?? text);
  }
  if (step.number) {
    const { decimal } = step.number;
    return onText((text) => parseNumber(text, decimal) ?? text);
  }
  if (step.replace) {
    const pattern = new Pattern(step.replace.pattern, budget, 'transform');
    const replacement = step.replace.with;
    return (value) => pattern.replace(textOf(value), replacement) || null;
  }
  const known = new Map(Object.entries(step.map ?? {}));
  return (value) => {
    const target = known.get(textOf(value).trim());
    return target === undefined ? value : target;
  };
}

/** The steps of a field as one function; undefined if it has none. */
export function compileTransforms(
  steps: readonly Transform[],
  budget = new RuleBudget(),
  nameRules: NameRules = 'ade',
): ValueTransform | undefined {
  if (steps.length === 0) return undefined;
  const compiled = steps.map((step) => compile(step, budget, nameRules));
  return (value) => {
    let current: PlainValue = value;
    for (const step of compiled) {
      if (current === null) return null;
      budget.spendOn(current, 'transform');
      current = step(current);
    }
    return current;
  };
}
