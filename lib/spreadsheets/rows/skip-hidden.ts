import type { Row, RowBatch, SourceSheet, WorkbookReader } from '../read/reader.ts';
import { withRows } from './with-rows.ts';

/** Which rows of a sheet were left out, so that the others can still be told by the numbers they have in it. */
export class SkippedRows {
  // Of each row left out, how many rows were kept before it: never falling, so it can be searched.
  readonly #keptBefore: number[] = [];

  get count(): number {
    return this.#keptBefore.length;
  }

  /** The sheet's next row that is left out, 0-based. */
  skip(row: number): void {
    this.#keptBefore.push(row - this.#keptBefore.length);
  }

  /** The row in the sheet of a row among those kept, both 0-based. */
  rowInSheet(row: number): number {
    let low = 0;
    let high = this.#keptBefore.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keptBefore[middle] ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return row + low;
  }
}

async function* shownRows(batches: AsyncIterable<RowBatch>, skipped: SkippedRows): AsyncGenerator<RowBatch> {
  for await (const { rows, claimedRows } of batches) {
    const kept: Row[] = [];
    for (const row of rows) {
      if (row.hidden === true) skipped.skip(row.index);
      else kept.push({ ...row, index: row.index - skipped.count });
    }
    yield { rows: kept, claimedRows: Math.max(0, claimedRows - skipped.count) };
  }
}

/** A workbook without the rows that it does not show; the rows below them move up. */
export interface ShownWorkbook {
  readonly reader: WorkbookReader;
  /** What the last reading of a sheet has left out so far. */
  skippedIn(sheet: SourceSheet): SkippedRows;
}

export function skipHidden(reader: WorkbookReader): ShownWorkbook {
  const bySheet = new Map<number, SkippedRows>();
  return {
    reader: withRows(reader, (sheet, maxGap) => {
      const skipped = new SkippedRows();
      bySheet.set(sheet.index, skipped);
      return shownRows(reader.rows(sheet, maxGap), skipped);
    }),
    skippedIn: (sheet) => bySheet.get(sheet.index) ?? new SkippedRows(),
  };
}

/** A workbook of which all rows are kept. */
export const keepHidden = (reader: WorkbookReader): ShownWorkbook => ({
  reader,
  skippedIn: () => new SkippedRows(),
});
