import { type CellValue, DAY_MS, isBlank, type Temporal, temporalText, textOf } from '../cells.ts';

/** What the values of a column are, one bit each, so that a column's are told by one number. */
export const KIND = { text: 1, whole: 2, fraction: 4, boolean: 8, date: 16, datetime: 32 } as const;

const isDay = ({ kind, ms }: Temporal): boolean =>
  kind === 'date' || (kind === 'datetime' && ms % DAY_MS === 0);

/** A workbook does not tell a day from its midnight: what has no time of day is a day. */
export function kindOf(value: Exclude<CellValue, null>): number {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? KIND.whole : KIND.fraction;
  if (typeof value === 'boolean') return KIND.boolean;
  if (typeof value === 'string' || value.kind === 'shown') return KIND.text;
  if (isDay(value)) return KIND.date;
  return value.kind === 'datetime' ? KIND.datetime : KIND.text;
}

/**
 * ISO 8601 on the wall clock, with a `T` between day and time; durations as hours, minutes and seconds. A day has
 * a time where others of its column have one.
 */
function isoText(value: Temporal, kinds: number): string {
  if (!isDay(value)) return temporalText(value).replace(' ', 'T');
  const kind = (kinds & KIND.datetime) === 0 ? 'date' : 'datetime';
  return temporalText({ kind, ms: value.ms }).replace(' ', 'T');
}

/** A cell as text: numbers as JSON writes them, dates in ISO, texts unchanged. `kinds` are those of its column. */
export function plainText(value: Exclude<CellValue, null>, kinds: number): string {
  return typeof value === 'object' && value.kind !== 'shown' ? isoText(value, kinds) : textOf(value);
}

/** A cell as JSON: numbers and booleans stay what they are, an empty one is null, all others are texts. */
export function jsonText(value: CellValue | undefined, kinds: number): string {
  if (value === null || value === undefined) return 'null';
  return JSON.stringify(typeof value === 'object' ? plainText(value, kinds) : value);
}

/**
 * A name for each column by its header: `column_3` where the third has none, and `Total_2` where `Total` was
 * taken. A name that a header has of itself is never given to another column.
 */
export function columnNames(header: readonly CellValue[], width: number): string[] {
  const own = Array.from({ length: width }, (_, at): string | undefined => {
    const value = header[at] ?? null;
    return value === null || isBlank(value) ? undefined : plainText(value, 0).trim();
  });
  const reserved = new Set(own);
  const taken = new Set<string>();
  return own.map((named, at) => {
    const base = named ?? `column_${at + 1}`;
    let name = base;
    for (let copy = 2; taken.has(name) || (name !== named && reserved.has(name)); copy++) {
      name = `${base}_${copy}`;
    }
    taken.add(name);
    return name;
  });
}
