import { SpreadsheetFailure } from '../failure.ts';
import { MAX_COLUMNS } from '../limits.ts';
import { openWorkbook } from '../read/open-workbook.ts';
import type { Row, SourceSheet } from '../read/reader.ts';

/** One sheet of a file, to be read from its first row as often as needed. */
export interface SheetSource {
  readonly sheet: SourceSheet;
  /** Rows in batches; those without any cell are left out. Throws SpreadsheetFailure, and the signal's reason. */
  rows(): AsyncIterable<readonly Row[]>;
}

/** Opens the sheet at this place of the file. Throws SpreadsheetFailure. */
export async function openSheet(
  filename: string,
  bytes: Uint8Array,
  at: number,
  signal?: AbortSignal,
): Promise<SheetSource> {
  const reader = await openWorkbook(filename, bytes);
  const sheet = reader.sheets[at];
  if (sheet === undefined) {
    throw new SpreadsheetFailure('sheet_not_found', 'read', `The file has no sheet ${at}, counted from 0.`);
  }
  return {
    sheet,
    rows: async function* () {
      for await (const { rows } of reader.rows(sheet, MAX_COLUMNS)) {
        signal?.throwIfAborted();
        yield rows;
      }
    },
  };
}
