import { longestRise } from './longest-rise.ts';
import { EditBudget, shortestEdit } from './shortest-edit.ts';

/** Rows of both sheets from one on and up to another, which is not included. */
interface Range {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Ranges inside of ranges that are searched for rows that occur once; real sheets need two or three. */
const MAX_DEPTH = 12;

/**
 * For each row of b the row of a that is equal to it and stands in the same order, -1 where there is none.
 * What both begin and end with comes first; then rows that each side has once, as in a patience diff; what is
 * left between those by the shortest edit, as far as that is affordable. Time grows with n log n.
 */
export function alignRows(a: Float64Array, b: Float64Array): Int32Array {
  const partner = new Int32Array(b.length).fill(-1);
  const budget = new EditBudget();
  const open: { range: Range; depth: number }[] = [
    { range: { fromA: 0, toA: a.length, fromB: 0, toB: b.length }, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const range = trimmed(a, b, next.range, partner);
    const { fromA, toA, fromB, toB } = range;
    if (fromA === toA || fromB === toB) continue;
    const anchors = next.depth < MAX_DEPTH ? anchorsOf(a, b, range) : [];
    if (anchors.length > 0) {
      for (const inner of between(range, anchors)) open.push({ range: inner, depth: next.depth + 1 });
      for (const [rowA, rowB] of anchors) partner[rowB] = rowA;
      continue;
    }
    const pairs = shortestEdit(a.subarray(fromA, toA), b.subarray(fromB, toB), budget) ?? [];
    for (const [rowA, rowB] of pairs) partner[fromB + rowB] = fromA + rowA;
  }
  return partner;
}

/** Without what both sides begin and end with. */
function trimmed(a: Float64Array, b: Float64Array, range: Range, partner: Int32Array): Range {
  let { fromA, toA, fromB, toB } = range;
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) partner[fromB++] = fromA++;
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) partner[--toB] = --toA;
  return { fromA, toA, fromB, toB };
}

/** Where each element stands that occurs once. */
function onceIn(keys: Float64Array, from: number, to: number): Map<number, number> {
  const REPEATED = -1;
  const places = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const key = keys[at] ?? 0;
    places.set(key, places.has(key) ? REPEATED : at);
  }
  for (const [key, at] of places) if (at === REPEATED) places.delete(key);
  return places;
}

/** Rows that both sides have once, as many as stand in the same order on both. */
function anchorsOf(a: Float64Array, b: Float64Array, range: Range): [number, number][] {
  const inA = onceIn(a, range.fromA, range.toA);
  const common: [number, number][] = [];
  for (const [key, rowB] of onceIn(b, range.fromB, range.toB)) {
    const rowA = inA.get(key);
    if (rowA !== undefined) common.push([rowA, rowB]);
  }
  // A map keeps the order in which its keys came, so they stand in the order of b.
  return longestRise(common.map(([rowA]) => rowA)).flatMap((at) => {
    const pair = common[at];
    return pair === undefined ? [] : [pair];
  });
}

function between(range: Range, anchors: readonly [number, number][]): Range[] {
  const ranges: Range[] = [];
  let [fromA, fromB] = [range.fromA, range.fromB];
  for (const [rowA, rowB] of anchors) {
    ranges.push({ fromA, toA: rowA, fromB, toB: rowB });
    [fromA, fromB] = [rowA + 1, rowB + 1];
  }
  ranges.push({ fromA, toA: range.toA, fromB, toB: range.toB });
  return ranges.filter(({ fromA: a0, toA, fromB: b0, toB }) => a0 < toA && b0 < toB);
}
