import { columnLetters } from '../cells.ts';
import { MAX_COLUMNS } from '../limits.ts';
import type { CellRange, SheetFacts } from './reader.ts';

// As many as any list in a report needs; a sheet of nothing but merged cells has no end of them.
export const MAX_MERGED = 100_000;

/** Gathers what a sheet holds beside its values, row by row. */
export class TableFacts {
  readonly #units = new Map<string, { column: number; unit: string; count: number }>();
  readonly #merged: CellRange[] = [];
  readonly #hiddenColumns: number[] = [];
  #columns = 0;
  #width = 0;
  #hiddenRows = 0;
  // Hidden rows with nothing in them count only if another row follows: programs hide the rest of a sheet.
  #pendingRows = 0;
  #notes = 0;
  #uncalculated = 0;
  #firstUncalculated: string | null = null;
  filters = 0;

  column(isHidden: boolean, repeat: number): void {
    const end = Math.min(this.#columns + repeat, MAX_COLUMNS);
    for (; this.#columns < end; this.#columns++) {
      if (isHidden) this.#hiddenColumns.push(this.#columns);
    }
  }

  row(isHidden: boolean, repeat: number, width: number): void {
    if (isHidden) this.#pendingRows += repeat;
    if (width === 0) return;
    this.#hiddenRows += this.#pendingRows;
    this.#pendingRows = 0;
    this.#width = Math.max(this.#width, width);
  }

  note(): void {
    this.#notes++;
  }

  merge(range: CellRange): void {
    if (this.#merged.length < MAX_MERGED) this.#merged.push(range);
  }

  uncalculated(row: number, column: number, count: number): void {
    this.#uncalculated += count;
    this.#firstUncalculated ??= `${columnLetters(column)}${row + 1}`;
  }

  unit(unit: string, column: number, columns: number, rows: number): void {
    for (let at = column; at < column + columns; at++) {
      const key = `${at} ${unit}`;
      const known = this.#units.get(key);
      if (known === undefined) this.#units.set(key, { column: at, unit, count: rows });
      else known.count += rows;
    }
  }

  get facts(): SheetFacts {
    return {
      hiddenRows: this.#hiddenRows,
      hiddenColumns: this.#hiddenColumns.filter((column) => column < this.#width),
      merged: this.#merged,
      notes: this.#notes,
      filters: this.filters,
      uncalculated: { count: this.#uncalculated, first: this.#firstUncalculated },
      units: [...this.#units.values()].sort((a, b) => a.column - b.column),
    };
  }
}
