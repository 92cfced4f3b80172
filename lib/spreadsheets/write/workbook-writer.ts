import { columnLetters, type PlainValue } from '../cells.ts';
import { cellXml } from './cell-xml.ts';
import { SHEET_HEAD, sheetPath, workbookPartsOf } from './workbook-parts.ts';
import { ZipWriter } from './zip-writer.ts';

// Characters collected before they go to zlib: large enough that the hand-over costs nothing.
const FLUSH_CHARACTERS = 256 * 1024;

export interface SheetSize {
  readonly rows: number;
  readonly columns: number;
}

/** Takes the cells of one sheet, row by row and in each row from left to right. */
export interface SheetWriter {
  startRow(): void;
  /** Writes one cell of the current row; null leaves it out. `column` is 0-based. */
  cell(column: number, value: PlainValue): void;
  /** Ends the row. A promise asks to wait before the next one. */
  endRow(): Promise<void> | undefined;
  end(): Promise<void>;
}

function dimension({ rows, columns }: SheetSize): string {
  const last = `${columnLetters(Math.max(0, columns - 1))}${Math.max(1, rows)}`;
  return `<dimension ref="A1:${last}"/>`;
}

/** Writes an .xlsx workbook front to back; memory does not grow with its length. */
export class WorkbookWriter {
  readonly #zip: ZipWriter;
  #sheets = 0;

  private constructor(zip: ZipWriter) {
    this.#zip = zip;
  }

  /** Starts a workbook with sheets of these names, in this order; the first is active. */
  static async start(
    sheetNames: readonly string[],
    output: (chunk: Uint8Array) => void | Promise<void>,
  ): Promise<WorkbookWriter> {
    const zip = new ZipWriter(output);
    for (const [path, content] of workbookPartsOf(sheetNames)) await zip.add(path, content);
    return new WorkbookWriter(zip);
  }

  /** The next sheet, null where nobody knows its size yet. It must be ended before another one is started. */
  async sheet(size: SheetSize | null): Promise<SheetWriter> {
    const entry = await this.#zip.stream(sheetPath(this.#sheets++));
    let xml = `${SHEET_HEAD}${size === null ? '' : dimension(size)}<sheetData>`;
    let row = 0;
    let number = '';
    return {
      startRow: () => {
        number = String(++row);
        xml += `<row r="${number}">`;
      },
      cell: (column, value) => {
        if (value !== null) xml += cellXml(value, number, column);
      },
      endRow: () => {
        xml += '</row>';
        if (xml.length < FLUSH_CHARACTERS) return undefined;
        const full = xml;
        xml = '';
        return entry.write(full);
      },
      end: async () => {
        await entry.write(`${xml}</sheetData></worksheet>`);
        await entry.end();
      },
    };
  }

  async finish(): Promise<void> {
    await this.#zip.finish();
  }
}

// Characters that no spreadsheet program allows in a sheet's name, and how long a name may be.
const FORBIDDEN = /[[\]:*?/\\\x00-\x1f]/g;
const MAX_NAME = 31;

/** Sheet names made fit for a workbook: short enough, without forbidden characters, each one once. */
export function safeSheetNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = name.replace(FORBIDDEN, '_').replace(/^'|'$/g, '_').slice(0, MAX_NAME) || 'Sheet';
    let safe = base;
    for (let copy = 2; taken.has(safe.toLowerCase()); copy++) {
      safe = `${base.slice(0, MAX_NAME - String(copy).length - 1)}_${copy}`;
    }
    taken.add(safe.toLowerCase());
    return safe;
  });
}
