import { joinedBeside } from './beside.ts';
import { type Block, filledIn, heightOf, join, trimmed, widthOf } from './blocks.ts';
import { type Grid, MOMENT, NUMBER, SENTENCE, TEXT } from './grid.ts';
import type { Region } from './region.ts';

// Rows below a heading that tell what its columns hold; more of them say the same.
const ROWS_LOOKED_AT = 60;
// Headings of more rows than this are data.
const MAX_HEADER_ROWS = 8;
// What is told of a table's columns looks at no row below these.
const ROWS_THAT_TELL = MAX_HEADER_ROWS + ROWS_LOOKED_AT + 2;

const isTyped = (kind: number): boolean => kind === NUMBER || kind === MOMENT;

/** What most cells of a column hold in these rows: a kind of value, text, or nothing. */
function columnKind(grid: Grid, column: number, from: number, to: number): number {
  let typed = 0;
  let moments = 0;
  let texts = 0;
  for (let row = from; row <= Math.min(to, from + ROWS_LOOKED_AT); row++) {
    const kind = grid.kind(row, column);
    if (kind === NUMBER) typed++;
    else if (kind === MOMENT) moments++;
    else if (kind === TEXT || kind === SENTENCE) texts++;
  }
  if (typed + moments + texts === 0) return 0;
  if (typed + moments <= texts) return TEXT;
  return typed >= moments ? NUMBER : MOMENT;
}

interface Against {
  /** Cells that are no value although those below are. */
  readonly differ: number;
  /** Cells that are a value as those below are. */
  readonly agree: number;
  /** Values above texts: no heading has them. */
  readonly foreign: number;
  readonly filled: number;
  readonly texts: number;
}

/** How a row stands against what its columns hold from `from` on. */
function against(grid: Grid, row: number, block: Block, kinds: readonly number[]): Against {
  let differ = 0;
  let agree = 0;
  let foreign = 0;
  let filled = 0;
  let texts = 0;
  const end = Math.min(block.right + 1, grid.end(row));
  for (let column = block.left; column < end; column++) {
    const kind = grid.kind(row, column);
    if (kind === 0) continue;
    filled++;
    if (kind === TEXT) texts++;
    const below = kinds[column - block.left] ?? 0;
    if (isTyped(below) && kind === TEXT) differ++;
    // Dates above numbers are headings as well.
    else if (below === NUMBER && kind === MOMENT) differ++;
    else if (isTyped(kind) && kind === below) agree++;
    else if (isTyped(kind) && below === TEXT) foreign++;
  }
  return { differ, agree, foreign, filled, texts };
}

const kindsOf = (grid: Grid, block: Block, from: number): number[] =>
  Array.from({ length: widthOf(block) }, (_, at) => columnKind(grid, block.left + at, from, block.bottom));

/** Rows at the top of a block that name its columns. */
export function headerRowsOf(grid: Grid, block: Block): number {
  const height = heightOf(block);
  if (height === 1) {
    const { texts, filled } = against(grid, block.top, block, []);
    return texts === filled ? 1 : 0;
  }
  const names = (row: number): boolean => {
    if (row >= block.bottom) return false;
    const { differ, agree, foreign } = against(grid, row, block, kindsOf(grid, block, row + 1));
    if (grid.series(row) || (differ > 0 && differ > agree + foreign)) return true;
    return grid.years(row) && names(row + 1);
  };
  let rows = 0;
  while (rows < MAX_HEADER_ROWS && names(block.top + rows)) rows++;
  if (rows > 0) return rows;
  // Nothing but texts: the first row names them if it is as full as those below and none of it is a sentence.
  const kinds = kindsOf(grid, block, block.top + 1);
  if (kinds.some(isTyped)) return 0;
  const first = against(grid, block.top, block, kinds);
  const full = filledIn(grid, block.top + 1, block);
  return first.texts === first.filled && first.filled >= Math.min(full, widthOf(block) * 0.8) ? 1 : 0;
}

/** The one text of a row, which may be repeated over merged cells: its column, or -1 where there are several. */
function onlyText(grid: Grid, row: number, { left, right }: Block): number {
  let found = -1;
  const end = Math.min(right + 1, grid.end(row));
  for (let column = left; column < end; column++) {
    if (!grid.filled(row, column) || (found >= 0 && grid.same(row, column))) continue;
    if (found >= 0) return -1;
    found = column;
  }
  return found;
}

/** A block without the titles above and the notes below its table; undefined if nothing else is in it. */
function bare(grid: Grid, block: Block): Block | undefined {
  if (widthOf(block) < 2) return block;
  let { top, bottom } = block;
  while (top < bottom && onlyText(grid, top, block) === block.left) top++;
  const isNote = (row: number): boolean =>
    onlyText(grid, row, block) >= 0 &&
    filledIn(grid, row, block) === 1 &&
    !isTyped(grid.kind(row, block.left));
  while (bottom > top && isNote(bottom)) bottom--;
  return trimmed(grid, { ...block, top, bottom });
}

/** Rows inside a block where another table begins: a heading amid values, or the first heading again. */
function cuts(grid: Grid, block: Block, headerRows: number): number[] {
  const found: number[] = [];
  if (widthOf(block) < 2) return found;
  const heading = headerRows === 1 ? grid.hash(block.top) : undefined;
  let kinds = kindsOf(grid, block, block.top + headerRows);
  if (kinds.filter(isTyped).length < 2 && heading === undefined) return found;
  for (let row = block.top + headerRows + 1; row < block.bottom; row++) {
    const again = heading !== undefined && grid.hash(row) === heading;
    const { differ, agree, filled, texts } = against(grid, row, block, kinds);
    const amid = differ >= 2 && agree === 0 && texts === filled && filled >= widthOf(block) * 0.6;
    if (!again && !amid) continue;
    // What stands below has to hold values again, or it is but a row of texts.
    const below = kindsOf(grid, { ...block, bottom: Math.min(block.bottom, row + 5) }, row + 1);
    const values = below.filter((kind, at) => isTyped(kind) && isTyped(kinds[at] ?? 0)).length;
    if (!again && values < 2) continue;
    found.push(row);
    kinds = kindsOf(grid, block, row + 1);
  }
  return found;
}

