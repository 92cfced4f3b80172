import { DAY_MS, isBlank, type PlainValue, type Temporal } from '../../cells.ts';
import type { Field } from '../../configuration.ts';
import { isCross, writtenBoolean } from './boolean-text.ts';
import type { DayOrder } from './column-evidence.ts';
import { dateOfCompact, dateOfSerial, writtenDate } from './date-text.ts';
import { type DecimalSign, numberOf, type WrittenNumber, writtenNumber } from './number-text.ts';

/** A value that its field's type or one of its steps cannot read. */
export class Unreadable {
  readonly value: Exclude<PlainValue, null>;

  constructor(value: Exclude<PlainValue, null>) {
    this.value = value;
  }
}

/** Takes a value to what the field holds, or says that it cannot. */
export type CellReader = (value: Exclude<PlainValue, null>) => PlainValue | Unreadable;

/** How a column writes what it holds. `told` is what a step says, which nothing else is read than. */
export interface Locale {
  readonly decimal: DecimalSign;
  readonly order: DayOrder;
  readonly told: { readonly decimal: boolean; readonly order: boolean };
  /** Whether `x` says no, as it does beside `✓` or `o`. */
  readonly crossIsNo: boolean;
  /** Whether dates with dots begin with the month, as hardly any do. */
  readonly dotsBeginWithMonth: boolean;
  /** Whether texts of the column leave no doubt about its decimal sign. */
  readonly decimalIsShown: boolean;
}

type Typed = Exclude<Field['dtype'], 'string'>;

/** What a value of a type is called in a message. */
export const TYPE_NAMES: Record<Typed, string> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  date: 'a date',
  datetime: 'a date and time',
};

/** What a workbook can hold: nothing beyond all bounds, and no whole number whose last digits would be lost. */
function held(written: WrittenNumber, decimal: DecimalSign): number | null {
  const number = numberOf(written, decimal);
  const isExact = written.exponent !== '' || !Number.isInteger(number) || Number.isSafeInteger(number);
  return Number.isFinite(number) && isExact ? number : null;
}

function readNumber(text: string, { decimal, told }: Locale): number | null {
  const written = writtenNumber(text);
  if (written === null) return null;
  const fits = written.decimal === 'none' || written.decimal === 'either' || written.decimal === decimal;
  return told.decimal && !fits ? null : held(written, decimal);
}

function readInteger(text: string, locale: Locale): number | null {
  const written = writtenNumber(text);
  if (written === null) return null;
  // What could be thousands is, where nothing but whole numbers are wanted.
  const wanted = written.decimal === 'either' && !locale.told.decimal && !locale.decimalIsShown;
  const number = wanted ? held(written, written.body.includes('.') ? ',' : '.') : readNumber(text, locale);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

function readDate(text: string, { order, told, dotsBeginWithMonth }: Locale): Temporal | null {
  const written = writtenDate(text);
  if (written === null) return null;
  const { dayFirst, monthFirst, isDotted, yearFirst } = written;
  if (told.order && order !== 'ymd') return order === 'mdy' ? monthFirst : dayFirst;
  if (isDotted && !told.order) return dotsBeginWithMonth ? (monthFirst ?? dayFirst) : dayFirst;
  if (order === 'mdy') return monthFirst ?? dayFirst;
  if (order === 'dmy') return dayFirst ?? monthFirst;
  if (yearFirst !== undefined) return yearFirst;
  // Years stand first: what reads either way only.
  return dayFirst !== null && monthFirst !== null && dayFirst.ms === monthFirst.ms ? dayFirst : null;
}

function dateOfValue(value: Exclude<PlainValue, null>, locale: Locale): Temporal | null {
  if (typeof value === 'string') return readDate(value, locale);
  if (typeof value === 'number') return dateOfSerial(value) ?? dateOfCompact(String(value));
  if (typeof value !== 'object' || (value.kind !== 'date' && value.kind !== 'datetime')) return null;
  return value;
}

/** A day without a clock is a date. */
const asDate = (value: Temporal): Temporal =>
  value.kind === 'datetime' && value.ms % DAY_MS === 0 ? { kind: 'date', ms: value.ms } : value;

function numberOfValue(value: Exclude<PlainValue, null>, locale: Locale): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? readNumber(value, locale) : null;
}

function integerOfValue(value: Exclude<PlainValue, null>, locale: Locale): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  return typeof value === 'string' ? readInteger(value, locale) : null;
}

function booleanOfValue(value: Exclude<PlainValue, null>, { crossIsNo }: Locale): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : null;
  if (typeof value !== 'string') return null;
  return crossIsNo && isCross(value.trim()) ? false : writtenBoolean(value);
}

function read(type: Typed, value: Exclude<PlainValue, null>, locale: Locale): PlainValue {
  if (type === 'number') return numberOfValue(value, locale);
  if (type === 'integer') return integerOfValue(value, locale);
  if (type === 'boolean') return booleanOfValue(value, locale);
  const date = dateOfValue(value, locale);
  return type === 'date' && date !== null ? asDate(date) : date;
}

/** What reads the values of a type as a column writes them. A blank text stays as it is. */
export const typedReader =
  (type: Typed, locale: Locale): CellReader =>
  (value) =>
    isBlank(value) ? value : (read(type, value, locale) ?? new Unreadable(value));
