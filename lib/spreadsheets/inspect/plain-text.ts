import { type CellValue, DAY_MS, type Temporal } from '../cells.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `7`, `7.5`: seconds with as many digits of their fraction as there are. */
const secondsText = (ms: number): string => {
  const fraction = pad(ms % SECOND_MS, 3).replace(/0+$/, '');
  return `${Math.floor(ms / SECOND_MS)}${fraction === '' ? '' : `.${fraction}`}`;
};

function clockText(ms: number): string {
  const seconds = ms % MINUTE_MS;
  const lead = seconds < 10 * SECOND_MS ? '0' : '';
  return `${pad(Math.floor(ms / HOUR_MS))}:${pad(Math.floor(ms / MINUTE_MS) % 60)}:${lead}${secondsText(seconds)}`;
}

function dayText(ms: number): string {
  const day = new Date(ms);
  return `${pad(day.getUTCFullYear(), 4)}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
}

/** Hours are not counted up to days, of which the clock change makes some longer than others. */
function durationText(ms: number): string {
  const length = Math.abs(ms);
  const hours = Math.floor(length / HOUR_MS);
  const minutes = Math.floor(length / MINUTE_MS) % 60;
  const seconds = length % MINUTE_MS;
  const parts = [
    hours === 0 ? '' : `${hours}H`,
    minutes === 0 ? '' : `${minutes}M`,
    seconds === 0 && length > 0 ? '' : `${secondsText(seconds)}S`,
  ];
  return `${ms < 0 ? '-' : ''}PT${parts.join('')}`;
}

function temporalText({ kind, ms }: Temporal): string {
  const exact = Math.round(ms);
  if (kind === 'duration') return durationText(exact);
  if (kind === 'time') return clockText(exact);
  if (kind === 'date') return dayText(exact);
  const midnight = Math.floor(exact / DAY_MS) * DAY_MS;
  // A workbook does not tell a day from its first moment; people mean the day.
  if (midnight === exact) return dayText(exact);
  return `${dayText(midnight)}T${clockText(exact - midnight)}`;
}

/** Every digit of a number and no exponent. */
export function decimalText(value: number): string {
  const short = String(value);
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(short) ?? [];
  if (exponent === undefined) return short;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/**
 * A cell as text: numbers in plain decimals, `true` and `false`, dates and times in ISO 8601, durations as
 * `PT1H30M`, shown numbers as shown, and an empty text for an empty cell.
 */
export function plainText(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return decimalText(value);
  if (typeof value === 'boolean') return String(value);
  return value.kind === 'shown' ? value.text : temporalText(value);
}
