import type { MatchedColumns } from './match-columns.ts';
import type { SheetPrint } from './sheet-print.ts';

/** Cells that all comparisons of rows of a sheet look at. */
const MAX_LOOKS = 30_000_000;

/** How much a row of one sheet and a row of another have in common. */
export class Likeness {
  readonly #a: SheetPrint;
  readonly #b: SheetPrint;
  readonly #pairs: MatchedColumns['pairs'];
  readonly #sortedA = new Map<number, Uint32Array>();
  readonly #sortedB = new Map<number, Uint32Array>();
  #looks = MAX_LOOKS;

  constructor(a: SheetPrint, b: SheetPrint, { pairs }: MatchedColumns) {
    this.#a = a;
    this.#b = b;
    this.#pairs = pairs;
  }

  /** Whether so many more rows may be compared with another. */
  affords(rows: number): boolean {
    return this.#looks >= rows * this.#pairs.length;
  }

  /** 0 to 1: values that are the same but for capitals, spaces and punctuation. */
  of(rowA: number, rowB: number): number {
    this.#looks -= this.#pairs.length;
    let filled = 0;
    let same = 0;
    for (const [columnA, columnB] of this.#pairs) {
      const left = this.#a.loose(rowA, columnA);
      const right = this.#b.loose(rowB, columnB);
      if (left === 0 && right === 0) continue;
      filled++;
      if (left === right) same++;
    }
    return filled === 0 ? 0 : same / filled;
  }

  /** Whether rows that are somewhat `alike` share a value that no other row of either sheet has in its column. */
  isNamedAlike(rowA: number, rowB: number, alike: number): boolean {
    if (alike === 0) return false;
    return this.#pairs.some(([columnA, columnB]) => {
      const value = this.#a.loose(rowA, columnA);
      if (value === 0 || value !== this.#b.loose(rowB, columnB)) return false;
      return (
        isOnce(sorted(this.#a, columnA, this.#sortedA), value) &&
        isOnce(sorted(this.#b, columnB, this.#sortedB), value)
      );
    });
  }
}

/** A column's values in order, made once. */
function sorted(print: SheetPrint, column: number, known: Map<number, Uint32Array>): Uint32Array {
  const made = known.get(column);
  if (made !== undefined) return made;
  const values = new Uint32Array(print.rows);
  for (let row = 0; row < print.rows; row++) values[row] = print.loose(row, column);
  known.set(column, values.sort());
  return values;
}

/** Whether a value that is there is there once. */
function isOnce(values: Uint32Array, value: number): boolean {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return values[low + 1] !== value;
}
