import { columnLetters } from '../cells.ts';
import { alignRows } from './align-rows.ts';
import { addHash } from './cell-hash.ts';
import { type ChangedCell, changedCells } from './changed-cells.ts';
import { MAX_LISTED_BYTES, MAX_LISTED_CELLS } from './limits.ts';
import { matchColumns } from './match-columns.ts';
import { pairChanged } from './pair-changed.ts';
import { EMPTY_PRINT, printSheet, type SheetPrint } from './sheet-print.ts';
import type { TextBook } from './text-book.ts';

/** A cell that differs: `row` is that of the later sheet, from 1, and `column` its letters there. */
export interface CellDiff {
  row: number;
  /** Of a column that the later sheet no longer has, its letters in the earlier one. */
  column: string;
  from: string;
  to: string;
}

export interface SheetDiff {
  name: string;
  /** Rows that only the later sheet has, and that only the earlier one has. */
  added: number;
  removed: number;
  changed: CellDiff[];
  /** More cells differ than are listed. */
  truncated: boolean;
}

/** A sheet of a book; absent where the book has none of that name. */
export interface SheetOf {
  readonly book: TextBook;
  readonly sheet: number | undefined;
}

/** What a comparison may still list. */
export class ListBudget {
  cells = MAX_LISTED_CELLS;
  bytes = MAX_LISTED_BYTES;
}

/** In an answer a text's JSON stands in a string once more. */
export const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(JSON.stringify(text)));

/** Compares two sheets, or one with nothing. Throws SpreadsheetFailure, and the signal's reason. */
export async function diffSheets(
  name: string,
  a: SheetOf,
  b: SheetOf,
  budget: ListBudget,
  signal: AbortSignal,
): Promise<SheetDiff> {
  const [printA, printB] = [await printOf(a, signal), await printOf(b, signal)];
  const columns = matchColumns(printA, printB);
  const partner = alignRows(
    rowKeys(
      printA,
      columns.pairs.map(([at]) => at),
    ),
    rowKeys(
      printB,
      columns.pairs.map(([, at]) => at),
    ),
  );
  pairChanged(printA, printB, columns, partner);
  const paired = partner.reduce((sum, rowA) => sum + (rowA < 0 ? 0 : 1), 0);
  const { found, isMore } = firstOf(changedCells(printA, printB, columns, partner), budget.cells);
  const changed = await withTexts(a, b, found, budget, signal);
  return {
    name,
    added: printB.rows - paired,
    removed: printA.rows - paired,
    changed,
    truncated: isMore || changed.length < found.length,
  };
}

const printOf = async ({ book, sheet }: SheetOf, signal: AbortSignal): Promise<SheetPrint> =>
  sheet === undefined ? EMPTY_PRINT : await printSheet(book, sheet, signal);

/** A number for each row that is the same for rows with the same texts in these columns: 53 bits of hash. */
function rowKeys(print: SheetPrint, columns: readonly number[]): Float64Array {
  const HIGH_BITS = 2 ** 21;
  const keys = new Float64Array(print.rows);
  for (let row = 0; row < print.rows; row++) {
    let [first, second] = [0, 1];
    for (const column of columns) {
      const cell = print.strict(row, column);
      first = addHash(first, cell);
      second = addHash(second, cell ^ (cell << 7));
    }
    keys[row] = (first >>> 0) * HIGH_BITS + ((second >>> 0) % HIGH_BITS);
  }
  return keys;
}

function firstOf(cells: Iterable<ChangedCell>, most: number): { found: ChangedCell[]; isMore: boolean } {
  const found: ChangedCell[] = [];
  for (const cell of cells) {
    if (found.length === most) return { found, isMore: true };
    found.push(cell);
  }
  return { found, isMore: false };
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** The cells with their texts, as many as still fit. */
async function withTexts(
  a: SheetOf,
  b: SheetOf,
  cells: readonly ChangedCell[],
  budget: ListBudget,
  signal: AbortSignal,
): Promise<CellDiff[]> {
  // Each side is read for itself, so half of what is left is each one's.
  const half = Math.max(0, Math.floor(budget.bytes / 2));
  const from = await textsAt(
    a,
    cells.map(({ rowA, columnA }) => ({ row: rowA, column: columnA })),
    half,
    signal,
  );
  const to = await textsAt(
    b,
    cells.map(({ rowB, columnB }) => ({ row: rowB, column: columnB })),
    half,
    signal,
  );
  const listed = cells.flatMap(({ rowB, columnA, columnB }, at): CellDiff[] => {
    const [before, after] = [from[at], to[at]];
    if (before === undefined || after === undefined) return [];
    const column = columnLetters(columnB < 0 ? columnA : columnB);
    return [{ row: rowB + 1, column, from: before, to: after }];
  });
  budget.cells -= listed.length;
  budget.bytes -= listed.reduce((sum, cell) => sum + bytesOf(cell.from) + bytesOf(cell.to), 0);
  return listed;
}

/** The texts of these cells, which stand in the order of their rows, as many as take so many bytes. */
async function textsAt(
  { book, sheet }: SheetOf,
  places: readonly Place[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<string[]> {
  const texts: string[] = [];
  if (sheet === undefined || places.length === 0) return texts;
  let bytes = 0;
  for await (const batch of book.rows(sheet)) {
    signal.throwIfAborted();
    for (const { index, texts: row } of batch) {
      for (
        let place = places[texts.length];
        place !== undefined && place.row <= index;
        place = places[texts.length]
      ) {
        const text = place.row < index || place.column < 0 ? '' : (row[place.column] ?? '');
        bytes += bytesOf(text);
        if (bytes > maxBytes) return texts;
        texts.push(text);
      }
    }
    if (texts.length === places.length) return texts;
  }
  // Rows behind the last that the file has are empty.
  while (texts.length < places.length) texts.push('');
  return texts;
}
