import type { CellValue } from '../../cells.ts';
import { tooLarge } from '../../failure.ts';
import { MAX_CELLS, MAX_COLUMNS, MAX_ROWS } from '../../limits.ts';
import type { CellRange, Row } from '../reader.ts';
import { MAX_MERGED, TableFacts } from '../table-facts.ts';

/** How far a cell reaches. */
export interface Span {
  readonly columns: number;
  readonly rows: number;
}

export interface GridRow extends Pick<Row, 'index' | 'hidden'> {
  readonly cells: readonly CellValue[];
}

/** Cells that a budget of the whole file has counted. */
export class CellBudget {
  #left = MAX_CELLS;

  take(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
  }
}

/** One sheet of a file of markup, put together cell by cell. Throws SpreadsheetFailure beyond a sheet's limits. */
export class Grid {
  readonly name: string;
  visible = true;
  readonly rows: GridRow[] = [];
  readonly facts = new TableFacts();
  readonly #budget: CellBudget;
  /** What is merged in the table that is open. */
  #spans: CellRange[] = [];
  /** By column, the first row below the cell from above that reaches down to here. */
  #reserved: number[] = [];
  #cells: CellValue[] = [];
  #next = 0;
  #row = -1;
  /** Rows that the open one stands for. */
  #repeat = 1;
  #hidden = false;

  constructor(name: string, budget: CellBudget) {
    this.name = name;
    this.#budget = budget;
  }

  get hasRows(): boolean {
    return this.#row >= 0;
  }

  /** `index`, 0-based, where the file says it; a row that stands for several has no cells. */
  startRow(hidden: boolean, index = this.#row + 1, repeat = 1): void {
    const row = Math.max(index, this.#row + 1);
    if (row >= MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    this.#row = row;
    this.#repeat = repeat;
    this.#cells = [];
    this.#next = 0;
    this.#hidden = hidden;
  }

  /** Where the next cell stands: in `column` where the file says it, else in the next free one. */
  free(column?: number): number {
    let left = Math.max(column ?? this.#next, this.#next);
    while (column === undefined && (this.#reserved[left] ?? 0) > this.#row) left++;
    return left;
  }

  place(value: CellValue, left: number, { columns, rows }: Span): void {
    const right = left + columns - 1;
    if (right >= MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
    this.#budget.take(right - this.#next + 1);
    if (value !== null) {
      while (this.#cells.length < left) this.#cells.push(null);
      this.#cells.push(value);
    }
    this.#next = right + 1;
    if (rows === 1 && columns === 1) return;
    if (this.#spans.length < MAX_MERGED) {
      this.#spans.push({ top: this.#row, left, bottom: this.#row + rows - 1, right });
    }
    if (rows > 1) for (let at = left; at <= right; at++) this.#reserved[at] = this.#row + rows;
  }

  /** A cell with a formula that was never calculated. */
  uncalculated(column: number): void {
    this.facts.uncalculated(this.#row, column, 1);
  }

  endRow(): void {
    const hidden = this.#hidden ? { hidden: true } : {};
    if (this.#cells.length > 0) this.rows.push({ index: this.#row, cells: this.#cells, ...hidden });
    this.facts.row(this.#hidden, this.#repeat, this.#cells.length);
    this.#row += this.#repeat - 1;
    this.#cells = [];
  }

  /** What was merged counts; `lastRow` is where the table ends if nothing reaches beyond it. */
  endTable(lastRow = MAX_ROWS - 1): void {
    for (const span of this.#spans) {
      const bottom = Math.min(span.bottom, lastRow);
      if (bottom > span.top || span.right > span.left) this.facts.merge({ ...span, bottom });
    }
    this.#spans = [];
    this.#reserved = [];
  }

  /** The last row that was begun. */
  get lastRow(): number {
    return this.#row;
  }

  /** A blank row: what follows is another table. */
  leaveRow(): void {
    this.#row++;
  }
}
