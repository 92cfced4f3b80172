import { type CellValue, isBlank } from '../cells.ts';
import { MAX_COLUMNS } from '../limits.ts';
import type { CellRange, Row, RowBatch, WorkbookReader } from '../read/reader.ts';
import { withRows } from './with-rows.ts';

// What is held at a time: ranges may be as wide as a sheet, and reach far below its last row.
const CELLS_PER_BATCH = 100_000;

interface Filling {
  readonly range: CellRange;
  readonly value: CellValue;
}

/** Gives every cell of merged ranges the value of their first. Rows are to come in their order. */
class MergedCells {
  // By the first row, the last range first: the next one is at the end.
  readonly #ahead: CellRange[];
  // The last row of the range that a column is in: ranges that overlap are none, and would cost without end.
  readonly #takenTo = new Int32Array(MAX_COLUMNS).fill(-1);
  #open: Filling[] = [];

  constructor(ranges: readonly CellRange[]) {
    this.#ahead = ranges.filter(({ right }) => right < MAX_COLUMNS).sort((a, b) => b.top - a.top);
  }

  /** Whether a range that was begun goes on in the row. */
  reaches(row: number): boolean {
    return this.#open.some(({ range }) => range.bottom >= row);
  }

  /** The cells of a row, filled. */
  fill(row: number, cells: readonly CellValue[]): readonly CellValue[] {
    this.#open = this.#open.filter(({ range }) => range.bottom >= row);
    for (let next = this.#ahead.at(-1); next !== undefined && next.top <= row; next = this.#ahead.at(-1)) {
      this.#ahead.pop();
      const value = cells[next.left] ?? null;
      // A range whose first row is not there has no value.
      if (next.top === row && !isBlank(value) && this.#take(next)) this.#open.push({ range: next, value });
    }
    if (this.#open.length === 0) return cells;
    const filled = [...cells];
    for (const { range, value } of this.#open) {
      while (filled.length <= range.right) filled.push(null);
      filled.fill(value, range.left, range.right + 1);
    }
    return filled;
  }

  #take({ top, left, bottom, right }: CellRange): boolean {
    for (let column = left; column <= right; column++) {
      if ((this.#takenTo[column] ?? -1) >= top) return false;
    }
    this.#takenTo.fill(bottom, left, right + 1);
    return true;
  }
}

async function* filledRows(
  batches: AsyncIterable<RowBatch>,
  ranges: readonly CellRange[],
): AsyncGenerator<RowBatch> {
  const merged = new MergedCells(ranges);
  let at = 0;
  let claimedRows = 0;
  let rows: Row[] = [];
  let cellCount = 0;
  function* flush(): Generator<RowBatch> {
    yield { rows, claimedRows };
    rows = [];
    cellCount = 0;
  }
  function* take(row: Row): Generator<RowBatch> {
    const cells = merged.fill(row.index, row.cells);
    rows.push({ ...row, cells });
    at = row.index + 1;
    cellCount += cells.length;
    if (cellCount >= CELLS_PER_BATCH) yield* flush();
  }
  /** Rows before `end` that the file has not and a range reaches into. */
  function* missing(end: number): Generator<RowBatch> {
    while (at < end && merged.reaches(at)) yield* take({ index: at, cells: [], cut: false });
  }
  for await (const batch of batches) {
    claimedRows = batch.claimedRows;
    for (const row of batch.rows) {
      yield* missing(row.index);
      yield* take(row);
    }
    yield* flush();
  }
  yield* missing(Number.POSITIVE_INFINITY);
  yield* flush();
}

/** The same workbook with the value of a merged range in each of its cells. */
export const fillMerged = (reader: WorkbookReader): WorkbookReader =>
  withRows(reader, async function* (sheet, maxGap) {
    const { merged } = await reader.facts(sheet);
    const rows = reader.rows(sheet, maxGap);
    yield* merged.length === 0 ? rows : filledRows(rows, merged);
  });
