import type { CellValue } from '../cells.ts';
import { kindOf } from './cell-forms.ts';
import type { SheetSource } from './sheet-source.ts';

/** What has to be known of a sheet before its first row is written. */
export interface SheetSurvey {
  /** Columns up to the last one with a value, and rows up to the last one. */
  readonly width: number;
  readonly rows: number;
  /** The first row with a value, and where it stands: the rows below it are the data. */
  readonly header: readonly CellValue[];
  readonly headerRow: number;
  /** Of each column, the kinds of its values below the header: bits of `KIND`, 0 where it has none. */
  readonly kinds: readonly number[];
}

/** Reads a sheet once, holding nothing but its header. */
export async function surveySheet(source: SheetSource): Promise<SheetSurvey> {
  let header: readonly CellValue[] = [];
  let headerRow = -1;
  let rows = 0;
  const kinds: number[] = [];
  for await (const batch of source.rows()) {
    for (const { index, cells } of batch) {
      if (cells.length === 0) continue;
      rows = index + 1;
      while (kinds.length < cells.length) kinds.push(0);
      if (headerRow < 0) {
        header = [...cells];
        headerRow = index;
        continue;
      }
      for (let column = 0; column < cells.length; column++) {
        const value = cells[column] ?? null;
        if (value !== null) kinds[column] = (kinds[column] ?? 0) | kindOf(value);
      }
    }
  }
  return { width: kinds.length, rows, header, headerRow: Math.max(0, headerRow), kinds };
}

/**
 * Every row from `from` to the survey's last, those without any cell as empty ones, in batches as they are read.
 */
export async function* everyRow(
  source: SheetSource,
  { rows }: SheetSurvey,
  from: number,
): AsyncGenerator<(readonly CellValue[])[]> {
  let next = from;
  let full: (readonly CellValue[])[] = [];
  for await (const batch of source.rows()) {
    for (const { index, cells } of batch) {
      if (index < next || index >= rows) continue;
      for (; next < index; next++) {
        full.push(NO_CELLS);
        if (full.length < MAX_BATCH) continue;
        yield full;
        full = [];
      }
      full.push(cells);
      next = index + 1;
    }
    yield full;
    full = [];
  }
}

const NO_CELLS: readonly CellValue[] = [];

/** A file of a few bytes may leave out a million rows before its next one. */
const MAX_BATCH = 10_000;
