import { type CellValue, headerText } from '../cells.ts';
import type { Region } from '../detect/regions/index.ts';
import type { Cells } from '../detect/row-scan.ts';
import { mergeHeaders } from '../detect/table-detector.ts';
import type { PlacedRow } from '../inspect/describe-tables.ts';
import { isRepeatedHeader } from '../rows/repeated-header.ts';
import { type RowFilter, RowRules } from '../rows/row-rules.ts';
import { RuleBudget } from '../rule-budget.ts';
import { ColumnFacts } from './column-facts.ts';

/** The rules for rows that know by themselves what is no data, in the order in which a definition has them. */
export const DROPPABLE = ['blank', 'repeatedHeader', 'totals', 'notes'] as const;
export type Droppable = (typeof DROPPABLE)[number];

/** Rows that tell what a column holds, spread over the table: more of them say the same. */
const LOOKED_AT = 2_000;

/** What one table is: its header, its columns, and which of its rows are no data. */
export class TableFacts {
  readonly region: Region;
  readonly columns: readonly ColumnFacts[];
  readonly dropped = new Map<Droppable, number>();
  /** The last row of data, from 0. */
  lastRow: number;
  /** Rows that are data. */
  rows = 0;
  #headerRows: Cells[] = [];
  #headers: readonly CellValue[] = [];
  #filter: RowFilter | undefined;
  /** The last row of the regions that are this table. */
  #bottom: number;
  #next = 0;
  /** Of so many rows, the values of one are looked at closely. */
  readonly #step: number;

  constructor(region: Region) {
    this.region = region;
    this.lastRow = region.top + region.headerRows - 1;
    this.#bottom = region.bottom;
    this.#step = Math.max(1, Math.ceil((region.bottom - this.lastRow) / LOOKED_AT));
    this.columns = Array.from({ length: region.right - region.left + 1 }, () => new ColumnFacts());
  }

  /** Per column, stacked ones joined; null where the header is blank. */
  get headers(): readonly (string | null)[] {
    return this.columns.map((_, at) => headerText(this.#headers[at] ?? null));
  }

  /** Takes a row of the region. */
  accept({ index, cells }: PlacedRow): void {
    this.#bottom = Math.max(this.#bottom, index);
    // Rows that a file leaves out between two that it has are blank ones.
    const isGap = this.#next > 0 && index > this.#next;
    if (isGap) this.#drop('blank', index - this.#next);
    this.#next = index + 1;
    const { top, left, right, headerRows } = this.region;
    const own = cells.slice(left, right + 1);
    if (index < top + headerRows) {
      this.#headerRows.push(own);
      this.#headers = mergeHeaders(this.#headerRows);
      return;
    }
    const reason = this.#reasonFor(own);
    if (reason !== undefined) {
      this.#drop(reason, 1);
      return;
    }
    this.lastRow = index;
    this.rows++;
    const isLookedAt = (this.rows - 1) % this.#step === 0;
    this.columns.forEach((column, at) => {
      column.accept(own[at] ?? null, isLookedAt);
    });
  }

  /** Whether the table that begins with this row, right below, is this one going on after its header once more. */
  isRepeatedBy({ top, left, right, headerRows }: Region, { cells }: PlacedRow): boolean {
    const { region } = this;
    const isBelow = top === this.#bottom + 1 && left === region.left && right === region.right;
    return (
      isBelow &&
      headerRows === 1 &&
      isRepeatedHeader(cells.slice(left, right + 1), this.#headers, region.headerRows)
    );
  }

  #drop(reason: Droppable, count: number): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }

  #reasonFor(cells: Cells): Droppable | undefined {
    this.#filter ??= new RowRules(
      DROPPABLE.map((drop) => ({ drop })),
      new RuleBudget(),
    ).filterFor({
      names: [],
      survey: { headers: this.#headers, headerRowCount: this.region.headerRows, columns: this.columns },
    });
    const reason = this.#filter(cells);
    return DROPPABLE.find((known) => known === reason);
  }
}
