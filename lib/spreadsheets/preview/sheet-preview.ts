import { tooLarge } from '../failure.ts';
import type { FirstLook } from './preview-source.ts';
import { type CellFormat, NO_LOOKS } from './sheet-looks.ts';

/** Bytes of JSON that the rows of one preview may take. */
export const MAX_PREVIEW_BYTES = 5_000_000;

/**
 * And once more as a string, which is how a Lambda function answers, with at most 6,291,556 bytes: quotes and
 * backslashes take twice as much there. The rest is left to names and numbers.
 */
export const MAX_WRAPPED_BYTES = 6_000_000;

export interface PreviewOptions {
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly trimEmptyRows?: boolean;
  readonly trimEmptyColumns?: boolean;
}

export interface SheetPreview {
  readonly rows: string[][];
  readonly totalRows: number;
  readonly totalColumns: number;
  /** There are rows, or columns, beyond those that were looked at. */
  readonly truncatedRows: boolean;
  readonly truncatedColumns: boolean;
  /** Rows and columns of these that the file does not show, and cells that look otherwise than most: all from 0. */
  readonly hiddenRows: number[];
  readonly hiddenColumns: number[];
  readonly cellFormats: CellFormat[];
}

const isBlank = (text: string): boolean => text.trim() === '';

/**
 * The preview of a sheet from its first rows. Trimming acts inside the window of `maxRows` by `maxColumns`,
 * rows first, and changes no total. Rows that no longer fit into an answer are left out, and counted as
 * truncated. Throws `too_large` when not even the first one fits.
 */
export function sheetPreview(first: FirstLook, options: PreviewOptions): SheetPreview {
  const { totalRows, totalColumns } = first;
  const { maxRows, maxColumns } = options;
  const width = Math.min(maxColumns, totalColumns);
  const held = first.rows.slice(0, maxRows);
  const window = held.map((row) => row.slice(0, width));
  const places = window.flatMap((row, at) => (options.trimEmptyRows && row.every(isBlank) ? [] : [at]));
  const kept = places.map((at) => window[at] ?? []);
  const columns = options.trimEmptyColumns ? usedColumns(kept) : undefined;
  const padded = (row: readonly string[]): string[] =>
    columns === undefined
      ? Array.from({ length: width }, (_, column) => row[column] ?? '')
      : columns.map((column) => row[column] ?? '');
  const rows: string[][] = [];
  let bytes = 0;
  let wrapped = 0;
  for (const row of kept) {
    const full = padded(row);
    const json = JSON.stringify(full);
    bytes += Buffer.byteLength(json) + 1;
    wrapped += Buffer.byteLength(JSON.stringify(json));
    if (bytes > MAX_PREVIEW_BYTES || wrapped > MAX_WRAPPED_BYTES) break;
    rows.push(full);
  }
  if (kept.length > 0 && rows.length === 0) throw tooLarge('A row is too long for a preview.');
  const { hiddenRows, hiddenColumns, cellFormats } = first.looks ?? NO_LOOKS;
  const shownRow = placesIn(places.slice(0, rows.length));
  const shownColumn = placesIn(columns ?? Array.from({ length: width }, (_, at) => at));
  const formats: CellFormat[] = [];
  for (const format of cellFormats) {
    const [row, column] = [shownRow.get(format.row), shownColumn.get(format.column)];
    if (row === undefined || column === undefined) continue;
    const shown = { ...format, row, column };
    wrapped += Buffer.byteLength(JSON.stringify(JSON.stringify(shown))) + 1;
    // Rows come first: what is left of the answer is for how they look.
    if (wrapped > MAX_WRAPPED_BYTES) break;
    formats.push(shown);
  }
  const isComplete = rows.length === kept.length && held.length === Math.min(maxRows, totalRows);
  return {
    rows,
    totalRows,
    totalColumns,
    truncatedRows: totalRows > maxRows || !isComplete,
    truncatedColumns: totalColumns > maxColumns,
    hiddenRows: hiddenRows.flatMap((row) => shownRow.get(row) ?? []),
    hiddenColumns: hiddenColumns.flatMap((column) => shownColumn.get(column) ?? []),
    cellFormats: formats,
  };
}

/** Where what stood at these places stands once all others are left out. */
const placesIn = (places: readonly number[]): Map<number, number> =>
  new Map(places.map((place, at) => [place, at]));

/** Columns with something to see in any of these rows, in order. */
function usedColumns(rows: readonly (readonly string[])[]): number[] {
  const used = new Set<number>();
  for (const row of rows) {
    row.forEach((text, column) => {
      if (!isBlank(text)) used.add(column);
    });
  }
  return [...used].sort((a, b) => a - b);
}
