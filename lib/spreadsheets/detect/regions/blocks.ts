import type { Grid } from './grid.ts';

/** A rectangle of cells, 0-based, both corners included. */
export interface Block {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const heightOf = ({ top, bottom }: Block): number => bottom - top + 1;
export const widthOf = ({ left, right }: Block): number => right - left + 1;

/** Cells of a row within the block that are filled. */
export function filledIn(grid: Grid, row: number, { left, right }: Block): number {
  let count = 0;
  for (let column = left; column <= right; column++) if (grid.filled(row, column)) count++;
  return count;
}

/** The block without blank rows and columns at its edges; undefined if nothing is in it. */
export function trimmed(grid: Grid, block: Block): Block | undefined {
  let { top, bottom } = block;
  while (top <= bottom && filledIn(grid, top, block) === 0) top++;
  if (top > bottom) return undefined;
  while (filledIn(grid, bottom, block) === 0) bottom--;
  let left = block.right;
  let right = block.left;
  for (let row = top; row <= bottom; row++) {
    for (let column = block.left; column < left; column++) if (grid.filled(row, column)) left = column;
    for (let column = block.right; column > right; column--) if (grid.filled(row, column)) right = column;
  }
  return { top, left, bottom, right };
}

/** Parts of a block between its blank rows. */
function rowParts(grid: Grid, block: Block): Block[] {
  const parts: Block[] = [];
  let start = -1;
  for (let row = block.top; row <= block.bottom + 1; row++) {
    const filled = row <= block.bottom && filledIn(grid, row, block) > 0;
    if (filled && start < 0) start = row;
    if (filled || start < 0) continue;
    parts.push({ ...block, top: start, bottom: row - 1 });
    start = -1;
  }
  return parts;
}

/** Parts of a block between its blank columns. */
function columnParts(grid: Grid, block: Block): Block[] {
  const used = new Uint8Array(widthOf(block));
  for (let row = block.top; row <= block.bottom; row++) {
    for (let column = block.left; column <= block.right; column++) {
      if (grid.filled(row, column)) used[column - block.left] = 1;
    }
  }
  const parts: Block[] = [];
  let start = -1;
  for (let at = 0; at <= used.length; at++) {
    const filled = used[at] === 1;
    if (filled && start < 0) start = at;
    if (filled || start < 0) continue;
    parts.push({ ...block, left: block.left + start, right: block.left + at - 1 });
    start = -1;
  }
  return parts;
}

/**
 * The blocks of cells that no blank row or column runs through, found by cutting again and again. (The
 * recursive X-Y cut of Nagy and Seth, 1984, on cells in place of pixels.) `from` is the first row looked at.
 */
export function blocksOf(grid: Grid, from: number): Block[] {
  const found: Block[] = [];
  const cut = (block: Block, byRows: boolean, settled: boolean): void => {
    const parts = byRows ? rowParts(grid, block) : columnParts(grid, block);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && settled) {
      found.push(only);
      return;
    }
    for (const part of parts) cut(part, !byRows, parts.length === 1);
  };
  if (grid.height > from && grid.width > 0)
    cut({ top: from, left: 0, bottom: grid.height - 1, right: grid.width - 1 }, true, false);
  return found.sort((a, b) => a.top - b.top || a.left - b.left);
}
