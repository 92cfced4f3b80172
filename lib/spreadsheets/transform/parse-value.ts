import type { PlainValue } from '../cells.ts';
import { temporalOfIso } from '../read/number-format.ts';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const PARTS = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
// Two-digit years as spreadsheet programs read them: up to 29 is this century.
const PIVOT_YEAR = 30;

function century(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < PIVOT_YEAR ? 2000 + year : 1900 + year;
}

/** A date written in figures; null if it is none or no calendar has it. Years of four digits may stand first. */
export function parseDate(text: string, order: DateOrder): PlainValue {
  const trimmed = text.trim();
  const iso = /^\d{4}-/.test(trimmed) ? temporalOfIso(trimmed.replace(' ', 'T')) : null;
  const match = PARTS.exec(trimmed);
  if (match === null) return iso;
  const [, a = '', b = '', c = '', hour, minute = '0', second = '0'] = match;
  const yearFirst = a.length === 4 || order === 'ymd';
  const [year, month, day] = yearFirst ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b];
  const fullYear = century(year);
  const date = new Date(Date.UTC(fullYear, Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!real || date.getUTCFullYear() !== fullYear) return null;
  if (hour === undefined) return { kind: 'date', ms: date.getTime() };
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return { kind: 'datetime', ms: date.getTime() + seconds * 1000 };
}

const SIGNS = /[\s\u00a0\u202f'$€£¥]/g;
const GROUPED: Record<'.' | ',', RegExp> = {
  '.': /^-?\d{1,3}(,\d{3})+(\.\d+)?$/,
  ',': /^-?\d{1,3}(\.\d{3})+(,\d+)?$/,
};
const PLAIN: Record<'.' | ',', RegExp> = {
  '.': /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i,
  ',': /^-?(\d+(,\d*)?|,\d+)(e[+-]?\d{1,3})?$/i,
};

/** A number as people write it: `1,234.50`, `$ 12`, `(3.10)` for a negative, `12 %`. Null if it is none. */
export function parseNumber(text: string, decimal: '.' | ','): number | null {
  let bare = text.replace(SIGNS, '');
  const negative = /^\(.+\)$/.test(bare);
  if (negative) bare = `-${bare.slice(1, -1)}`;
  const percent = bare.endsWith('%');
  if (percent) bare = bare.slice(0, -1);
  if (bare.startsWith('+')) bare = bare.slice(1);
  const grouping = decimal === '.' ? ',' : '.';
  if (GROUPED[decimal].test(bare)) bare = bare.replaceAll(grouping, '');
  else if (!PLAIN[decimal].test(bare)) return null;
  const number = Number(decimal === ',' ? bare.replace(',', '.') : bare);
  if (!Number.isFinite(number)) return null;
  return percent ? number / 100 : number;
}
