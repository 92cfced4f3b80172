import type { ColumnCorrection } from './taught.ts';

/** A table whose columns are looked for. */
export interface CorrectedTable {
  readonly sheetName: string;
  readonly sheetIndex: number;
  readonly tableIndex: number;
  /** The sheet's column that is the table's first, from 0. */
  readonly firstColumn: number;
  /** Of each column, as `headerKey` makes them. */
  readonly headers: readonly string[];
}

/** By columns of a table, from 0: the field that somebody said each to be, or none. */
export type Corrected = ReadonlyMap<number, string | null>;

export const NO_CORRECTIONS: Corrected = new Map();

/** Finds the columns of a document again that somebody corrected, though the document may have changed since. */
export class Corrections {
  readonly #corrections: readonly ColumnCorrection[];
  readonly #sheetNames: ReadonlySet<string>;
  readonly #areMerged: boolean;

  /**
   * @param sheetNames of the workbook: a sheet that is there no more is looked for where it stood.
   * @param areMerged whether the tables of a sheet are reported as one, so that places in it are no table's.
   */
  constructor(
    corrections: readonly ColumnCorrection[],
    { sheetNames, areMerged }: { sheetNames: Iterable<string>; areMerged: boolean },
  ) {
    this.#corrections = corrections;
    this.#sheetNames = new Set(sheetNames);
    this.#areMerged = areMerged;
  }

  /** Of several corrections of a column, or to one field, the latest stands. */
  of(table: CorrectedTable): Corrected {
    if (this.#corrections.length === 0) return NO_CORRECTIONS;
    const corrected = new Map<number, string | null>();
    for (const correction of this.#corrections) {
      if (!this.#isIn(correction, table)) continue;
      const column = this.#columnOf(correction, table);
      if (column < 0) continue;
      const { field } = correction;
      for (const [other, taken] of corrected) if (field !== null && taken === field) corrected.delete(other);
      corrected.set(column, field);
    }
    return corrected;
  }

  #isIn({ sheetName, sheetIndex, tableIndex }: ColumnCorrection, table: CorrectedTable): boolean {
    if (!this.#areMerged && tableIndex !== table.tableIndex) return false;
    if (sheetName === table.sheetName) return true;
    return sheetIndex === table.sheetIndex && !this.#sheetNames.has(sheetName);
  }

  /** Where it stood if its header is still there, else the first of that header; -1 for none. */
  #columnOf({ columnIndex, header }: ColumnCorrection, { firstColumn, headers }: CorrectedTable): number {
    const place = columnIndex - firstColumn;
    if (!this.#areMerged && headers[place] === header) return place;
    return header === '' ? -1 : headers.indexOf(header);
  }
}
