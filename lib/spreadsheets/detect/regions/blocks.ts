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

export const join = (a: Block, b: Block): Block => ({
  top: Math.min(a.top, b.top),
  left: Math.min(a.left, b.left),
  bottom: Math.max(a.bottom, b.bottom),
  right: Math.max(a.right, b.right),
});

/** Cells of a row within the block that are filled. */
export function filledIn(grid: Grid, row: number, { left, right }: Block): number {
  let count = 0;
  const end = Math.min(right + 1, grid.end(row));
  for (let column = left; column < end; column++) if (grid.filled(row, column)) count++;
  return count;
}

function isBlankIn(grid: Grid, row: number, { left, right }: Block): boolean {
  const end = Math.min(right + 1, grid.end(row));
  for (let column = left; column < end; column++) if (grid.filled(row, column)) return false;
  return true;
}

/** The block without blank rows and columns at its edges; undefined if nothing is in it. */
export function trimmed(grid: Grid, block: Block): Block | undefined {
  let { top, bottom } = block;
  while (top <= bottom && isBlankIn(grid, top, block)) top++;
  if (top > bottom) return undefined;
  while (isBlankIn(grid, bottom, block)) bottom--;
  let left = block.right;
  let right = block.left;
  for (let row = top; row <= bottom; row++) {
    const end = Math.min(left, grid.end(row));
    for (let column = block.left; column < end && column < left; column++)
      if (grid.filled(row, column)) left = column;
    for (let column = Math.min(block.right, grid.end(row) - 1); column > right; column--)
      if (grid.filled(row, column)) right = column;
  }
  return { top, left, bottom, right };
}

/** Parts of a block between its blank rows. */
function rowParts(grid: Grid, block: Block): Block[] {
  const parts: Block[] = [];
  let start = -1;
  for (let row = block.top; row <= block.bottom + 1; row++) {
    const filled = row <= block.bottom && !isBlankIn(grid, row, block);
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
    const end = Math.min(block.right + 1, grid.end(row));
    for (let column = block.left; column < end; column++) {
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

/** Cells, rows and columns that are looked at to cut the block once. */
function costOf(grid: Grid, block: Block): number {
  let cells = widthOf(block) + heightOf(block);
  for (let row = block.top; row <= block.bottom; row++) {
    cells += Math.max(0, Math.min(block.right + 1, grid.end(row)) - block.left);
  }
  return cells;
}

// Sheets of people are cut four or five times over; a sheet of steps that are cut off one by one never ends.
const MAX_LOOKS = 32;
// A sheet of full height with every other row blank has half as many.
const MAX_BLOCKS = 1_000_000;

interface Uncut {
  readonly block: Block;
  readonly byRows: boolean;
  /** Nothing parts it the other way. */
  readonly settled: boolean;
}

/**
 * The blocks of cells that no blank row or column runs through, found by cutting again and again. (The
 * recursive X-Y cut of Nagy and Seth, 1984, on cells in place of pixels.) `from` is the first row looked at.
 * What is still to cut after so many looks at every cell, or among so many blocks, stays as it is.
 */
export function blocksOf(grid: Grid, from: number): Block[] {
  const found: Block[] = [];
  if (grid.height <= from || grid.width === 0) return found;
  const all = { top: from, left: 0, bottom: grid.height - 1, right: grid.width - 1 };
  const open: Uncut[] = [{ block: all, byRows: true, settled: false }];
  let looks = MAX_LOOKS * costOf(grid, all);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { block, byRows, settled } = next;
    looks -= costOf(grid, block);
    if (looks < 0 || found.length + open.length > MAX_BLOCKS) {
      found.push(block);
      continue;
    }
    const parts = byRows ? rowParts(grid, block) : columnParts(grid, block);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && settled) found.push(only);
    else for (const part of parts) open.push({ block: part, byRows: !byRows, settled: parts.length === 1 });
  }
  return found.sort((a, b) => a.top - b.top || a.left - b.left);
}
