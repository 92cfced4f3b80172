import { invalid } from '../operation/refusal.ts';
import type { FilterItem, Operator } from './filters.ts';
import { matchesLike } from './like.ts';
import type { ListQuery } from './params.ts';
import { coerce, type Typed, unexpected, type Value } from './values.ts';

/** The first and the last value that a condition leaves in, of those that are ordered. */
export type Range = readonly [number, number];
export type Test<T> = (item: T) => boolean;

/** What a list filters by: which operators it takes, and what one of them with its value asks of an item. */
export interface FilterField<T> {
  operators: readonly Operator[];
  /** Undefined when the value asks for nothing. @throws Refused 422 for a value that is none of the field's. */
  compile(item: FilterItem): { test: Test<T>; range?: Range } | undefined;
}
export type FilterFields<T> = Readonly<Record<string, FilterField<T>>>;

export interface Condition<T> {
  id: string;
  test: Test<T>;
  range?: Range;
}

/** @throws Refused 422 for a filter or an operator that the list does not have, or a value of another type. */
export function compileFilters<T>(items: readonly FilterItem[], fields: FilterFields<T>): Condition<T>[] {
  return items.flatMap((item) => {
    const { id, operator } = item;
    const field = Object.hasOwn(fields, id) ? fields[id] : undefined;
    if (field === undefined) {
      throw invalid(`Unsupported filter id '${id}'. Allowed: ${Object.keys(fields).sort().join(', ')}`);
    }
    if (!field.operators.includes(operator)) {
      const allowed = field.operators.toSorted().join(', ');
      throw invalid(`Unsupported operator '${operator}' for '${id}'. Allowed: ${allowed}`);
    }
    const compiled = field.compile(item);
    return compiled === undefined ? [] : [{ id, ...compiled }];
  });
}

/** Whether an item meets the conditions, joined as asked. No conditions ask for nothing. */
export function meets<T>(
  conditions: readonly Condition<T>[],
  joinOperator: ListQuery['joinOperator'],
): Test<T> {
  if (conditions.length === 0) return () => true;
  return joinOperator === 'and'
    ? (item) => conditions.every(({ test }) => test(item))
    : (item) => conditions.some(({ test }) => test(item));
}

/**
 * A field whose value is compared. As in SQL, an item that has no value meets no condition on it, not even
 * `ne` and `notIn`, but for `isEmpty`.
 */
export function compared<T>(
  typed: Typed & { operators: readonly Operator[]; of(item: T): Value | undefined },
): FilterField<T> {
  const { operators, of } = typed;
  return {
    operators,
    compile({ id, operator, value }) {
      const parse = (one: unknown): Value => {
        const parsed = coerce(one, typed);
        if (parsed === undefined) throw unexpected(id, typed.type);
        return parsed;
      };
      if (operator === 'isEmpty') return { test: (item) => of(item) === undefined };
      if (operator === 'isNotEmpty') return { test: (item) => of(item) !== undefined };
      const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== null).map(parse);
      const holds = COMPARISONS[operator](values);
      const range = typed.type === 'instant' ? rangeOf(operator, values as number[]) : undefined;
      const test = (item: T): boolean => {
        const found = of(item);
        return found !== undefined && holds(found);
      };
      return range === undefined ? { test } : { test, range };
    },
  };
}

/** The values of an ordered field that the conditions leave in; everything when they say nothing about it. */
export function rangeOver<T>(
  conditions: readonly Condition<T>[],
  joinOperator: ListQuery['joinOperator'],
  fieldId: string,
): Range {
  const isConjunction = joinOperator === 'and' || conditions.length === 1;
  const ranges = conditions.flatMap(({ id, range }) =>
    id === fieldId && range !== undefined ? [range] : [],
  );
  return (isConjunction ? ranges : []).reduce<Range>(
    ([first, last], [from, to]) => [Math.max(first, from), Math.min(last, to)],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
}

type Comparison = (values: readonly Value[]) => (found: Value) => boolean;
const COMPARISONS: Record<Exclude<Operator, 'isEmpty' | 'isNotEmpty'>, Comparison> = {
  eq:
    ([value]) =>
    (found) =>
      found === value,
  ne:
    ([value]) =>
    (found) =>
      found !== value,
  in: (values) => (found) => values.includes(found),
  notIn: (values) => (found) => !values.includes(found),
  lt: ordered((found, [value]) => found < value),
  lte: ordered((found, [value]) => found <= value),
  gt: ordered((found, [value]) => found > value),
  gte: ordered((found, [value]) => found >= value),
  between: ordered((found, [first, last]) => found >= first && found <= last),
  iLike: ([pattern]) => matchesLike(String(pattern)),
  notILike: ([pattern]) => {
    const matches = matchesLike(String(pattern));
    return (found) => !matches(found);
  },
};

/** A list takes these operators only for numbers: instants and sizes. */
function ordered(compare: (found: number, values: [number, number]) => boolean): Comparison {
  return ([first, last = first]) => {
    const ends: [number, number] = [Number(first), Number(last)];
    return (found) => compare(Number(found), ends);
  };
}

function rangeOf(operator: Operator, [first = 0, last = first]: readonly number[]): Range | undefined {
  switch (operator) {
    case 'eq':
    case 'between':
      return [first, last];
    case 'lt':
    case 'lte':
      return [Number.NEGATIVE_INFINITY, first];
    case 'gt':
    case 'gte':
      return [first, Number.POSITIVE_INFINITY];
    default:
      return undefined;
  }
}
