import type { SheetLooks } from './sheet-looks.ts';

/** The most rows and columns that a preview shows. */
export const MAX_PREVIEW_ROWS = 10_000;
export const MAX_PREVIEW_COLUMNS = 10_000;

/**
 * Cells held for one preview, gaps inside rows included. More of them never fit into an answer, for even an
 * empty cell takes three characters of it; a small file may claim a thousand times as many.
 */
export const MAX_HELD_CELLS = 2_000_000;

export interface SheetInfo {
  readonly name: string;
  readonly isActive: boolean;
}

/** How large a sheet is: up to its last row and its last column with a value. */
export interface SheetTotals {
  readonly totalRows: number;
  readonly totalColumns: number;
}

export interface FirstRows extends SheetTotals {
  /** From the sheet's first row on, without gaps; each row ends with its last value. */
  readonly rows: readonly (readonly string[])[];
}

export interface FirstLook extends FirstRows {
  /** What is to be seen beside the values, where the file tells such things. */
  readonly looks?: SheetLooks | undefined;
}

export interface FirstRowsWanted {
  readonly maxRows: number;
  readonly maxColumns: number;
  /** Totals known from elsewhere; without them the whole sheet is looked through, though not read. */
  readonly totals?: SheetTotals | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file whose sheets can be listed, and each read from its first row on. */
export interface PreviewSource {
  readonly sheets: readonly SheetInfo[];
  /** Throws SpreadsheetFailure, and the signal's reason when aborted. */
  first(sheet: number, wanted: FirstRowsWanted): Promise<FirstLook>;
}

/** The first rows while they are collected: rows that the file leaves out are filled in. */
export class RowWindow {
  readonly #rows: string[][] = [];
  readonly #maxRows: number;
  #cells = 0;
  #full = false;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get full(): boolean {
    return this.#full;
  }

  get rows(): readonly string[][] {
    return this.#rows;
  }

  /** Takes the row at this index, which is larger than that of the row before. */
  add(index: number, cells: string[]): void {
    if (this.#full) return;
    while (this.#rows.length < Math.min(index, this.#maxRows)) this.#rows.push([]);
    this.#cells += cells.length;
    const fits = index < this.#maxRows && this.#cells <= MAX_HELD_CELLS;
    if (fits) this.#rows.push(cells);
    this.#full = !fits || this.#rows.length >= this.#maxRows;
  }
}
