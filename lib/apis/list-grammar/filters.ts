import { invalid, type Refused } from '../operation/refusal.ts';
import { lostIn } from '../operation/strict-json.ts';
import { relativeRange } from './relative-dates.ts';

const MOST_FILTERS = 25;
const MOST_CHARACTERS = 8192;

export const OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'lte',
  'gt',
  'gte',
  'iLike',
  'notILike',
  'isEmpty',
  'isNotEmpty',
  'between',
] as const;
export type Operator = (typeof OPERATORS)[number];

const ALIASES: Record<string, Operator> = {
  inArray: 'in',
  notInArray: 'notIn',
  isBetween: 'between',
  isRelativeToToday: 'between',
};

/** A filter as it was asked for: its shape is right, whether its list knows it is not checked yet. */
export interface FilterItem {
  id: string;
  operator: Operator;
  value: unknown;
}

/** @throws Refused 422. Filters without a value are left out: that is how clients send an empty field. */
export function parseFilters(raw: string | undefined, now: Date): FilterItem[] {
  const decoded = decode(raw?.trim() ?? '');
  if (decoded.length > MOST_FILTERS) throw invalid(`Too many filters (max ${MOST_FILTERS}).`);
  return decoded.flatMap((item, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw invalid(`Filter #${index + 1} must be an object`);
    }
    return parseItem(item as Record<string, unknown>, now) ?? [];
  });
}

function decode(text: string): unknown[] {
  if (text === '') return [];
  if (Array.from(text).length > MOST_CHARACTERS)
    throw invalid(`filters exceeds ${MOST_CHARACTERS} characters`);
  const decoded = parseJson(text);
  if (decoded === undefined) throw invalid('filters must be valid JSON');
  const lost = lostIn(text);
  if (lost !== undefined) throw invalid(`filters: ${lost}`);
  if (!Array.isArray(decoded)) throw invalid('filters must be a JSON array');
  return decoded;
}

/** Undefined for what is not JSON, which no JSON is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** An own member: filters come from outside, and `constructor` is a member of every object otherwise. */
const member = (item: object, name: string): unknown =>
  Object.getOwnPropertyDescriptor(item, name)?.value as unknown;

function parseItem(item: object, now: Date): FilterItem | undefined {
  const sent = member(item, 'operator');
  const id = member(item, 'id');
  if (typeof sent !== 'string') throw malformed(id, sent);
  const operator = Object.hasOwn(ALIASES, sent) ? (ALIASES[sent] as Operator) : sent;
  const isValueless = operator === 'isEmpty' || operator === 'isNotEmpty';
  const cleaned = clean(member(item, 'value'));
  const value = sent === 'isRelativeToToday' ? relativeRange(cleaned, now) : cleaned;
  const isBlank = value === undefined || value === null || value === '';
  if (!isValueless && (isBlank || (Array.isArray(value) && value.length === 0))) return undefined;
  if (typeof id !== 'string' || !isOperator(operator)) throw malformed(id, operator);
  const parsed = { id, operator, value: isValueless ? undefined : value };
  assertShape(parsed);
  return parsed;
}

/** Texts without the space around them, and lists without the texts that are nothing else. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (!Array.isArray(value)) return value;
  return value
    .map((entry: unknown) => (typeof entry === 'string' ? entry.trim() : entry))
    .filter((entry) => entry !== '');
}

const isOperator = (word: string): word is Operator => (OPERATORS as readonly string[]).includes(word);

function malformed(id: unknown, operator: unknown): Refused {
  const names = OPERATORS.map((name) => `'${name}'`);
  const oneOf = `Input should be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  const missing = (path: string) => ({ path, message: 'Field required', code: 'missing' });
  const issues = [];
  if (id === undefined) issues.push(missing('id'));
  else if (typeof id !== 'string') {
    issues.push({ path: 'id', message: 'Input should be a valid string', code: 'string_type' });
  }
  if (operator === undefined) issues.push(missing('operator'));
  else if (typeof operator !== 'string' || !isOperator(operator)) {
    issues.push({ path: 'operator', message: oneOf, code: 'enum' });
  }
  return invalid('Invalid request', issues);
}

function assertShape({ id, operator, value }: FilterItem): void {
  const problem = problemOf(operator, value);
  if (problem !== undefined) throw invalid(`Filter '${id}' with operator '${operator}' ${problem}`);
}

function problemOf(operator: Operator, value: unknown): string | undefined {
  switch (operator) {
    case 'isEmpty':
    case 'isNotEmpty':
      return undefined;
    case 'in':
    case 'notIn':
      return Array.isArray(value) ? undefined : 'expects a non-empty array value';
    case 'between':
      if (!Array.isArray(value) || value.length !== 2) return 'expects a 2-element array value';
      return value.includes(null) ? 'requires two non-null values' : undefined;
    default:
      return Array.isArray(value) ? 'expects a scalar value' : undefined;
  }
}
