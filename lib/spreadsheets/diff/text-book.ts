import { tooLarge, unreadable } from '../failure.ts';
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS } from '../limits.ts';
import { cellText } from '../preview/cell-text.ts';
import { ooxmlReader } from '../read/ooxml/ooxml-reader.ts';
import { workbookParts, workbookPath } from '../read/ooxml/parts.ts';
import { zipEntries } from '../read/zip-guard.ts';

/** A row as a preview shows it; `index` is 0-based, and larger than that of the row before. */
export interface TextRow {
  readonly index: number;
  readonly texts: readonly string[];
}

/** A file whose sheets are read row by row, as often as needed. Reading throws SpreadsheetFailure. */
export interface TextBook {
  readonly sheets: readonly string[];
  rows(sheet: number): AsyncIterable<readonly TextRow[]>;
}

export interface ComparedFile {
  /** The name of the one sheet of a text file. */
  readonly stem: string;
  readonly format: 'xlsx' | 'csv';
  readonly bytes: Uint8Array;
}

export const textBook = ({ stem, format, bytes }: ComparedFile): Promise<TextBook> =>
  format === 'csv' ? csvBook(stem, bytes) : xlsxBook(bytes);

async function xlsxBook(bytes: Uint8Array): Promise<TextBook> {
  const entries = zipEntries(bytes);
  const path = await workbookPath(bytes, entries);
  if (path === undefined || path.endsWith('.bin')) {
    throw unreadable('The file is a zip file, but there is no .xlsx workbook inside.');
  }
  const reader = await ooxmlReader(bytes, await workbookParts(bytes, entries, path));
  async function* rows(index: number): AsyncGenerator<readonly TextRow[]> {
    const sheet = reader.sheets[index];
    if (sheet === undefined) throw new RangeError(`There is no sheet ${index}`);
    for await (const batch of reader.rows(sheet, MAX_COLUMNS)) {
      yield batch.rows.map((row) => ({ index: row.index, texts: row.cells.map(cellText) }));
    }
  }
  return { sheets: reader.sheets.map(({ name }) => name), rows };
}

// Enough records to make the pause cheap, few enough that a timeout is noticed at once.
const BATCH_RECORDS = 1000;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function csvBook(name: string, bytes: Uint8Array): Promise<TextBook> {
  const { csvRecords, planCsv } = await import('../read/csv/csv-reader.ts');
  const plan = await planCsv(bytes);
  async function* rows(): AsyncGenerator<readonly TextRow[]> {
    let batch: TextRow[] = [];
    let index = 0;
    for (const record of csvRecords(bytes, plan)) {
      batch.push({ index, texts: record.map((field) => field.slice(0, MAX_CELL_CHARACTERS)) });
      index++;
      if (index > MAX_ROWS) throw tooLarge(`The CSV file has more than ${MAX_ROWS} rows.`);
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
      await pause();
    }
    yield batch;
  }
  return { sheets: [name], rows };
}
