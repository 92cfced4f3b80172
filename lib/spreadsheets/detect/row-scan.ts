import type { CellValue } from '../cells.ts';
import { SpreadsheetFailure, tooLarge } from '../failure.ts';
import { MAX_CELLS, MAX_CHARACTERS, MAX_TABLE_COLUMNS, MAX_TABLES } from '../limits.ts';
import type { Row, RowBatch } from '../read/reader.ts';

export type Cells = readonly CellValue[];

const EMPTY: Cells = [];
// How many cut rows a warning names.
const SAMPLE = 5;

/** What was left unread of a sheet. */
export interface ScanReport {
  readonly rows_emitted: number;
  readonly stopped_early: boolean;
  readonly truncated_rows: number;
}

/** What was read and found of one workbook so far; throws `too_large` beyond the limits. */
export class ReadBudget {
  #cells = 0;
  #characters = 0;
  #tables = 0;
  #columns = 0;

  spend(cells: Cells): void {
    this.#cells += cells.length;
    for (const cell of cells) {
      if (typeof cell === 'string') this.#characters += cell.length;
      else if (typeof cell === 'object' && cell?.kind === 'shown') this.#characters += cell.text.length;
    }
    if (this.#cells > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
    if (this.#characters > MAX_CHARACTERS) throw tooLarge('The workbook holds more text than is read.');
  }

  spendTable(columns: number): void {
    this.#tables++;
    this.#columns += columns;
    if (this.#tables <= MAX_TABLES && this.#columns <= MAX_TABLE_COLUMNS) return;
    throw new SpreadsheetFailure(
      'too_large',
      'detect',
      `The workbook has more than ${MAX_TABLES} tables, or more than ${MAX_TABLE_COLUMNS} columns in all its tables.`,
    );
  }
}

/**
 * Turns the rows that exist into the rows of a sheet from the first one on: gaps become empty rows, and
 * `maxEmptyRows` empty rows in a row end the sheet.
 */
export class RowScan {
  readonly #maxEmptyRows: number;
  readonly #cutRows: number[] = [];
  #cutCount = 0;
  #emitted = 0;
  #emptyRun = 0;
  #lastRow = 0;
  #stopped = false;

  constructor(maxEmptyRows: number) {
    this.#maxEmptyRows = maxEmptyRows;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get cutRows(): { count: number; sample: readonly number[] } {
    return { count: this.#cutCount, sample: this.#cutRows };
  }

  /** The sheet's next rows, trimmed. Once the scan has stopped there are none. */
  next({ rows, claimedRows }: RowBatch): Cells[] {
    const found: Cells[] = [];
    for (const row of rows) {
      this.#lastRow = Math.max(claimedRows, row.index + 1);
      while (this.#emitted < row.index && !this.#stopped) this.#push(EMPTY, found);
      if (this.#stopped) break;
      if (row.cut) this.#noteCut(row);
      this.#push(row.cells, found);
    }
    return found;
  }

  report(): ScanReport {
    return {
      rows_emitted: this.#emitted,
      stopped_early: this.#stopped,
      truncated_rows: this.#stopped ? Math.max(0, this.#lastRow - this.#emitted) : 0,
    };
  }

  #push(cells: Cells, found: Cells[]): void {
    if (this.#stopped) return;
    this.#emptyRun = cells.length === 0 ? this.#emptyRun + 1 : 0;
    if (this.#emptyRun >= this.#maxEmptyRows) {
      this.#stopped = true;
      return;
    }
    found.push(cells);
    this.#emitted++;
  }

  #noteCut({ index }: Row): void {
    this.#cutCount++;
    if (this.#cutRows.length < SAMPLE) this.#cutRows.push(index);
  }
}
