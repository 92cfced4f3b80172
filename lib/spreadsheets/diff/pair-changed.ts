import { longestRise } from './longest-rise.ts';
import type { MatchedColumns } from './match-columns.ts';
import type { SheetPrint } from './sheet-print.ts';

/** Rows of both sheets that have no equal row in between. */
interface Gap {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** The part of two rows' values that must be the same for one to be the other, changed. */
const SIMILAR = 1 / 3;
/** Pairs of rows of one gap that are compared with each other; beyond, rows are paired by single values, or in order. */
const MAX_PAIRS = 40_000;
/** Cells that all such comparisons of a sheet look at. */
const MAX_LOOKS = 30_000_000;

/** How much two rows of a gap have in common. */
class Likeness {
  readonly #a: SheetPrint;
  readonly #b: SheetPrint;
  readonly #pairs: MatchedColumns['pairs'];
  #looks = MAX_LOOKS;

  constructor(a: SheetPrint, b: SheetPrint, { pairs }: MatchedColumns) {
    this.#a = a;
    this.#b = b;
    this.#pairs = pairs;
  }

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

  /**
   * For each row of b in a gap the row of a with which it shares most values that nobody else in the gap has,
   * -1 where there is none: names, numbers, addresses stay when the rest of a row changes.
   */
  byRareValues({ fromA, toA, fromB, toB }: Gap): Int32Array {
    const votes = Array.from({ length: toB - fromB }, () => new Map<number, number>());
    for (const [columnA, columnB] of this.#pairs) {
      const inA = onceIn((row) => this.#a.loose(row, columnA), fromA, toA);
      for (const [value, rowB] of onceIn((row) => this.#b.loose(row, columnB), fromB, toB)) {
        const rowA = inA.get(value);
        const voted = votes[rowB - fromB];
        if (rowA !== undefined) voted?.set(rowA, (voted.get(rowA) ?? 0) + 1);
      }
    }
    return Int32Array.from(votes, (voted) => mostVoted(voted));
  }
}

function mostVoted(votes: ReadonlyMap<number, number>): number {
  let best = -1;
  let most = 0;
  for (const [row, count] of votes) if (count > most) [best, most] = [row, count];
  return best;
}

/** Where each value stands that occurs once; blank cells do not count. */
function onceIn(valueIn: (row: number) => number, from: number, to: number): Map<number, number> {
  const REPEATED = -1;
  const places = new Map<number, number>();
  for (let row = from; row < to; row++) {
    const value = valueIn(row);
    if (value !== 0) places.set(value, places.has(value) ? REPEATED : row);
  }
  for (const [value, row] of places) if (row === REPEATED) places.delete(value);
  return places;
}

/**
 * Pairs the rows between equal ones as far as one looks like the other, changed: `partner` names for each row
 * of b its row of a, -1 for none, and gets the pairs that are found. Whatever is left is added or removed.
 */
export function pairChanged(
  a: SheetPrint,
  b: SheetPrint,
  columns: MatchedColumns,
  partner: Int32Array,
): void {
  const likeness = new Likeness(a, b, columns);
  for (const gap of gapsOf(a.rows, partner)) {
    const inner = headerPaired(a, b, gap, partner);
    if (inner.fromA < inner.toA && inner.fromB < inner.toB) pairGap(likeness, inner, partner);
  }
}

function gapsOf(rowsA: number, partner: Int32Array): Gap[] {
  const gaps: Gap[] = [];
  let [fromA, fromB] = [0, 0];
  const close = (toA: number, toB: number): void => {
    if (fromA < toA && fromB < toB) gaps.push({ fromA, toA, fromB, toB });
  };
  partner.forEach((rowA, rowB) => {
    if (rowA < 0) return;
    close(rowA, rowB);
    [fromA, fromB] = [rowA + 1, rowB + 1];
  });
  close(rowsA, partner.length);
  return gaps;
}

const NUMBER = /^[-+(]?[\d.,' ]+[)%]?$/;

const looksLikeHeader = (head: readonly string[]): boolean =>
  head.length > 0 && head.every((text) => !NUMBER.test(text));

/** Two first rows of names are the header of both, even when every name changed. */
function headerPaired(a: SheetPrint, b: SheetPrint, gap: Gap, partner: Int32Array): Gap {
  const isFirst = gap.fromA === 0 && gap.fromB === 0;
  if (!isFirst || !looksLikeHeader(a.head) || !looksLikeHeader(b.head)) return gap;
  partner[0] = 0;
  return { ...gap, fromA: 1, fromB: 1 };
}

function pairGap(likeness: Likeness, gap: Gap, partner: Int32Array): void {
  const isSingle = gap.toA - gap.fromA === 1 || gap.toB - gap.fromB === 1;
  // In a row alone, every value is rare.
  const rare = isSingle ? new Int32Array(gap.toB - gap.fromB).fill(-1) : likeness.byRareValues(gap);
  if (pairBest(likeness, gap, rare, partner)) return;
  let [fromA, fromB] = [gap.fromA, gap.fromB];
  const pairUpTo = (toA: number, toB: number): void => {
    if (fromA === toA || fromB === toB) return;
    const inner: Gap = { fromA, toA, fromB, toB };
    const innerRare = rare.subarray(fromB - gap.fromB, toB - gap.fromB);
    if (!pairBest(likeness, inner, innerRare, partner)) pairInOrder(likeness, inner, partner);
  };
  for (const [rowA, rowB] of risingPairs(rare, gap.fromB)) {
    pairUpTo(rowA, rowB);
    partner[rowB] = rowA;
    [fromA, fromB] = [rowA + 1, rowB + 1];
  }
  pairUpTo(gap.toA, gap.toB);
}

function risingPairs(rare: Int32Array, firstB: number): [number, number][] {
  const pairs: [number, number][] = [];
  rare.forEach((rowA, at) => {
    if (rowA >= 0) pairs.push([rowA, firstB + at]);
  });
  return longestRise(pairs.map(([rowA]) => rowA)).flatMap((at) => {
    const pair = pairs[at];
    return pair === undefined ? [] : [pair];
  });
}

/** The pairs, in order, with most in common over all. False where there are too many to compare. */
function pairBest(likeness: Likeness, gap: Gap, rare: Int32Array, partner: Int32Array): boolean {
  const { fromA, toA, fromB, toB } = gap;
  const [rows, width] = [toA - fromA, toB - fromB + 1];
  if (rows * width > MAX_PAIRS || !likeness.affords(rows * width)) return false;
  const best = new Float32Array((rows + 1) * width);
  const isPair = new Uint8Array(best.length);
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column < width; column++) {
      const at = row * width + column;
      const rowA = fromA + row - 1;
      const isRare = rare[column - 1] === rowA;
      const alike = likeness.of(rowA, fromB + column - 1);
      const without = Math.max(best[at - 1] ?? 0, best[at - width] ?? 0);
      const paired = (best[at - width - 1] ?? 0) + alike;
      isPair[at] = (isRare || alike >= SIMILAR) && alike > 0 && paired > without ? 1 : 0;
      best[at] = isPair[at] === 1 ? paired : without;
    }
  }
  let [row, column] = [rows, width - 1];
  while (row > 0 && column > 0) {
    const at = row * width + column;
    if (isPair[at] === 1) partner[fromB + --column] = fromA + --row;
    else if ((best[at - 1] ?? 0) >= (best[at - width] ?? 0)) column--;
    else row--;
  }
  return true;
}

/** The first with the first, and so on, where they are alike. */
function pairInOrder(likeness: Likeness, { fromA, toA, fromB, toB }: Gap, partner: Int32Array): void {
  for (let at = 0; at < Math.min(toA - fromA, toB - fromB); at++) {
    if (likeness.of(fromA + at, fromB + at) >= SIMILAR) partner[fromB + at] = fromA + at;
  }
}
