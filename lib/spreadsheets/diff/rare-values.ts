import type { MatchedColumns } from './match-columns.ts';
import type { SheetPrint } from './sheet-print.ts';

/** Rows of both sheets, from one on and up to another that is not included, with no equal row in between. */
export interface Gap {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Rows in which the columns that tell rows best are looked for. */
const SAMPLE_ROWS = 500;
/** So many columns are asked, of those in which at least one row of ten finds a partner. */
const MAX_ASKED = 3;
const USEFUL = 0.1;

/** The columns, those with most different values first. */
function byVariety(a: SheetPrint, { pairs }: MatchedColumns, { fromA, toA }: Gap): MatchedColumns['pairs'] {
  const step = Math.max(1, Math.floor((toA - fromA) / SAMPLE_ROWS));
  const variety = pairs.map((pair) => {
    const values = new Set<number>();
    for (let row = fromA; row < toA; row += step) values.add(a.loose(row, pair[0]));
    return { pair, count: values.size };
  });
  return variety.toSorted((x, y) => y.count - x.count).map(({ pair }) => pair);
}

/** Where each value of a column stands that occurs once; blank cells do not count. */
function onceIn(print: SheetPrint, column: number, from: number, to: number): Map<number, number> {
  const REPEATED = -1;
  const places = new Map<number, number>();
  for (let row = from; row < to; row++) {
    const value = print.loose(row, column);
    if (value !== 0) places.set(value, places.has(value) ? REPEATED : row);
  }
  for (const [value, row] of places) if (row === REPEATED) places.delete(value);
  return places;
}

/**
 * For each row of b in a gap the row of a with which it shares a value that nobody else in the gap has, -1 where
 * there is none: names, numbers, addresses stay when the rest of a row changes. Where columns disagree, most of
 * the few that are asked decide.
 */
export function partnersByRareValues(
  a: SheetPrint,
  b: SheetPrint,
  columns: MatchedColumns,
  gap: Gap,
): Int32Array {
  const { fromA, toA, fromB, toB } = gap;
  const partners = new Int32Array(toB - fromB).fill(-1);
  const votes = new Uint8Array(partners.length);
  let asked = 0;
  for (const [columnA, columnB] of byVariety(a, columns, gap)) {
    const inA = onceIn(a, columnA, fromA, toA);
    if (inA.size === 0) continue;
    let found = 0;
    for (const [value, rowB] of onceIn(b, columnB, fromB, toB)) {
      const rowA = inA.get(value);
      if (rowA === undefined) continue;
      found++;
      vote(partners, votes, rowB - fromB, rowA);
    }
    if (found >= USEFUL * Math.min(toA - fromA, toB - fromB)) asked++;
    if (asked === MAX_ASKED) break;
  }
  return partners;
}

/** One more for a partner, or one less for another, who gives way when it has none left. */
function vote(partners: Int32Array, votes: Uint8Array, at: number, rowA: number): void {
  const count = votes[at] ?? 0;
  if (partners[at] === rowA) votes[at] = count + 1;
  else if (count > 0) votes[at] = count - 1;
  else {
    partners[at] = rowA;
    votes[at] = 1;
  }
}
