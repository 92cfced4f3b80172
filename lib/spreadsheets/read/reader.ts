import type { CellValue } from '../cells.ts';
import type { ReadFinding } from '../findings.ts';

/** A row as the file has it. Rows and cells between two that exist are gaps: gaps of rows are left out. */
export interface Row {
  /** 0-based; larger than that of the row before. */
  readonly index: number;
  /** From column A to the last cell with a value; null is a gap. */
  readonly cells: readonly CellValue[];
  /** Values after too long a gap were left out. */
  readonly cut: boolean;
  /** The program that wrote the file does not show this row. */
  readonly hidden?: boolean;
  /** Fields of a text file's record, the empty ones at its end included, which are no cells. */
  readonly fields?: number;
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

/** Cells from one corner to the other, both included, 0-based. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** What a sheet holds beside its values. Rows and columns are 0-based. */
export interface SheetFacts {
  readonly hiddenRows: number;
  readonly hiddenColumns: readonly number[];
  readonly merged: readonly CellRange[];
  readonly notes: number;
  readonly filters: number;
  /** Formulas without a stored result, and the first of them. */
  readonly uncalculated: { readonly count: number; readonly first: string | null };
  /** Columns whose numbers are shown with a unit: `percent`, `EUR`, `$`, `elapsed`. */
  readonly units: readonly { readonly column: number; readonly unit: string; readonly count: number }[];
}

export const NO_FACTS: SheetFacts = {
  hiddenRows: 0,
  hiddenColumns: [],
  merged: [],
  notes: 0,
  filters: 0,
  uncalculated: { count: 0, first: null },
  units: [],
};

/** How the records of a text are written. A several-character delimiter is matched as a whole. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Null where no field is quoted. */
  readonly quote: string | null;
  /** What stands before a quote inside a quoted field: the quote itself where it is doubled, or a backslash. */
  readonly escape: string | null;
}

/** How a text file was understood. */
export interface CsvReading {
  /** The label of `TextDecoder`, such as `utf-8`, `windows-1252`, `utf-16le`. */
  readonly encoding: string;
  readonly dialect: CsvDialect;
  /** 0 to 1: how much likelier the reading is than the next best one. */
  readonly confidence: { readonly encoding: number; readonly dialect: number };
}

export type FileFormat = 'csv' | 'xlsx' | 'xls' | 'xlsb' | 'ods' | 'html' | 'xml';

/** A workbook that can be read sheet by sheet, row by row, as often as needed. */
export interface WorkbookReader {
  readonly format: FileFormat;
  /** How a text file was understood; null for a workbook. */
  readonly csv: CsvReading | null;
  readonly sheets: readonly SourceSheet[];
  /** All tabs of the workbook, those that hold charts included. */
  readonly tabCount: number;
  /** What was found of the whole file; those of a text file are complete once its rows were read. */
  findings(): readonly ReadFinding[];
  /** What the sheet holds beside its values; looks the sheet through if nobody has read it whole yet. */
  facts(sheet: SourceSheet): Promise<SheetFacts>;
  /**
   * The rows of one sheet, in batches, so that the event loop breathes between them. A row ends where
   * `maxGap` empty cells follow a value. Throws SpreadsheetFailure.
   */
  rows(sheet: SourceSheet, maxGap: number): AsyncIterable<RowBatch>;
}

/** What a caller knows of a text file; what it leaves out is detected. */
export interface CsvOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  /** An empty text: nothing is quoted. */
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  /** The row of the header, from 1; what stands above it is not part of the table. */
  readonly headerRow?: number | undefined;
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
