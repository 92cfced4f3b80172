import type { SheetPrint } from './sheet-print.ts';

/** Which columns are the same ones, by their places from 0; and those that only one of the sheets has. */
export interface MatchedColumns {
  /** In the order of b. */
  readonly pairs: readonly (readonly [a: number, b: number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Rows that are looked at to see what is in a column. */
const SAMPLE_ROWS = 1000;
/** The part of a column's values that must be in another for both to be one column under two names. */
const SAME_VALUES = 0.5;
/** Each of so many columns is compared with each: beyond, columns without a name in common keep their places. */
const MAX_RENAMED = 200;

/** What is in the columns of a sheet's first rows, each looked at once. */
class ColumnValues {
  readonly #print: SheetPrint;
  readonly #seen = new Map<number, ReadonlySet<number>>();

  constructor(print: SheetPrint) {
    this.#print = print;
  }

  of(column: number): ReadonlySet<number> {
    const known = this.#seen.get(column);
    if (known !== undefined) return known;
    const values = new Set<number>();
    for (let row = 1; row < Math.min(this.#print.rows, SAMPLE_ROWS); row++) {
      const value = this.#print.loose(row, column);
      if (value !== 0) values.add(value);
    }
    this.#seen.set(column, values);
    return values;
  }
}

type Pair = readonly [a: number, b: number];

/** Places of the headers that only one column has. */
function uniqueHeaders(head: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  head.forEach((text, at) => {
    if (text === '') return;
    if (places.has(text)) repeated.add(text);
    places.set(text, at);
  });
  for (const text of repeated) places.delete(text);
  return places;
}

const inCommon = (a: ReadonlySet<number>, b: ReadonlySet<number>): number => {
  let count = 0;
  for (const value of a) if (b.has(value)) count++;
  return count;
};

const placesOf = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

const samePlaces = (a: SheetPrint, b: SheetPrint): Pair[] =>
  placesOf(Math.min(a.columns, b.columns)).map((at) => [at, at]);

function withoutPartner(
  a: SheetPrint,
  b: SheetPrint,
  pairs: readonly Pair[],
): { removed: number[]; added: number[] } {
  const inA = new Set(pairs.map(([at]) => at));
  const inB = new Set(pairs.map(([, at]) => at));
  return {
    removed: placesOf(a.columns).filter((at) => !inA.has(at)),
    added: placesOf(b.columns).filter((at) => !inB.has(at)),
  };
}

/** Columns of other names with the same values in them, those with most in common first. */
function renamed(
  [a, b]: readonly [ColumnValues, ColumnValues],
  removed: readonly number[],
  added: readonly number[],
): Pair[] {
  if (Math.max(removed.length, added.length) > MAX_RENAMED) return [];
  const likely = removed.flatMap((from) =>
    added.flatMap((to) => {
      const [left, right] = [a.of(from), b.of(to)];
      const share = inCommon(left, right) / Math.max(1, left.size, right.size);
      return share >= SAME_VALUES ? [{ from, to, share }] : [];
    }),
  );
  likely.sort(
    (x, y) => y.share - x.share || Math.abs(x.from - x.to) - Math.abs(y.from - y.to) || x.from - y.from,
  );
  const taken = { from: new Set<number>(), to: new Set<number>() };
  return likely.flatMap(({ from, to }): Pair[] => {
    if (taken.from.has(from) || taken.to.has(to)) return [];
    taken.from.add(from);
    taken.to.add(to);
    return [[from, to]];
  });
}

const sorted = (pairs: readonly Pair[]): Pair[] => pairs.toSorted(([, x], [, y]) => x - y);

/**
 * Columns are the same by the text in their first row, wherever they stand; then, under another name, by what
 * is in them; then by their place. Where there is more in common by places alone, as in a sheet without
 * headers, places decide.
 */
export function matchColumns(a: SheetPrint, b: SheetPrint): MatchedColumns {
  const byPlace = samePlaces(a, b);
  const isAlike = a.columns === b.columns && a.head.every((text, at) => text === b.head[at]);
  if (isAlike && a.head.length === b.head.length) return { pairs: byPlace, removed: [], added: [] };
  const values = [new ColumnValues(a), new ColumnValues(b)] as const;
  const byHeader = byHeaders(a, b, values);
  const common = (pairs: readonly Pair[]): number =>
    pairs.reduce((sum, [from, to]) => sum + inCommon(values[0].of(from), values[1].of(to)), 0);
  const pairs = common(byPlace) > common(byHeader) ? byPlace : byHeader;
  return { pairs, ...withoutPartner(a, b, pairs) };
}

function byHeaders(a: SheetPrint, b: SheetPrint, values: readonly [ColumnValues, ColumnValues]): Pair[] {
  const places = uniqueHeaders(a.head);
  const pairs: Pair[] = [...uniqueHeaders(b.head)].flatMap(([text, to]): Pair[] => {
    const from = places.get(text);
    return from === undefined ? [] : [[from, to]];
  });
  const open = withoutPartner(a, b, pairs);
  pairs.push(...renamed(values, open.removed, open.added));
  const { removed, added } = withoutPartner(a, b, pairs);
  const left = new Set(removed);
  pairs.push(...added.filter((at) => left.has(at)).map((at): Pair => [at, at]));
  return sorted(pairs);
}
