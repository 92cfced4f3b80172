import { describe, expect, it } from 'vitest';
import { alignRows } from '../../../lib/spreadsheets/diff/align-rows.ts';
import { EditBudget, shortestEdit } from '../../../lib/spreadsheets/diff/shortest-edit.ts';
import { chanceOf } from '../../support/chance.ts';

const some = (next: () => number, length: number, kinds: number): Float64Array =>
  Float64Array.from({ length }, () => Math.floor(next() * kinds));

/** The length of a longest common subsequence, by the book. */
function longestCommon(a: Float64Array, b: Float64Array): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, at) => {
      next.push(left === right ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Pairs rise on both sides and are of equal rows. */
function assertPairs(a: Float64Array, b: Float64Array, pairs: readonly (readonly [number, number])[]): void {
  pairs.forEach(([left, right], at) => {
    const [beforeLeft, beforeRight] = pairs[at - 1] ?? [-1, -1];
    expect(left).toBeGreaterThan(beforeLeft);
    expect(right).toBeGreaterThan(beforeRight);
    expect(a[left]).toBe(b[right]);
  });
}

const pairsOf = (partner: Int32Array): [number, number][] =>
  [...partner].flatMap((left, right): [number, number][] => (left < 0 ? [] : [[left, right]]));

describe('shortestEdit', () => {
  it('leaves as few over as can be', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = chanceOf(seed);
      const a = some(next, Math.floor(next() * 30), 4);
      const b = some(next, Math.floor(next() * 30), 4);
      const pairs = shortestEdit(a, b, new EditBudget()) ?? [];

      assertPairs(a, b, pairs);
      expect(pairs).toHaveLength(longestCommon(a, b));
    }
  });

  it('gives up where altogether different rows would take too many edits', () => {
    const a = Float64Array.from({ length: 3000 }, (_, at) => at);
    const b = Float64Array.from({ length: 3000 }, (_, at) => -1 - at);

    expect(shortestEdit(a, b, new EditBudget())).toBeUndefined();
  });
});

describe('alignRows', () => {
  it('pairs equal rows in order, whatever the rows', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = chanceOf(seed);
      const kinds = 1 + Math.floor(next() * 40);
      const a = some(next, Math.floor(next() * 60), kinds);
      const b = some(next, Math.floor(next() * 60), kinds);

      assertPairs(a, b, pairsOf(alignRows(a, b)));
    }
  });

  it('finds every row that stayed among rows that were put in and taken out', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = chanceOf(seed);
      const a = Float64Array.from({ length: 500 }, (_, at) => at);
      const kept = [...a].filter(() => next() > 0.1);
      const b = Float64Array.from(kept.flatMap((row) => (next() > 0.9 ? [1000 + row, row] : [row])));
      const partner = alignRows(a, b);

      expect(pairsOf(partner)).toHaveLength(kept.length);
    }
  });

  it('keeps to its time with half a million rows', () => {
    const a = Float64Array.from({ length: 500_000 }, (_, at) => at % 400_000);
    const b = a.filter((_, at) => at % 1000 !== 7);
    const started = performance.now();
    const found = pairsOf(alignRows(a, b));

    expect(found).toHaveLength(b.length);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
