/** How many insertions and deletions are tried before two ranges count as altogether different. */
const MAX_EDITS = 1000;

/** Steps that a whole comparison may spend, so that sheets of nothing but repeated rows end in time. */
export class EditBudget {
  #left = 40_000_000;

  /** Whether there are any left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left > 0;
  }
}

/**
 * Pairs of equal elements that leave the fewest others over, by Myers' greedy algorithm; undefined where that
 * takes more than `MAX_EDITS` edits, or more steps than there are left. Memory grows with the square of the
 * edits, at most 4 MB. http://www.xmailserver.org/diff2.pdf
 */
export function shortestEdit(
  a: Float64Array,
  b: Float64Array,
  budget: EditBudget,
): [a: number, b: number][] | undefined {
  const most = Math.min(MAX_EDITS, a.length + b.length);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = firstOf(reach, middle, diagonal, edits);
      const start = x;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[middle + diagonal] = x;
      if (!budget.spend(1 + x - start)) return undefined;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

/** From where a diagonal is reached with so many edits: from below or from the left, whichever came further. */
function firstOf(reach: Int32Array, middle: number, diagonal: number, edits: number): number {
  const down = reach[middle + diagonal + 1] ?? 0;
  const right = (reach[middle + diagonal - 1] ?? 0) + 1;
  if (edits === 0) return 0;
  if (diagonal === -edits) return down;
  if (diagonal === edits) return right;
  return right > down ? right : down;
}

function walkBack(trace: readonly Int32Array[], lengthA: number, lengthB: number): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [lengthA, lengthB];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] ?? new Int32Array();
    const diagonal = x - y;
    const start = firstOf(reach, edits + 1, diagonal, edits);
    while (x > start) pairs.push([--x, --y]);
    if (edits === 0) break;
    // The edit that led here: one of b was inserted, or one of a was deleted.
    const fromRight = isFromRight(reach, edits, diagonal);
    if (fromRight) x--;
    else y--;
  }
  return pairs.reverse();
}

function isFromRight(reach: Int32Array, edits: number, diagonal: number): boolean {
  if (diagonal === -edits) return false;
  if (diagonal === edits) return true;
  const middle = edits + 1;
  return (reach[middle + diagonal - 1] ?? 0) + 1 > (reach[middle + diagonal + 1] ?? 0);
}
