/** Comparing workbooks cell by cell: a public entry of this room that carries nothing of the engine. */
export { SpreadsheetFailure } from '../failure.ts';
export { type DiffedFiles, diffFiles } from './diff-files.ts';
export type { CellDiff, SheetDiff } from './diff-sheets.ts';
export { MAX_COMPARED_CELLS, MAX_LISTED_BYTES, MAX_LISTED_CELLS } from './limits.ts';
export type { ComparedFile } from './text-book.ts';