function pieces(grid: Grid, block: Block): Block[] {
  const at = cuts(grid, block, headerRowsOf(grid, block));
  const starts = [block.top, ...at];
  return starts.flatMap((top, index) => {
    const bottom = (starts[index + 1] ?? block.bottom + 1) - 1;
    return trimmed(grid, { ...block, top, bottom }) ?? [];
  });
}

interface Told {
  readonly headers: number;
  readonly kinds: readonly number[];
}

function told(grid: Grid, table: Block): Told {
  const headers = headerRowsOf(grid, table);
  return { headers, kinds: kindsOf(grid, table, table.top + headers) };
}

/** Whether `next`, which stands below the table beyond blank rows, goes on with it. */
function goesOn(grid: Grid, growing: Growing, next: Block, isSpaced: boolean): boolean {
  const { block: table } = growing;
  if (next.top - table.bottom - 1 > MAX_BLANK_ROWS) return false;
  if (next.left < table.left || next.right > table.right) return false;
  if (widthOf(next) < Math.max(2, widthOf(table) / 2)) return false;
  if (isSpaced) return true;
  growing.told ??= told(grid, table);
  const { headers, kinds } = growing.told;
  if (headerRowsOf(grid, next) > 0 && headers !== heightOf(table)) return false;
  if (headers === heightOf(table)) return true;
  const { differ, agree } = against(grid, next.top, table, kinds);
  return agree > 0 && agree >= differ;
}

// More blank rows than this part two tables.
const MAX_BLANK_ROWS = 2;

/** A table that may go on below, with what was told of it when it was held against another block. */
interface Growing {
  readonly block: Block;
  /** The table above it, in the order they were found; -1 for none. */
  readonly above: number;
  told?: Told;
}

/** Joins blocks that are one table with blank rows in it. Each is held against the last one above it. */
function joinedBelow(grid: Grid, blocks: readonly Block[]): Block[] {
  const joined: Growing[] = [];
  const isSpaced = areSpaced(blocks);
  const latest = new Int32Array(grid.width).fill(-1);
  for (const block of blocks) {
    let above = -1;
    for (let column = block.left; column <= block.right; column++)
      above = Math.max(above, latest[column] ?? -1);
    let at = above;
    let known = joined[at];
    while (known !== undefined && !(isAcross(known.block, block) && known.block.bottom < block.top)) {
      at = known.above;
      known = joined[at];
    }
    if (known !== undefined && goesOn(grid, known, block, isSpaced)) {
      const both: Growing = { ...known, block: join(known.block, block) };
      // More rows say nothing new of a table's columns once there are enough.
      if (heightOf(known.block) <= ROWS_THAT_TELL) delete both.told;
      joined[at] = both;
      continue;
    }
    latest.fill(joined.push({ block, above }) - 1, block.left, block.right + 1);
  }
  return joined.map(({ block }) => block);
}

/**
 * Whether every row of the sheet has as many blank ones below it: a list that was written with a line end too
 * many, not tables of one row each.
 */
function areSpaced(blocks: readonly Block[]): boolean {
  const [first, second, third] = blocks;
  if (first === undefined || second === undefined || third === undefined) return false;
  const step = second.top - first.top;
  return blocks.every((block, at) => heightOf(block) === 1 && block.top === first.top + at * step);
}

const isAcross = (a: Block, b: Block): boolean => a.left <= b.right && b.left <= a.right;

/** Whether a block is a table rather than a title, a note or a few words at its side. */
function isTable(grid: Grid, block: Block, largest: number): boolean {
  const height = heightOf(block);
  const width = widthOf(block);
  const area = height * width;
  if (area === largest) return true;
  if (width < 2 || height < 2) return false;
  const hasValues = kindsOf(grid, block, block.top).some(isTyped);
  return hasValues || area >= largest * 0.1;
}

/**
 * The last column of a table: of a text file as its records have them, for a column that is empty throughout
 * and has no heading is still one.
 */
function lastColumn(grid: Grid, block: Block): number {
  if (block.right !== grid.width - 1) return block.right;
  const lengths = new Map<number, number>();
  for (let row = block.top; row <= block.bottom; row++) {
    const length = grid.length(row);
    if (length > 0) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  const [usual = 0] = [...lengths].reduce((most, next) => (next[1] > most[1] ? next : most), [0, 0]);
  return Math.max(block.right, usual - 1);
}

/** The tables among the blocks of a sheet. */
export function tablesOf(grid: Grid, blocks: readonly Block[], headerRow: number | undefined): Region[] {
  const beside = joinedBeside(blocks);
  const parts = beside.flatMap((block) => {
    const table = bare(grid, block);
    return table === undefined ? [] : pieces(grid, table);
  });
  const tables = joinedBelow(grid, parts);
  const largest = tables.reduce((most, block) => Math.max(most, heightOf(block) * widthOf(block)), 0);
  return tables
    .filter((block) => isTable(grid, block, largest))
    .map((block, index) => ({
      ...block,
      right: lastColumn(grid, block),
      headerRows: headerRow !== undefined && index === 0 ? 1 : headerRowsOf(grid, block),
    }))
    .sort((a, b) => a.top - b.top || a.left - b.left);
}
