import { DAY_MS, type Temporal } from '../cells.ts';

/** What a number format makes of a number. */
export type NumberKind = 'number' | 'datetime' | 'duration';

/** Formats every spreadsheet program knows by number alone; the East Asian ones are dates too. */
export function builtinKind(id: number): NumberKind {
  if (id === 46) return 'duration';
  const date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47;
  return date || (id >= 50 && id <= 58) ? 'datetime' : 'number';
}

/** Reads a format code such as `yyyy-mm-dd` or `[h]:mm`: quoted, escaped and bracketed parts say nothing. */
export function formatKind(code: string): NumberKind {
  const positive = code.split(';', 1)[0] ?? '';
  if (/general/i.test(positive)) return 'number';
  if (/\[(hh?|mm?|ss?)\]/i.test(positive)) return 'duration';
  const bare = positive.replace(/"[^"]*"|\[[^\]]*\]|[\\_*]./g, '');
  return /[dmhys]/i.test(bare) ? 'datetime' : 'number';
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

const ISO =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(?:T?(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?:Z|[+-]\d\d:\d\d)?$/;

/** A cell of type date: `2024-03-04`, `2024-03-04T05:06:07`, `05:06:07`. A zone is not applied. Null if neither. */
export function temporalOfIso(text: string): Temporal | null {
  const match = ISO.exec(text.trim());
  if (match === null || text.trim() === '') return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '0'] = match;
  const clock =
    hour === undefined
      ? 0
      : (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 +
        Math.round(Number(`0.${fraction}`) * 1000);
  if (year === undefined) return hour === undefined ? null : { kind: 'time', ms: clock };
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return hour === undefined ? { kind: 'date', ms: date } : { kind: 'datetime', ms: date + clock };
}
