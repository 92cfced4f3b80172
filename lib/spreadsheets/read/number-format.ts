import { DAY_MS, type Temporal } from '../cells.ts';
import { type DigitMask, digitMask } from './digit-mask.ts';
import { formatSections } from './format-code.ts';
import { unitOf } from './number-unit.ts';

/** What a number format makes of a number. */
export type NumberKind = 'number' | 'datetime' | 'duration';

/** Formats every spreadsheet program knows by number alone; the East Asian ones are dates too. */
export function builtinKind(id: number): NumberKind {
  if (id === 46) return 'duration';
  const date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47;
  return date || (id >= 50 && id <= 58) ? 'datetime' : 'number';
}

const ELAPSED = /^(hh?|mm?|ss?)$/i;

/** Reads a format code such as `yyyy-mm-dd` or `[h]:mm`: quoted, escaped and bracketed parts say nothing. */
export function formatKind(code: string): NumberKind {
  const positive = formatSections(code)[0] ?? [];
  if (positive.some(({ kind, text }) => kind === 'bracket' && ELAPSED.test(text))) return 'duration';
  const bare = positive.map(({ kind, text }) => (kind === 'sign' ? text : '')).join('');
  return !/general/i.test(bare) && /[dmhys]/i.test(bare) ? 'datetime' : 'number';
}

/** What a number format makes of a number, and what it shows beside it. */
export interface NumberFormat {
  readonly kind: NumberKind;
  /** Shows numbers that are names, such as postcodes with their leading zeros. */
  readonly mask: DigitMask | null;
  /** `percent`, `elapsed`, or a currency as it is written: `€`, `EUR`. */
  readonly unit: string | null;
}

/** The format of numbers that are nothing but numbers. */
export const PLAIN_FORMAT: NumberFormat = { kind: 'number', mask: null, unit: null };

function formatOf(kind: NumberKind, mask: DigitMask | null, unit: string | null): NumberFormat {
  return kind === 'number' && mask === null && unit === null ? PLAIN_FORMAT : { kind, mask, unit };
}

/** Reads a format code whole. */
export function numberFormat(code: string): NumberFormat {
  const kind = formatKind(code);
  if (kind === 'datetime') return formatOf(kind, null, null);
  if (kind === 'duration') return formatOf(kind, null, 'elapsed');
  return formatOf(kind, digitMask(code), unitOf(formatSections(code)[0] ?? []));
}

const PERCENT_IDS = [9, 10];
const CURRENCY_IDS = [5, 6, 7, 8, 42, 44];

/** The format that every spreadsheet program knows by this number. */
export function builtinFormat(id: number): NumberFormat {
  const kind = builtinKind(id);
  if (kind === 'duration') return formatOf(kind, null, 'elapsed');
  if (PERCENT_IDS.includes(id)) return formatOf(kind, null, 'percent');
  return formatOf(kind, null, CURRENCY_IDS.includes(id) ? '$' : null);
}

/** Days from 1899-12-30, the day 0 of most workbooks, to 1970-01-01; and from 1904-01-01 where a workbook says so. */
const DAYS_TO_1970 = 25_569;
const DAYS_FROM_1900_TO_1904 = 1_462;
// Day 60 is 1900-02-29, a day that never was; the days before it are counted one too low.
const LEAP_DAY = 60;
const LAST_DAY = 2_958_466;

/** A serial day number as the date, time or duration it stands for; null if no calendar has such a day. */
export function temporalOf(
  serial: number,
  kind: 'datetime' | 'duration',
  date1904: boolean,
): Temporal | null {
  if (kind === 'duration') return { kind, ms: Math.round(serial * DAY_MS) };
  // A workbook that counts from 1904 can name earlier days, by negative numbers.
  const firstDay = date1904 ? 1 - DAYS_FROM_1900_TO_1904 : 0;
  if (serial < firstDay || serial >= LAST_DAY) return null;
  const day = Math.floor(serial);
  const clock = Math.round((serial - day) * DAY_MS);
  if (day === 0 && clock < DAY_MS) return { kind: 'time', ms: clock };
  const shift = date1904 ? DAYS_FROM_1900_TO_1904 : day < LEAP_DAY ? 1 : 0;
  return { kind, ms: (day + shift - DAYS_TO_1970) * DAY_MS + clock };
}

/** The serial day number of a value, in a workbook that counts from 1900. */
export function serialOf({ kind, ms }: Temporal): number {
  const days = ms / DAY_MS;
  if (kind === 'time' || kind === 'duration') return days;
  const serial = days + DAYS_TO_1970;
  return serial >= 2 && serial < LEAP_DAY + 1 ? serial - 1 : serial;
}

const ISO = /^(?:(\d{4})-(\d\d)-(\d\d))?(?:T?(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(?:Z|[+-]\d\d:\d\d)?$/;

/** A day of the calendar; NaN where there is no such day. The years before 100 are not those after 1900. */
function dayOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : Number.NaN;
}

/** A clock; NaN where none shows it. Midnight may be 24:00, and a leap second is one. */
function clockOf(hour: number, minute: number, second: number, fraction: string): number {
  const ms = (hour * 3600 + minute * 60 + second) * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
  return ms <= DAY_MS && minute < 60 && second <= 60 ? ms : Number.NaN;
}

/** A cell of type date: `2024-03-04`, `2024-03-04T05:06:07`, `05:06:07`, with any digits of a second. A zone is not applied. Null if neither. */
export function temporalOfIso(text: string): Temporal | null {
  const match = ISO.exec(text.trim());
  if (match === null || text.trim() === '') return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '0'] = match;
  const clock = hour === undefined ? 0 : clockOf(Number(hour), Number(minute), Number(second), fraction);
  const date = year === undefined ? 0 : dayOf(Number(year), Number(month), Number(day));
  if (Number.isNaN(date + clock)) return null;
  if (year === undefined) return hour === undefined ? null : { kind: 'time', ms: clock };
  return hour === undefined ? { kind: 'date', ms: date } : { kind: 'datetime', ms: date + clock };
}
