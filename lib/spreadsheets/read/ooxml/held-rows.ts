import type { CellValue } from '../../cells.ts';
import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_ROWS } from '../../limits.ts';

/** A row while it is read. */
export interface OpenRow {
  readonly index: number;
  readonly cells: CellValue[];
  cut: boolean;
  hidden: boolean;
}

const newRow = (index: number): OpenRow => ({ index, cells: [], cut: false, hidden: false });

/**
 * Rows that were read and not handed on yet. The format wants each row once and in order; where a program
 * wrote a row in several pieces or went back to an earlier one, the pieces come together here.
 */
export class HeldRows {
  #rows: OpenRow[] = [];
  /** By index, once rows do not stand in order. */
  #places: Map<number, OpenRow> | undefined;
  #next = 0;
  #released = 0;
  #hidden = 0;
  #width = 0;

  get count(): number {
    return this.#rows.length;
  }

  /** Rows with values that are not shown, and columns up to the last value; of rows that were handed on. */
  get hidden(): number {
    return this.#hidden;
  }

  get width(): number {
    return this.#width;
  }

  /** The row at this index, or the one after all others where a row names no place. Throws SpreadsheetFailure. */
  at(index: number = this.#next): OpenRow {
    if (index >= MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    if (index >= this.#next) {
      this.#next = index + 1;
      return this.#add(newRow(index));
    }
    const last = this.#rows.at(-1);
    if (last?.index === index) return last;
    if (index < this.#released) {
      throw unreadable(
        `The file is damaged: row ${index + 1} of a worksheet stands behind row ${this.#next}. Open it in a spreadsheet program and save it again.`,
      );
    }
    this.#places ??= new Map(this.#rows.map((row) => [row.index, row]));
    return this.#places.get(index) ?? this.#add(newRow(index));
  }

  #add(row: OpenRow): OpenRow {
    this.#rows.push(row);
    this.#places?.set(row.index, row);
    return row;
  }

  /** Hands on all rows but the last `kept` ones, in order. */
  release(kept: number): OpenRow[] {
    const rows = this.#rows;
    if (this.#places !== undefined) rows.sort((a, b) => a.index - b.index);
    this.#places = undefined;
    this.#rows = kept === 0 ? [] : rows.splice(-kept);
    for (const { cells, hidden } of rows) {
      if (hidden && cells.length > 0) this.#hidden++;
      if (cells.length > this.#width) this.#width = cells.length;
    }
    const last = rows.at(-1);
    if (last !== undefined) this.#released = last.index + 1;
    return rows;
  }
}
