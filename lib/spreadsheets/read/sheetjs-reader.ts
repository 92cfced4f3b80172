import * as zlib from 'node:zlib';
import type { CellObject, DenseWorkSheet, WorkBook } from 'xlsx';
import type { CellValue } from '../cells.ts';
import { tooLarge, unreadable } from '../failure.ts';
import { MAX_CELLS, MAX_COLUMNS, MAX_ROWS } from '../limits.ts';
import { isCompoundFile } from './cfb.ts';
import { formatKind, temporalOf } from './number-format.ts';
import {
  cutRow,
  type FileFormat,
  NO_FACTS,
  type Row,
  type RowBatch,
  type SourceSheet,
  type WorkbookReader,
} from './reader.ts';

// Enough rows to make the pause between batches cheap, few enough to answer an abort at once.
const ROWS_PER_BATCH = 1000;

const ERRORS: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
  43: '#GETTING_DATA',
};

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function cellValue(cell: CellObject, date1904: boolean): CellValue {
  const { v: value } = cell;
  if (cell.t === 'e') return ERRORS[Number(value)] ?? '#N/A';
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number') return null;
  const kind = typeof cell.z === 'string' ? formatKind(cell.z) : 'number';
  return kind === 'number' ? value : (temporalOf(value, kind, date1904) ?? value);
}

/** Entries of a sparse array in order, without walking its gaps. */
function present<T>(sparse: readonly T[]): [number, T][] {
  const found: [number, T][] = [];
  sparse.forEach((item, index) => {
    if (item !== undefined && item !== null) found.push([index, item]);
  });
  return found;
}

async function parse(bytes: Uint8Array): Promise<{ book: WorkBook; biff: Uint8Array | undefined }> {
  // Loaded on demand: legacy formats are rare, and SheetJS is larger than everything else together.
  const { CFB, read } = await import('xlsx');
  CFB.utils.use_zlib(zlib);
  try {
    const book = read(bytes, {
      type: 'array',
      dense: true,
      WTF: true,
      cellNF: true,
      cellText: false,
      cellFormula: false,
      cellHTML: false,
    });
    const file = isCompoundFile(bytes) ? CFB.read(bytes, { type: 'array' }) : undefined;
    const stream = file && (CFB.find(file, 'Workbook') ?? CFB.find(file, 'Book'));
    return { book, biff: stream?.content instanceof Uint8Array ? stream.content : undefined };
  } catch (cause) {
    if (cause instanceof Error && /password|encrypt/i.test(cause.message)) {
      throw unreadable('The file is password protected. Remove the password and try again.', cause);
    }
    throw unreadable(
      'The file is damaged or no workbook. Open it in a spreadsheet program and save it as .xlsx.',
      cause,
    );
  }
}

const WINDOW_RECORD = 0x3d;
const CURRENT_TAB_OFFSET = 10;

/** The tab an .xls workbook opens with, from the one record of its stream that SheetJS does not pass on. */
function currentTab(stream: Uint8Array): number | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at + 4 <= view.byteLength; at += 4 + view.getUint16(at + 2, true)) {
    const body = at + 4 + CURRENT_TAB_OFFSET;
    if (view.getUint16(at, true) !== WINDOW_RECORD || body + 2 > view.byteLength) continue;
    return view.getUint16(body, true);
  }
  return undefined;
}

/** The tab a workbook opens with; SheetJS keeps what the file says in a place its types do not name. */
function activeTab(book: WorkBook, biff: Uint8Array | undefined, activeName: string | undefined): number {
  const named = activeName === undefined ? -1 : book.SheetNames.indexOf(activeName);
  if (named >= 0) return named;
  const current = biff === undefined ? undefined : currentTab(biff);
  if (current !== undefined) return current;

  const views: unknown = Reflect.get(book.Workbook ?? {}, 'WBView');
  const first: unknown = Array.isArray(views) ? views[0] : undefined;
  const tab =
    typeof first === 'object' && first !== null ? Number(Reflect.get(first, 'activeTab')) : Number.NaN;
  if (Number.isInteger(tab)) return tab;
  const visible = book.SheetNames.findIndex((_, index) => !book.Workbook?.Sheets?.[index]?.Hidden);
  return Math.max(visible, 0);
}

/**
 * A reader for the formats we do not read ourselves (.xls, .xlsb, .ods). It holds the whole workbook in
 * memory, so zip files must have passed the guard and every entry must have been verified. `activeName` is the
 * sheet the workbook opens with, where that is known.
 */
export async function sheetJsReader(
  format: Exclude<FileFormat, 'csv' | 'xlsx'>,
  bytes: Uint8Array,
  activeName?: string,
): Promise<WorkbookReader> {
  const { book, biff } = await parse(bytes);
  const active = activeTab(book, biff, activeName);
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  const sheets = book.SheetNames.flatMap((name, index): SourceSheet[] => {
    const sheet = book.Sheets[name];
    if (sheet === undefined || (sheet['!type'] ?? 'sheet') !== 'sheet') return [];
    return [{ name, index, visible: !book.Workbook?.Sheets?.[index]?.Hidden, active: index === active }];
  });

  async function* rows(sheet: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const data = (book.Sheets[sheet.name] as Partial<DenseWorkSheet> | undefined)?.['!data'] ?? [];
    if (data.length > MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    let batch: Row[] = [];
    let total = 0;
    for (const [index, row] of present(data)) {
      if (row.length > MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
      const cells: CellValue[] = [];
      for (const [column, cell] of present(row)) {
        while (cells.length < column) cells.push(null);
        cells.push(cellValue(cell, date1904));
      }
      total += cells.length;
      if (total > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
      batch.push({ index, ...cutRow(cells, maxGap) });
      if (batch.length < ROWS_PER_BATCH) continue;
      yield { rows: batch, claimedRows: data.length };
      batch = [];
      await pause();
    }
    yield { rows: batch, claimedRows: data.length };
  }

  return {
    format,
    csv: null,
    sheets,
    tabCount: book.SheetNames.length,
    findings: () => [],
    facts: async () => NO_FACTS,
    rows,
  };
}
