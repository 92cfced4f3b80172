import { type CellValue, DAY_MS, type Temporal } from '../cells.ts';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Python writes what follows the second as microseconds, and nothing when there is nothing. */
const fraction = (ms: number): string => (ms % 1000 === 0 ? '' : `.${pad(ms % 1000, 3)}000`);

const minutesAndSeconds = (ms: number): string =>
  `${pad(Math.floor(ms / 60_000) % 60)}:${pad(Math.floor(ms / 1000) % 60)}${fraction(ms)}`;

const clock = (ms: number): string => `${pad(Math.floor(ms / 3_600_000))}:${minutesAndSeconds(ms)}`;

/** `1:02:03`, `1 day, 2:03:04`; a negative one counts back from whole days, as Python's `timedelta` does. */
function durationText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const text = `${Math.floor(rest / 3_600_000)}:${minutesAndSeconds(rest)}`;
  return days === 0 ? text : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${text}`;
}

function temporalText({ kind, ms }: Temporal): string {
  if (kind === 'duration') return durationText(ms);
  if (kind === 'time') return clock(ms);
  const day = new Date(ms);
  const midnight = Math.floor(ms / DAY_MS) * DAY_MS;
  const date = `${pad(day.getUTCFullYear(), 4)}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
  return `${date}T${clock(ms - midnight)}`;
}

// From here on Python writes an exponent, which JavaScript does only below 1e-6 and from 1e21.
const SMALL = 1e-4;

/**
 * A workbook does not tell 1 from 1.0, so a whole number has no point, and as many digits as are exact.
 * Every other number is written as Python writes a float.
 */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const large = Math.abs(value) >= 1e16;
  if (!large && Math.abs(value) >= SMALL) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}

/** A cell as a preview shows it. */
export function cellText(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  return value.kind === 'shown' ? value.text : temporalText(value);
}
