import { type Block, heightOf, join, widthOf } from './blocks.ts';

/** Blocks side by side that are one table with a blank column in it. */
function goesBeside(a: Block, b: Block): boolean {
  if (b.left - a.right - 1 > 1) return false;
  const rows = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + 1;
  if (rows < Math.max(heightOf(a), heightOf(b)) * 0.8) return false;
  return widthOf(a) === 1 || widthOf(b) === 1;
}

/**
 * Joins blocks that are one table with a blank column in it; from top to bottom. From left to right, a block
 * is held against those alone that begin where one of its height may, and end no further left: of thousands of
 * blocks in a row each meets one or two.
 */
export function joinedBeside(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  const byTop = new Map<number, number[]>();
  const put = (top: number, at: number): void => {
    const known = byTop.get(top);
    if (known === undefined) byTop.set(top, [at]);
    else known.push(at);
  };
  for (const block of [...blocks].sort((a, b) => a.left - b.left)) {
    const slack = Math.floor(heightOf(block) / 4);
    let found: number | undefined;
    for (let top = block.top - slack; top <= block.top + slack; top++) {
      const known = byTop.get(top);
      if (known === undefined) continue;
      const near = known.filter((at) => {
        const { right = -1, top: begin = -1 } = joined[at] ?? {};
        return begin === top && right >= block.left - 2;
      });
      if (near.length === 0) byTop.delete(top);
      else if (near.length < known.length) byTop.set(top, near);
      for (const at of near) {
        const other = joined[at];
        if (other !== undefined && (found === undefined || at < found) && goesBeside(other, block))
          found = at;
      }
    }
    const other = found === undefined ? undefined : joined[found];
    if (found === undefined || other === undefined) {
      put(block.top, joined.push(block) - 1);
      continue;
    }
    const both = join(other, block);
    joined[found] = both;
    if (both.top !== other.top) put(both.top, found);
  }
  return joined.sort((a, b) => a.top - b.top || a.left - b.left);
}
