import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field, Validator } from '../configuration.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';
import { parseNumber } from './parse-value.ts';

/** What is wrong with a value, or null. */
export type ValueCheck = (value: PlainValue) => string | null;

type Breaks = (text: string, value: Exclude<PlainValue, null>) => boolean;

// Characters as people count them, not as UTF-16 does.
function length(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

function rule(validator: Validator, budget: RuleBudget): { breaks: Breaks; message: string } {
  const { pattern, minLength, maxLength, range, oneOf } = validator;
  if (pattern !== undefined) {
    const regex = new Pattern(pattern, budget, 'validate');
    return { breaks: (text) => !regex.isIn(text), message: 'Invalid {label}: {value}' };
  }
  if (minLength !== undefined) {
    const message = `{label} has fewer than ${minLength} characters`;
    return { breaks: (text) => length(text) < minLength, message };
  }
  if (maxLength !== undefined) {
    const message = `{label} has more than ${maxLength} characters`;
    return { breaks: (text) => length(text) > maxLength, message };
  }
  if (range !== undefined) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
    const breaks: Breaks = (text, value) => {
      const number = typeof value === 'number' ? value : parseNumber(text, '.');
      return number === null || number < min || number > max;
    };
    return { breaks, message: '{label} is out of range: {value}' };
  }
  const allowed = new Set(oneOf);
  return { breaks: (text) => !allowed.has(text), message: '{label} is not an allowed value: {value}' };
}

function compile(validator: Validator, label: string, budget: RuleBudget): ValueCheck {
  const say = (template: string, text: string): string =>
    template.replace(/\{(label|value)\}/g, (_, name: string) => (name === 'label' ? label : text));
  if (validator.required) {
    const message = say(validator.message ?? '{label} is missing', '');
    return (value) => (isBlank(value) ? message : null);
  }
  const { breaks, message } = rule(validator, budget);
  return (value) => {
    if (value === null || isBlank(value)) return null;
    budget.spendOn(value, 'validate');
    const text = textOf(value).trim();
    return breaks(text, value) ? say(validator.message ?? message, text) : null;
  };
}

/** The rules of a field as one check, messages joined with `; `; undefined if it has none. */
export function compileValidators(
  { name, label, validators }: Field,
  budget = new RuleBudget(),
): ValueCheck | undefined {
  if (validators.length === 0) return undefined;
  const checks = validators.map((validator) => compile(validator, label ?? name, budget));
  return (value) => {
    const messages = checks.map((check) => check(value)).filter((message) => message !== null);
    return messages.length === 0 ? null : messages.join('; ');
  };
}
