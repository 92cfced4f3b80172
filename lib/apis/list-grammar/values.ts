import { invalid, type Refused } from '../operation/refusal.ts';
import { uuidOf } from '../records/uuid.ts';

/** What a filter compares and a sort orders by. Instants are milliseconds since 1970, with a fraction. */
export type Value = string | number | boolean;
export type ValueType = 'text' | 'integer' | 'boolean' | 'uuid' | 'instant' | 'enum';

/** Numbers beyond this are milliseconds, below it seconds. */
const MOST_EPOCH_SECONDS = 100_000_000_000;
/** As far from 1970 as a Date reaches, in milliseconds. */
const MOST_MILLISECONDS = 8.64e15;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?)?$/i;

/** Epoch seconds or milliseconds as a number or text, or an ISO date or datetime; UTC unless it says otherwise. */
export function toInstant(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? fromEpoch(Number(text)) : fromIso(text);
}

function fromEpoch(number: number): number | undefined {
  const milliseconds = Math.abs(number) > MOST_EPOCH_SECONDS ? number : number * 1000;
  return Math.abs(milliseconds) <= MOST_MILLISECONDS ? milliseconds : undefined;
}

function fromIso(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    zone = 'Z',
  ] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // A day that the month does not have would have become one of the next month.
  if (Number(year) === 0 || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    return undefined;
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = offsetSeconds(zone);
  if (offset === undefined) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return date.getTime() + seconds * 1000 + Number(`0.${fraction}0`) * 1000;
}

function offsetSeconds(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replaceAll(':', '').padEnd(6, '0');
  const [hours, minutes, seconds] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number) as [
    number,
    number,
    number,
  ];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

/** In any of the spellings of RFC 9562 and its predecessors, as it is stored: lower case, with hyphens. */
export function toUuid(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const hex = value
    .toLowerCase()
    .replace(/^urn:/, '')
    .replace(/^uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '');
  return /^[0-9a-f]{32}$/.test(hex) ? uuidOf(hex) : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : undefined;
}

export function toInteger(value: unknown): number | undefined {
  if (typeof value === 'string') return /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined;
  return Number.isInteger(value) ? (value as number) : undefined;
}

/** Text as it is; numbers and booleans as JSON writes them. */
export const toText = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;

const EXPECTED: Record<ValueType, string> = {
  text: 'a string value',
  integer: 'an integer value',
  boolean: 'a boolean value',
  uuid: 'a UUID value',
  instant: 'an ISO datetime or epoch value',
  enum: 'a supported enum value',
};

export interface Typed {
  type: ValueType;
  /** What an enum may be. */
  values?: readonly string[];
}

const PARSERS: Record<ValueType, (value: unknown, typed: Typed) => Value | undefined> = {
  text: toText,
  integer: toInteger,
  boolean: toBoolean,
  uuid: toUuid,
  instant: toInstant,
  enum: (value, { values = [] }) => values.find((allowed) => allowed === value),
};

/** The value in the field's type; undefined when it is none of that type. */
export const coerce = (value: unknown, typed: Typed): Value | undefined => PARSERS[typed.type](value, typed);

export const unexpected = (id: string, type: ValueType): Refused =>
  invalid(`Filter '${id}' expects ${EXPECTED[type]}`);
