import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field, Validator } from '../configuration.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';
import { parseNumber } from './parse-value.ts';

/** What kind of thing is wrong with a value, and a sentence that says it. */
export interface Issue {
  readonly code: IssueCode;
  readonly message: string;
}

export type IssueCode =
  | 'unreadable_value'
  | 'required'
  | 'pattern'
  | 'min_length'
  | 'max_length'
  | 'range'
  | 'one_of';

/** What is wrong with a value, or null. */
type ValueCheck = (value: PlainValue) => Issue | null;

/** All that is wrong with a value. */
export type FieldCheck = (value: PlainValue) => readonly Issue[];

type Breaks = (text: string, value: Exclude<PlainValue, null>) => boolean;

// Characters as people count them, not as UTF-16 does.
function length(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

interface Rule {
  readonly code: IssueCode;
  readonly breaks: Breaks;
  readonly message: string;
}

function rule(validator: Validator, budget: RuleBudget): Rule {
  const { pattern, minLength, maxLength, range, oneOf } = validator;
  if (pattern !== undefined) {
    const regex = new Pattern(pattern, budget, 'validate');
    return { code: 'pattern', breaks: (text) => !regex.isIn(text), message: 'Invalid {label}: {value}' };
  }
  if (minLength !== undefined) {
    const message = `{label} has fewer than ${minLength} characters`;
    return { code: 'min_length', breaks: (text) => length(text) < minLength, message };
  }
  if (maxLength !== undefined) {
    const message = `{label} has more than ${maxLength} characters`;
    return { code: 'max_length', breaks: (text) => length(text) > maxLength, message };
  }
  if (range !== undefined) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
    const breaks: Breaks = (text, value) => {
      const number = typeof value === 'number' ? value : parseNumber(text, '.');
      return number === null || number < min || number > max;
    };
    return { code: 'range', breaks, message: '{label} is out of range: {value}' };
  }
  const allowed = new Set(oneOf);
  return {
    code: 'one_of',
    breaks: (text) => !allowed.has(text),
    message: '{label} is not an allowed value: {value}',
  };
}

function compile(validator: Validator, label: string, budget: RuleBudget): ValueCheck {
  const say = (template: string, text: string): string =>
    template.replace(/\{(label|value)\}/g, (_, name: string) => (name === 'label' ? label : text));
  if (validator.required) {
    const message = say(validator.message ?? '{label} is missing', '');
    return (value) => (isBlank(value) ? { code: 'required', message } : null);
  }
  const { code, breaks, message } = rule(validator, budget);
  return (value) => {
    if (value === null || isBlank(value)) return null;
    budget.spendOn(value, 'validate');
    const text = textOf(value).trim();
    return breaks(text, value) ? { code, message: say(validator.message ?? message, text) } : null;
  };
}

/** The rules of a field as one check; undefined if it has none. */
export function compileChecks(
  { name, label, validators }: Field,
  budget: RuleBudget,
): FieldCheck | undefined {
  if (validators.length === 0) return undefined;
  const checks = validators.map((validator) => compile(validator, label ?? name, budget));
  return (value) => checks.map((check) => check(value)).filter((issue) => issue !== null);
}

/** Issues as one sentence. */
export const messageOf = (issues: readonly Issue[]): string =>
  issues.map(({ message }) => message).join('; ');

/** The rules of a field as one function that gives a sentence, or null; undefined if it has none. */
export function compileValidators(
  field: Field,
  budget = new RuleBudget(),
): ((value: PlainValue) => string | null) | undefined {
  const check = compileChecks(field, budget);
  if (check === undefined) return undefined;
  return (value) => {
    const issues = check(value);
    return issues.length === 0 ? null : messageOf(issues);
  };
}
