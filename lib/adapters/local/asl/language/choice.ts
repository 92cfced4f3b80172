import { StatesError } from './failure.ts';
import { isObject, type JsonObject } from './json.ts';
import { look, type Roots, resolve } from './paths.ts';

const ORDERS: Record<string, (order: number) => boolean> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** RFC 3339 with a `T` and a zone, as the specification wants timestamps. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
export const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));

const TYPES: Record<string, { is(value: unknown): boolean; order(one: never, other: never): number }> = {
  String: {
    is: (value) => typeof value === 'string',
    order: (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0),
  },
  Numeric: { is: (value) => typeof value === 'number', order: (one: number, other: number) => one - other },
  Boolean: {
    is: (value) => typeof value === 'boolean',
    order: (one: boolean, other: boolean) => +one - +other,
  },
  Timestamp: {
    is: isTimestamp,
    order: (one: string, other: string) => Date.parse(one) - Date.parse(other),
  },
};

const KINDS: Record<string, (value: unknown) => boolean> = {
  IsNull: (value) => value === null,
  IsPresent: (value) => value !== undefined,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
};

/** `*` stands for any characters, `\*` for itself. */
function matches(value: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|\*|[\s\S]/g, (found, escaped?: string) => {
    if (escaped === undefined && found === '*') return '[\\s\\S]*';
    return (escaped ?? found).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u').test(value);
}

const OPERATOR =
  /^(?:(String|Numeric|Timestamp)(Equals|(?:Less|Greater)Than(?:Equals)?)|(Boolean)(Equals))(Path)?$/;

const operatorsOf = (rule: JsonObject): string[] =>
  Object.keys(rule).filter(
    (name) => OPERATOR.test(name) || name === 'StringMatches' || Object.hasOwn(KINDS, name),
  );

/** What is wrong with a rule, or with one within it; undefined for nothing. */
export function wrongRule(rule: unknown): string | undefined {
  if (!isObject(rule)) return 'is no object';
  const combined = ['And', 'Or', 'Not'].filter((name) => Object.hasOwn(rule, name));
  const operators = operatorsOf(rule);
  if (combined.length + operators.length !== 1)
    return `needs one comparison, and has ${[...combined, ...operators].join(', ') || 'none'}`;
  const [combiner] = combined;
  if (combiner === undefined)
    return typeof rule.Variable === 'string' && rule.Variable.startsWith('$')
      ? undefined
      : 'needs a Variable, which begins with $';
  const inner = combiner === 'Not' ? [rule.Not] : rule[combiner];
  if (!Array.isArray(inner) || inner.length === 0) return `needs a list of rules in ${combiner}`;
  return inner.map(wrongRule).find((wrong) => wrong !== undefined);
}

/**
 * Whether a rule of a Choice state in JSONPath holds.
 * https://states-language.net/spec.html#choice-state
 * @throws StatesError States.Runtime for a path that leads nowhere, unless presence is asked for
 */
export function holds(rule: JsonObject, roots: Roots): boolean {
  const { And, Or, Not, Variable } = rule;
  if (Array.isArray(And)) return And.every((inner) => isObject(inner) && holds(inner, roots));
  if (Array.isArray(Or)) return Or.some((inner) => isObject(inner) && holds(inner, roots));
  if (isObject(Not)) return !holds(Not, roots);
  const path = String(Variable);
  const [operator] = operatorsOf(rule);
  if (operator === undefined)
    throw new StatesError('States.Runtime', `A choice rule for '${path}' names no comparison.`);
  const wanted = rule[operator];
  const kind = KINDS[operator];
  if (operator === 'IsPresent') return (look(path, roots) !== undefined) === wanted;
  const value = resolve(path, roots);
  if (kind !== undefined) return kind(value) === wanted;
  if (operator === 'StringMatches') return typeof value === 'string' && matches(value, String(wanted));
  const [, ordered, comparison, only, equality, isPath] = OPERATOR.exec(operator) ?? [];
  const [type, order] = [ordered ?? only ?? '', comparison ?? equality ?? ''];
  const other = isPath === undefined ? wanted : resolve(String(wanted), roots);
  const typed = TYPES[type];
  if (typed === undefined || !typed.is(value) || !typed.is(other)) return false;
  const compare = typed.order as (one: unknown, other: unknown) => number;
  return ORDERS[order]?.(compare(value, other)) === true;
}
