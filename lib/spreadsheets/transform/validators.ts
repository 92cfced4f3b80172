import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Field, Validator } from '../configuration.ts';
import { type Lists, listFinder, NO_LISTS } from '../lists/list-finder.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';
import { hasChecksum } from './checksums.ts';
import { compares, type Operator } from './compare-values.ts';
import { parseNumber } from './parse-value.ts';
import { SeenValues } from './seen-values.ts';

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
  | 'one_of'
  | 'unique'
  | 'required_if'
  | 'compare'
  | 'checksum'
  | 'reference';

/** The values of a row by field; null where a field has none. */
export type RowValues = (field: string) => PlainValue;

/** What is wrong with a value, or null. */
type ValueCheck = (value: PlainValue, row: RowValues) => Issue | null;

/** All that is wrong with a value. */
export type FieldCheck = (value: PlainValue, row: RowValues) => readonly Issue[];

type Breaks = (text: string, value: Exclude<PlainValue, null>, row: RowValues) => boolean;

/** Whether a text has more characters than so many, as people count them and not as UTF-16 does. */
function isLonger(text: string, most: number): boolean {
  // A character takes one or two units, so that most texts need not be counted.
  if (text.length <= most || text.length > 2 * most) return text.length > most;
  let count = 0;
  for (const _character of text) count += 1;
  return count > most;
}

const CHECKSUM_NAMES = { iban: 'IBAN', ean13: 'EAN-13', luhn: 'number by its check digit' } as const;

const OPERATOR_WORDS: Record<Operator, string> = {
  eq: 'equal to',
  ne: 'other than',
  lt: 'less than',
  lte: 'at most',
  gt: 'more than',
  gte: 'at least',
};

interface Rule {
  readonly code: IssueCode;
  readonly breaks: Breaks;
  readonly message: string;
}

function rule(validator: Validator, budget: RuleBudget, lists: Lists): Rule {
  const { pattern, minLength, maxLength, range, oneOf, unique, compare, checksum, reference } = validator;
  if (pattern !== undefined) {
    const regex = new Pattern(pattern, budget, 'validate');
    return { code: 'pattern', breaks: (text) => !regex.isIn(text), message: 'Invalid {label}: {value}' };
  }
  if (minLength !== undefined) {
    const message = `{label} has fewer than ${minLength} characters`;
    return { code: 'min_length', breaks: (text) => !isLonger(text, minLength - 1), message };
  }
  if (maxLength !== undefined) {
    const message = `{label} has more than ${maxLength} characters`;
    return { code: 'max_length', breaks: (text) => isLonger(text, maxLength), message };
  }
  if (range !== undefined) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
    const breaks: Breaks = (text, value) => {
      const number = typeof value === 'number' ? value : parseNumber(text, '.');
      return number === null || number < min || number > max;
    };
    return { code: 'range', breaks, message: '{label} is out of range: {value}' };
  }
  if (checksum !== undefined) {
    const message = `{label} is no valid ${CHECKSUM_NAMES[checksum]}: {value}`;
    return { code: 'checksum', breaks: (text) => !hasChecksum(checksum, text), message };
  }
  if (reference !== undefined) {
    const find = listFinder(reference, lists, budget, 'validate');
    const message = `{label} is not in the list "${reference.list}": {value}`;
    return { code: 'reference', breaks: (text) => find(text) === null, message };
  }
  if (compare !== undefined) {
    const { operator, field } = compare;
    const breaks: Breaks = (_, value, row) => {
      const other = row(field);
      return other !== null && !isBlank(other) && !compares(value, operator, other);
    };
    return {
      code: 'compare',
      breaks,
      message: `{label} must be ${OPERATOR_WORDS[operator]} ${field}: {value}`,
    };
  }
  if (unique) {
    const seen = new SeenValues();
    return { code: 'unique', breaks: (text) => seen.add(text), message: '{label} is there twice: {value}' };
  }
  const allowed = new Set(oneOf);
  return {
    code: 'one_of',
    breaks: (text) => !allowed.has(text),
    message: '{label} is not an allowed value: {value}',
  };
}

function compile(validator: Validator, label: string, budget: RuleBudget, lists: Lists): ValueCheck {
  const say = (template: string, text: string): string =>
    template.replace(/\{(label|value)\}/g, (_, name: string) => (name === 'label' ? label : text));
  if (validator.required) {
    const message = say(validator.message ?? '{label} is missing', '');
    return (value) => (isBlank(value) ? { code: 'required', message } : null);
  }
  if (validator.requiredIf !== undefined) {
    const { field, oneOf } = validator.requiredIf;
    const message = say(validator.message ?? '{label} is missing', '');
    const wanted = oneOf === undefined ? null : new Set(oneOf);
    return (value, row) => {
      const other = row(field);
      if (!isBlank(value) || other === null || isBlank(other)) return null;
      const applies = wanted === null || wanted.has(textOf(other).trim());
      return applies ? { code: 'required_if', message } : null;
    };
  }
  const { code, breaks, message } = rule(validator, budget, lists);
  return (value, row) => {
    if (value === null || isBlank(value)) return null;
    budget.spendOn(value, 'validate');
    const text = textOf(value).trim();
    return breaks(text, value, row) ? { code, message: say(validator.message ?? message, text) } : null;
  };
}

/**
 * The rules of a field, to be started anew for each table, as some of them know what was there before; undefined
 * if it has none.
 */
export function compileChecks(
  { name, label, validators }: Field,
  budget: RuleBudget,
  lists: Lists = NO_LISTS,
): (() => FieldCheck) | undefined {
  if (validators.length === 0) return undefined;
  const compiled = (validator: Validator): ValueCheck => compile(validator, label ?? name, budget, lists);
  const checks = validators.map((validator) => ({ validator, check: compiled(validator) }));
  return () => {
    const started = checks.map(({ validator, check }) => (validator.unique ? compiled(validator) : check));
    return (value, row) => {
      budget.spend(started.length, 'validate');
      const issues: Issue[] = [];
      for (const check of started) {
        const issue = check(value, row);
        if (issue !== null) issues.push(issue);
      }
      return issues;
    };
  };
}

/** Issues as one sentence. */
export const messageOf = (issues: readonly Issue[]): string =>
  issues.map(({ message }) => message).join('; ');

const NO_ROW: RowValues = () => null;

/** The rules of a field as one function that gives a sentence, or null; undefined if it has none. */
export function compileValidators(
  field: Field,
  budget = new RuleBudget(),
): ((value: PlainValue, row?: RowValues) => string | null) | undefined {
  const check = compileChecks(field, budget)?.();
  if (check === undefined) return undefined;
  return (value, row = NO_ROW) => {
    const issues = check(value, row);
    return issues.length === 0 ? null : messageOf(issues);
  };
}
