import type { Temporal } from '../../cells.ts';
import { temporalOf } from '../../read/number-format.ts';
import { calendarNames, plainWord } from './month-names.ts';
import { plainFigures } from './plain-figures.ts';

/** A date whose figures say what is the day and what the month, or do not: then the two differ. */
export interface WrittenDate {
  readonly dayFirst: Temporal | null;
  readonly monthFirst: Temporal | null;
  /** Parted by dots, which hardly anybody does who begins with the month. */
  readonly isDotted?: true;
  /** What it is if its two figures at the start, and not those at the end, are the year: `24-03-04`. */
  readonly yearFirst?: Temporal;
  /** The figures at the start and at the end of a date that has two of each. */
  readonly ends?: readonly [number, number];
}

/** Longer texts are no dates. */
const MAX_CHARACTERS = 60;
// Two-digit years as spreadsheet programs read them: up to 29 is this century.
const PIVOT_YEAR = 30;

/** Serial day numbers that are taken for dates: 1927-05-18 to 2119-01-11. */
const FIRST_SERIAL = 10_000;
const LAST_SERIAL = 80_000;

const CLOCK =
  /(?:^|[\sT,]+)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const FIGURES = /^(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?$/;
const EAST_ASIAN = /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]$/;
const COMPACT = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
const SERIAL = /^\d{5}(?:[.,]\d{1,15})?$/;
const ORDINAL = /^(\d{1,4})(?:st|nd|rd|th|er|e|º|ª|o|a)?$/;
// Words between the parts of a date.
const FILLERS: ReadonlySet<string> = new Set([
  'de',
  'del',
  'of',
  'the',
  'den',
  'le',
  'el',
  'г',
  'року',
  'года',
  'р',
]);

function yearOf(digits: string): number | null {
  if (digits.length === 4) return Number(digits);
  if (digits.length !== 2) return null;
  return Number(digits) < PIVOT_YEAR ? 2000 + Number(digits) : 1900 + Number(digits);
}

function day(year: number | null, month: number, date: number, clock: number | null): Temporal | null {
  if (year === null || month < 1 || month > 12 || date < 1) return null;
  const at = new Date(Date.UTC(year, month - 1, date));
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1) return null;
  return clock === null ? { kind: 'date', ms: at.getTime() } : { kind: 'datetime', ms: at.getTime() + clock };
}

/** Milliseconds since midnight; null if no clock shows that. */
function clockOf([, hour = '', minute = '', second = '0', half = '']: readonly string[]): number | null {
  const isHalf = /^[ap]/i.test(half);
  const hours = Number(hour);
  if (Number(minute) > 59 || Number(second) > 59 || hours > (isHalf ? 12 : 23)) return null;
  const shown = isHalf ? (hours % 12) + (/^p/i.test(half) ? 12 : 0) : hours;
  return ((shown * 60 + Number(minute)) * 60 + Number(second)) * 1000;
}

const sure = (value: Temporal | null): WrittenDate | null =>
  value === null ? null : { dayFirst: value, monthFirst: value };

function figures(text: string, clock: number | null): WrittenDate | null {
  const [, a = '', sign, b = '', c = ''] = FIGURES.exec(text) ?? [];
  if (sign === undefined) return null;
  if (a.length === 4) return c.length > 2 ? null : sure(day(Number(a), Number(b), Number(c), clock));
  // A year of two figures stands first only where it can be nothing else.
  if (a.length === 2 && Number(a) > 31)
    return c.length > 2 ? null : sure(day(yearOf(a), Number(b), Number(c), clock));
  const dayFirst = day(yearOf(c), Number(b), Number(a), clock);
  const monthFirst = day(yearOf(c), Number(a), Number(b), clock);
  if (sign === '.') return (dayFirst ?? monthFirst) ? { dayFirst, monthFirst, isDotted: true } : null;
  const yearFirst = a.length === 2 && c.length === 2 ? day(yearOf(a), Number(b), Number(c), clock) : null;
  if ((dayFirst ?? monthFirst ?? yearFirst) === null) return null;
  const years = yearFirst === null ? {} : { yearFirst, ends: [Number(a), Number(c)] as const };
  return { dayFirst, monthFirst, ...years };
}

