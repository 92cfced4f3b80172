import { type CellValue, headerText } from '../cells.ts';
import { isRepeatedHeader } from '../rows/repeated-header.ts';
import { type ColumnSurvey, surveyRow, widen } from './column-survey.ts';
import type { RowKind } from './row-classifier.ts';
import type { Cells, ReadBudget } from './row-scan.ts';

/** A table found in a sheet. Row numbers are 0-based; `endRow` is the first row after it. */
export interface TableSurvey {
  readonly headerRow: number;
  readonly headerRowCount: number;
  readonly endRow: number;
  /** The sheet's column where the table begins; 0 unless tables are found as regions. */
  readonly firstColumn: number;
  readonly headers: readonly CellValue[];
  /** One per column from the first to the last of the widest row, header included. */
  readonly columns: readonly ColumnSurvey[];
  readonly emptyRows: number;
}

interface OpenTable {
  headerRow: number;
  headers: Cells[];
  inferred: boolean;
  dataStarted: boolean;
  columns: ColumnSurvey[];
  emptyRows: number;
}

/** Joins stacked header rows: per column the distinct pieces of text, from top to bottom; of no rows, nothing. */
export function mergeHeaders(rows: readonly Cells[]): CellValue[] {
  const [first = []] = rows;
  if (rows.length === 1) return [...first];
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => {
    const pieces = new Map<string, string>();
    for (const row of rows) {
      const piece = headerText(row[column] ?? null)?.replace(/\s+/g, ' ');
      if (piece !== undefined && !pieces.has(piece.toLowerCase())) pieces.set(piece.toLowerCase(), piece);
    }
    return pieces.size === 0 ? null : [...pieces.values()].join(' ');
  });
}

/** Finds the tables of a sheet while its rows go by. */
export class TableDetector {
  readonly #sampleSize: number;
  readonly #mergeStacked: boolean;
  readonly #budget: ReadBudget;
  readonly #wantsEvidence: boolean;
  readonly #joinsRepeated: boolean;
  readonly #toldHeader: number | undefined;
  readonly #tables: TableSurvey[] = [];
  #open: OpenTable | undefined;
  #previous: Cells = [];
  #first: Cells = [];
  #rows = 0;
  #empty = true;

  /** `headerRow`, from 1, is where somebody told that the one header is: nothing above it is a table's. */
  constructor(settings: {
    sampleSize: number;
    mergeStackedHeaders: boolean;
    budget: ReadBudget;
    headerRow?: number | undefined;
    wantsEvidence?: boolean | undefined;
    joinsRepeatedHeaders?: boolean | undefined;
  }) {
    this.#sampleSize = settings.sampleSize;
    this.#mergeStacked = settings.mergeStackedHeaders;
    this.#budget = settings.budget;
    this.#wantsEvidence = settings.wantsEvidence ?? false;
    this.#joinsRepeated = settings.joinsRepeatedHeaders ?? false;
    this.#toldHeader = settings.headerRow === undefined ? undefined : settings.headerRow - 1;
  }

  /** Takes the sheet's next row, from the first one on. */
  accept(cells: Cells, kind: RowKind): void {
    const row = this.#rows++;
    if (this.#toldHeader !== undefined) {
      this.#told(row, this.#toldHeader, cells);
      return;
    }
    if (row === 0) this.#first = cells;
    if (cells.length > 0) this.#empty = false;
    if (kind === 'header') this.#header(row, cells);
    else this.#data(row, cells);
    this.#previous = cells;
  }

  /** The tables, once all rows were taken. An empty sheet has none; a lone row of data is a header. */
  finish(): TableSurvey[] {
    if (this.#open !== undefined) this.#close(this.#open, this.#rows);
    else if (this.#first.length > 0) this.#close(this.#start(0, this.#first, false), this.#rows);
    return this.#empty ? [] : this.#tables;
  }

  #told(row: number, headerRow: number, cells: Cells): void {
    if (row < headerRow) return;
    this.#empty = false;
    if (row === headerRow) this.#open = this.#start(row, cells, false);
    else this.#data(row, cells);
  }

  #header(row: number, cells: Cells): void {
    const open = this.#open;
    if (open === undefined || open.inferred) {
      // A header inferred from data gives way to a real one, with the rows between them.
      this.#open = this.#start(row, cells, false);
    } else if (!open.dataStarted && this.#mergeStacked) {
      open.headers.push(cells);
    } else if (
      this.#joinsRepeated &&
      isRepeatedHeader(cells, mergeHeaders(open.headers), open.headers.length)
    ) {
      this.#data(row, cells);
    } else {
      this.#close(open, row);
      this.#open = this.#start(row, cells, false);
    }
  }

  #data(row: number, cells: Cells): void {
    if (this.#open === undefined) {
      if (row === 0) return;
      const above = this.#previous.length > 0;
      this.#open = above ? this.#start(row - 1, this.#previous, true) : this.#start(row, cells, true);
      if (!above) return;
    }
    this.#open.dataStarted = true;
    this.#survey(this.#open, cells);
  }

  #start(row: number, cells: Cells, inferred: boolean): OpenTable {
    return { headerRow: row, headers: [cells], inferred, dataStarted: inferred, columns: [], emptyRows: 0 };
  }

  #survey(table: OpenTable, cells: Cells): void {
    widen(table.columns, cells.length, this.#wantsEvidence);
    if (!surveyRow(table.columns, cells, this.#sampleSize)) table.emptyRows++;
  }

  #close(table: OpenTable, endRow: number): void {
    const headers = mergeHeaders(table.headers);
    widen(table.columns, headers.length, this.#wantsEvidence);
    this.#budget.spendTable(table.columns.length);
    this.#tables.push({
      headerRow: table.headerRow,
      headerRowCount: table.headers.length,
      endRow,
      firstColumn: 0,
      headers,
      columns: table.columns,
      emptyRows: table.emptyRows,
    });
  }
}
