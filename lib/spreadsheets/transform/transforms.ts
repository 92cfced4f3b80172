import { isBlank, type PlainValue, textOf } from '../cells.ts';
import type { Transform } from '../configuration.ts';
import { type Lists, listFinder, NO_LISTS } from '../lists/list-finder.ts';
import { Pattern } from '../patterns.ts';
import { RuleBudget } from '../rule-budget.ts';
import { fullName, type NameRules } from './full-name.ts';
import { knownReader } from './known/known-values.ts';
import type { TextReader } from './known/text-reader.ts';
import { parseDate, parseNumber } from './parse-value.ts';
import { type CellReader, Unreadable } from './reading/typed-reader.ts';

/** Takes a value that is not null to the one to be written. */
export type ValueTransform = (value: Exclude<PlainValue, null>) => PlainValue;

// What a package takes to read a text, in steps for each character of it: up to a millionth of a second.
const PACKAGE_STEPS = 64;

const onText =
  (change: (text: string) => PlainValue | Unreadable): CellReader =>
  (value) =>
    typeof value === 'string' ? change(value) : value;

/** A step that goes through a text slowly: it takes so many steps of the budget for each character. */
const slowly = (
  steps: number,
  budget: RuleBudget,
  change: (text: string) => PlainValue | Unreadable,
): CellReader =>
  onText((text) => {
    budget.spend(steps * text.length, 'transform');
    return change(text);
  });

/** A blank text stays as it is. */
const orUnread = (text: string, read: PlainValue): PlainValue | Unreadable =>
  read ?? (isBlank(text) ? text : new Unreadable(text));

/** Numbers are taken as they are written: a telephone number may be one. */
const byPackage =
  (read: TextReader, budget: RuleBudget): CellReader =>
  (value) => {
    if (isBlank(value)) return value;
    const text = textOf(value).trim();
    budget.spend((1 + text.length) * PACKAGE_STEPS, 'transform');
    return read(text) ?? new Unreadable(value);
  };

const titleCase = (text: string): string =>
  text
    .toLowerCase()
    .replace(/(^|[\s\-'’(/])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

/** What steps are compiled with, beside what they say themselves. */
export interface StepRules {
  readonly budget: RuleBudget;
  readonly nameRules: NameRules;
  readonly lists: Lists;
  /** Lists that a validator of the field looks at: it tells what is not in them. */
  readonly checked?: ReadonlySet<string>;
}

/** A value that is not in the list is unreadable, unless a validator says so. */
function lookUp({ list, similarity }: NonNullable<Transform['lookup']>, rules: StepRules): CellReader {
  const { budget, lists, checked } = rules;
  const find = listFinder({ list, similarity }, lists, budget, 'transform');
  const isChecked = checked?.has(list) === true;
  return (value) => {
    if (isBlank(value)) return value;
    return find(textOf(value).trim()) ?? (isChecked ? value : new Unreadable(value));
  };
}

function compile(step: Transform, rules: StepRules): CellReader {
  const { budget, nameRules } = rules;
  if (step.trim) return onText((text) => text.trim() || null);
  if (step.collapse) return slowly(2, budget, (text) => text.trim().replace(/\s\s+|[^\S ]/g, ' ') || null);
  if (step['full-name']) {
    return (value) => {
      if (typeof value === 'string') budget.spend(2 * value.length, 'transform');
      return fullName(value, nameRules);
    };
  }
  if (step.case === 'upper') return onText((text) => text.toUpperCase());
  if (step.case === 'lower') return onText((text) => text.toLowerCase());
  if (step.case === 'title') return slowly(4, budget, titleCase);
  if (step.date) {
    const { order } = step.date;
    return slowly(1, budget, (text) => orUnread(text, parseDate(text, order)));
  }
  if (step.number) {
    const { decimal } = step.number;
    return slowly(1, budget, (text) => orUnread(text, parseNumber(text, decimal)));
  }
  if (step.replace) {
    const pattern = new Pattern(step.replace.pattern, budget, 'transform');
    const replacement = step.replace.with;
    return (value) => pattern.replace(textOf(value), replacement) || null;
  }
  if (step.split) {
    const { separator, index } = step.split;
    return slowly(1, budget, (text) => text.split(separator, index + 1)[index]?.trim() || null);
  }
  if (step.lookup) return lookUp(step.lookup, rules);
  const read = knownReader(step);
  if (read !== undefined) return byPackage(read, budget);
  const known = new Map(Object.entries(step.map ?? {}));
  return (value) => {
    const target = known.get(textOf(value).trim());
    return target === undefined ? value : target;
  };
}

/**
 * The steps of a field as one reader; undefined if it has none. What a step cannot read is unreadable, unless a
 * later step makes something else of it.
 */
export function compileSteps(steps: readonly Transform[], rules: StepRules): CellReader | undefined {
  if (steps.length === 0) return undefined;
  const compiled = steps.map((step) => compile(step, rules));
  const { budget } = rules;
  return (value) => {
    let current: PlainValue = value;
    let unread: PlainValue = null;
    for (const change of compiled) {
      if (current === null) return null;
      budget.spendOn(current, 'transform');
      const changed = change(current);
      current = changed instanceof Unreadable ? changed.value : changed;
      if (changed instanceof Unreadable) unread = current;
    }
    return current !== null && current === unread ? new Unreadable(current) : current;
  };
}

/** The steps of a field as one function, for which a value that none can read stays as it is. */
export function compileTransforms(
  steps: readonly Transform[],
  budget = new RuleBudget(),
  nameRules: NameRules = 'ade',
): ValueTransform | undefined {
  const read = compileSteps(steps, { budget, nameRules, lists: NO_LISTS });
  if (read === undefined) return undefined;
  return (value) => {
    const found = read(value);
    return found instanceof Unreadable ? found.value : found;
  };
}