function named(text: string, clock: number | null): WrittenDate | null {
  const { months, weekdays } = calendarNames();
  let month: number | null = null;
  // `mar. 7 mai`: a name of both a day and a month is that of the day where another month follows.
  let isWeekday = false;
  const numbers: string[] = [];
  for (const word of text.split(/[\s,/-]+|(?<=\d)\.(?=\s|\p{L}|$)/u)) {
    const plain = plainWord(word);
    const [, number] = ORDINAL.exec(plain) ?? [];
    if (number !== undefined) numbers.push(number);
    else if (months.has(plain) && (month === null || isWeekday)) {
      month = months.get(plain) ?? null;
      isWeekday = weekdays.has(plain);
    } else if (plain !== '' && !FILLERS.has(plain) && !weekdays.has(plain)) return null;
  }
  const [first = '', second = '', ...more] = numbers;
  if (month === null || second === '' || more.length > 0) return null;
  const yearFirst = first.length === 4;
  const year = yearOf(yearFirst ? first : second);
  return sure(day(year, month, Number(yearFirst ? second : first), clock));
}

/** A serial day number as a date; null if it stands for no day that people write of. */
export function dateOfSerial(serial: number): Temporal | null {
  if (serial < FIRST_SERIAL || serial > LAST_SERIAL) return null;
  const value = temporalOf(serial, 'datetime', false);
  return value !== null && Number.isInteger(serial) ? { kind: 'date', ms: value.ms } : value;
}

/** `20240304`, as a text or a number; null if it is no day. */
export function dateOfCompact(text: string): Temporal | null {
  const [, year = '', month = '', date = ''] = COMPACT.exec(text) ?? [];
  return year === '' ? null : day(Number(year), Number(month), Number(date), null);
}

// Writing of a day takes longest to read, and a column has few days.
const MAX_REMEMBERED = 2_000;
const remembered = new Map<string, WrittenDate | null>();

/**
 * Reads a date in figures or with the name of its month: `2024-03-04`, `4.3.24`, `3/4/2024 5:06 pm`,
 * `3. Mai 2024`, `May 3rd, 2024`, `2024年5月3日`, a serial day number. Null if the text is no date.
 */
export function writtenDate(raw: string): WrittenDate | null {
  if (raw.length > MAX_CHARACTERS) return null;
  const text = plainFigures(raw);
  if (!/\d/.test(text)) return null;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const date = dateIn(text);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, date);
  return date;
}

function dateIn(text: string): WrittenDate | null {
  if (SERIAL.test(text)) return sure(dateOfSerial(Number(text.replace(',', '.'))));
  const compact = dateOfCompact(text);
  if (compact !== null) return sure(compact);
  // A colon or the like makes a clock; without one `4.3.24` ends in what looks like a clock.
  const clocked = /[:T]|\dh\d|uhr$|[ap]\.?m\.?$/i.test(text) ? CLOCK.exec(text) : null;
  const clock = clocked === null ? null : clockOf(clocked);
  if (clocked !== null && clock === null) return null;
  const rest = clocked === null ? text : text.slice(0, clocked.index).trim();
  const [, y = '', m = '', d = ''] = EAST_ASIAN.exec(rest) ?? [];
  if (y !== '') return sure(day(Number(y), Number(m), Number(d), clock));
  const bare = rest.replace(/^(\p{L}{2,12})[.,]*\s+(?=\d)/u, (whole, word: string) =>
    calendarNames().weekdays.has(plainWord(word)) ? '' : whole,
  );
  const found = figures(bare, clock);
  if (found !== null) return found;
  return /\p{L}/u.test(rest) ? named(rest, clock) : null;
}
