import type { CellValue } from '../cells.ts';
import { tooLarge, unreadable } from '../failure.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../limits.ts';
import {
  cutRow,
  NO_FACTS,
  type Row,
  type RowBatch,
  type SourceSheet,
  type WorkbookReader,
} from './reader.ts';

const COMMA = 44;
const QUOTE = 34;
const LF = 10;
const CR = 13;

// Enough rows to make the pause between batches cheap, few enough to answer an abort at once.
const ROWS_PER_BATCH = 1000;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Reads the records of a comma-separated text the way Python's `csv` does: quotes are doubled inside quoted
 * fields, text after a closing quote belongs to the field, a quote inside a bare field is itself, an open
 * quote runs to the end, and `\n`, `\r` and `\r\n` all end a record, mixed as they may be.
 */
export function* csvRecords(text: string): Generator<string[]> {
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text.charCodeAt(at) === QUOTE) {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) {
          field += text.slice(at);
          at = text.length;
          break;
        }
        field += text.slice(at, close);
        at = close + 1;
        if (text.charCodeAt(at) !== QUOTE) break;
        field += '"';
        at++;
      }
    }
    const start = at;
    let code = text.charCodeAt(at);
    while (at < text.length && code !== COMMA && code !== LF && code !== CR) code = text.charCodeAt(++at);
    field = field === '' ? text.slice(start, at) : field + text.slice(start, at);
    const ends = at >= text.length || code !== COMMA;
    if (ends && record.length === 0 && field === '' && at === start && text.charCodeAt(at - 1) !== QUOTE) {
      yield [];
    } else {
      record.push(field);
      if (record.length > MAX_COLUMNS) throw tooLarge(`A row has more than ${MAX_COLUMNS} columns.`);
      if (ends) {
        yield record;
        record = [];
      } else if (at + 1 >= text.length) {
        record.push('');
        yield record;
        record = [];
      }
    }
    at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
  }
}

/** Decodes UTF-8 with or without a byte order mark. Throws SpreadsheetFailure on any other encoding. */
export function decodeCsv(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable('The CSV file is not valid UTF-8. Save it again with UTF-8 encoding.', cause);
  }
}

/** A CSV file as a workbook of one sheet, named after the file. */
export function csvReader(sheetName: string, bytes: Uint8Array): WorkbookReader {
  const text = decodeCsv(bytes);
  const sheet: SourceSheet = { name: sheetName, index: 0, visible: true, active: true };

  async function* rows(_sheet: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    let batch: Row[] = [];
    let index = 0;
    for (const record of csvRecords(text)) {
      // A line without any field is a gap, so that blank lines at the end of the file are no rows.
      if (record.length > 0) {
        const cells: CellValue[] = record.map((field) => (field === '' ? null : field));
        batch.push({ index, ...cutRow(cells, maxGap) });
      }
      index++;
      if (index > MAX_ROWS) throw tooLarge(`The CSV file has more than ${MAX_ROWS} rows.`);
      if (batch.length === ROWS_PER_BATCH) {
        yield { rows: batch, claimedRows: 0 };
        batch = [];
        await pause();
      }
    }
    yield { rows: batch, claimedRows: 0 };
  }

  return {
    format: 'csv',
    csv: {
      encoding: 'utf-8',
      dialect: { delimiter: ',', quote: '"', escape: '"' },
      confidence: { encoding: 1, dialect: 1 },
    },
    sheets: [sheet],
    tabCount: 1,
    findings: () => [],
    facts: async () => NO_FACTS,
    rows,
  };
}
