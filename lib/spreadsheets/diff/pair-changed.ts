import { Likeness } from './likeness.ts';
import { longestRise } from './longest-rise.ts';
import type { MatchedColumns } from './match-columns.ts';
import { type Gap, partnersByRareValues } from './rare-values.ts';
import type { SheetPrint } from './sheet-print.ts';

/** The part of two rows' values that must be the same for one to be the other, changed. */
const SIMILAR = 1 / 3;
/** Pairs of rows of one gap that are compared with each other; beyond, rows are paired by single values, or in order. */
const MAX_PAIRS = 40_000;
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
    if (inner.fromA === inner.toA || inner.fromB === inner.toB) continue;
    pairGap(likeness, inner, rareIn(a, b, columns, inner), partner);
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

/** Each row of b's partner by what nobody else in the gap has. In a row alone that says nothing. */
const rareIn = (a: SheetPrint, b: SheetPrint, columns: MatchedColumns, gap: Gap): Int32Array =>
  gap.toA - gap.fromA === 1 || gap.toB - gap.fromB === 1
    ? new Int32Array(gap.toB - gap.fromB).fill(-1)
    : partnersByRareValues(a, b, columns, gap);

function pairGap(likeness: Likeness, gap: Gap, rare: Int32Array, partner: Int32Array): void {
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
      const rowB = fromB + column - 1;
      const alike = likeness.of(rowA, rowB);
      const isSame =
        alike >= SIMILAR || rare[column - 1] === rowA || likeness.isNamedAlike(rowA, rowB, alike);
      const without = Math.max(best[at - 1] ?? 0, best[at - width] ?? 0);
      const paired = (best[at - width - 1] ?? 0) + alike;
      isPair[at] = isSame && alike > 0 && paired > without ? 1 : 0;
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
