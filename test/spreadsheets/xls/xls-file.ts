import { CFB } from 'xlsx';

export const BIFF5 = 0x500;
export const BIFF8 = 0x600;

/** A record of these 16-bit numbers and bytes. */
export function record(id: number, ...parts: (number | Uint8Array)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'number') return part;
      const word = Buffer.alloc(2);
      word.writeUInt16LE(part & 0xffff, 0);
      return word;
    }),
  );
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(body.byteLength, 2);
  return Buffer.concat([head, body]);
}

const EOF = record(0x0a);

const bof = (version: number, type: number): Buffer =>
  record(0x809, version, type, ...(version === BIFF8 ? [0, 0, 0, 0, 0, 0] : [0, 0]));

export const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value, 0);
  return bytes;
};

export const number = (row: number, column: number, value: number, style = 0): Buffer =>
  record(0x203, row, column, style, float(value));

/** A text of BIFF5, in the code page's own bytes. */
export const label = (row: number, column: number, bytes: Uint8Array): Buffer =>
  record(0x204, row, column, 0, bytes.byteLength, bytes);

export const wideLabel = (row: number, column: number, text: string): Buffer =>
  record(0x204, row, column, 0, text.length, Buffer.from([1]), Buffer.from(text, 'utf16le'));

export interface XlsSheet {
  name: string | Uint8Array;
  records: Buffer[];
  hidden?: number;
  /** What the workbook says the tab is, and what its own stream says. */
  kind?: number;
  type?: number;
  /** Where the workbook says that the sheet is, if that is a lie. */
  at?: number;
  /** Bytes before the sheet. */
  filling?: number;
  isMissing?: boolean;
}

export interface Xls {
  sheets: XlsSheet[];
  version?: number;
  globals?: Buffer[];
  /** The order of the sheets in the stream, by their tabs. */
  order?: number[];
}

/** The stream of an .xls workbook, written by hand. */
export function stream({ sheets, version = BIFF8, globals = [], order }: Xls): Buffer {
  const start = [bof(version, 5), ...globals];
  const entries = sheets.map(({ name, hidden = 0, kind = 0 }) => {
    const bytes = Buffer.from(name);
    const flags = version === BIFF8 ? [0] : [];
    return record(0x85, 0, 0, Buffer.from([hidden, kind, bytes.byteLength, ...flags]), bytes);
  });
  let at = [...start, ...entries, EOF].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const streams = (order ?? [...sheets.keys()]).map((index) => {
    const sheet = sheets[index];
    if (sheet === undefined || sheet.isMissing) return Buffer.alloc(0);
    const filling = Buffer.alloc(sheet.filling ?? 0);
    entries[index]?.writeUInt32LE(sheet.at ?? at + filling.byteLength, 4);
    const bytes = Buffer.concat([filling, bof(version, sheet.type ?? 0x10), ...sheet.records, EOF]);
    at += bytes.byteLength;
    return bytes;
  });
  return Buffer.concat([...start, ...entries, EOF, ...streams]);
}

/** A compound file of these streams. */
export function compound(streams: Record<string, Uint8Array>): Buffer {
  const file = CFB.utils.cfb_new();
  for (const [name, content] of Object.entries(streams)) CFB.utils.cfb_add(file, `/${name}`, content);
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
}

export const xls = (book: Xls): Buffer =>
  compound({ [book.version === BIFF5 ? 'Book' : 'Workbook']: stream(book) });
