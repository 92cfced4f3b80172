import type { CellValue } from '../cells.ts';

/** A row as the file has it. Rows and cells between two that exist are gaps: gaps of rows are left out. */
export interface Row {
  /** 0-based; larger than that of the row before. */
  readonly index: number;
  /** From column A to the last cell with a value; null is a gap. */
  readonly cells: readonly CellValue[];
  /** Values after too long a gap were left out. */
  readonly cut: boolean;
}

export interface RowBatch {
  readonly rows: readonly Row[];
  /** Rows the sheet claims to have, 0 where it does not say. */
  readonly claimedRows: number;
}

export interface SourceSheet {
  readonly name: string;
  /** Position among all sheets of the workbook. */
  readonly index: number;
  readonly visible: boolean;
  readonly active: boolean;
}

/** A workbook that can be read sheet by sheet, row by row, as often as needed. */
export interface WorkbookReader {
  readonly sheets: readonly SourceSheet[];
  /** All tabs of the workbook, those that hold charts included. */
  readonly tabCount: number;
  /**
   * The rows of one sheet, in batches, so that the event loop breathes between them. A row ends where
   * `maxGap` empty cells follow a value. Throws SpreadsheetFailure.
   */
  rows(sheet: SourceSheet, maxGap: number): AsyncIterable<RowBatch>;
}

/** Ends a row at its last value, and where `maxGap` empty cells follow a value. */
export function cutRow(cells: CellValue[], maxGap: number): { cells: CellValue[]; cut: boolean } {
  let last = -1;
  for (let column = 0; column < cells.length; column++) {
    if (cells[column] === null || cells[column] === undefined) continue;
    if (last >= 0 && column - last > maxGap) {
      cells.length = last + 1;
      return { cells, cut: true };
    }
    last = column;
  }
  cells.length = last + 1;
  return { cells, cut: false };
}
