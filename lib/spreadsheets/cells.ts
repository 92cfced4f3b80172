/** What a cell with a date or time format holds, without any time zone. */
export interface Temporal {
  readonly kind: 'date' | 'datetime' | 'time' | 'duration';
  /** Milliseconds: since 1970-01-01 on the wall clock (date, datetime), since midnight (time), or long (duration). */
  readonly ms: number;
}

/** A number that is shown as a name rather than an amount: `02494` of format `00000`, `078-05-1120`. */
export interface ShownNumber {
  readonly kind: 'shown';
  readonly value: number;
  /** As the file's format shows it, leading zeros and all. */
  readonly text: string;
}

/** One cell. Error cells are read as their text, such as `#N/A`; an empty text is null. */
export type CellValue = string | number | boolean | Temporal | ShownNumber | null;

/** A value whose column is settled, so that a shown number is either its number or its text. */
export type PlainValue = Exclude<CellValue, ShownNumber>;

export const DAY_MS = 86_400_000;

/** Whether a cell counts as empty in every count: null or nothing but whitespace. */
export function isBlank(value: CellValue): boolean {
  if (value === null) return true;
  if (typeof value !== 'string') return false;
  const first = value.charCodeAt(0);
  // Most texts start with a visible ASCII character; only the rest is worth a trim.
  if (first > 32 && first < 127) return false;
  return value.trim() === '';
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function clockText(ms: number): string {
  const millis = ms % 1000;
  const seconds = Math.floor(ms / 1000);
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return millis === 0 ? clock : `${clock}.${pad(millis, 3)}`;
}

function dayText(ms: number): string {
  const day = new Date(ms);
  return `${pad(day.getUTCFullYear(), 4)}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
}

/** `2024-03-04`, `2024-03-04 05:06:07`, `05:06:07`; milliseconds only where there are any. */
export function temporalText({ kind, ms }: Temporal): string {
  if (kind === 'date') return dayText(ms);
  if (kind === 'time') return clockText(ms);
  if (kind === 'duration') return ms < 0 ? `-${clockText(-ms)}` : clockText(ms);
  const midnight = Math.floor(ms / DAY_MS) * DAY_MS;
  return `${dayText(ms)} ${clockText(ms - midnight)}`;
}

/** A value as it stands in a column of texts: `1`, `true`, `2024-03-04 00:00:00`; a shown number as shown. */
export function textOf(value: Exclude<CellValue, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return value.kind === 'shown' ? value.text : temporalText(value);
  return String(value);
}

/** A header cell's text, trimmed; null where the header is blank. Booleans read `True` and `False`. */
export function headerText(value: CellValue): string | null {
  if (value === null) return null;
  const text = typeof value === 'boolean' ? (value ? 'True' : 'False') : textOf(value).trim();
  return text === '' ? null : text;
}

const letters: string[] = [];

/** The letters of a column, counted from 0: A, B … Z, AA … XFD. */
export function columnLetters(index: number): string {
  const known = letters[index];
  if (known !== undefined) return known;
  let text = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    text = String.fromCharCode(65 + (rest % 26)) + text;
  }
  letters[index] = text;
  return text;
}
