import { SpreadsheetFailure, unreadable } from '../failure.ts';
import { ooxmlReader } from './ooxml/ooxml-reader.ts';
import { workbookParts, workbookPath } from './ooxml/parts.ts';
import { isMarkup, otherKind } from './other-kinds.ts';
import type { CsvOptions, WorkbookReader } from './reader.ts';
import { type ZipEntry, zipEntries } from './zip-guard.ts';
import { verifyEntry } from './zip-inflate.ts';

const TEXT_EXTENSIONS = ['.csv', '.tsv', '.txt', '.tab'];

export const FILE_EXTENSIONS = [
  '.xlsx',
  '.xlsm',
  '.xltx',
  '.xltm',
  ...TEXT_EXTENSIONS,
  '.xls',
  '.xlsb',
  '.ods',
];

// SheetJS inflates whole entries and keeps several copies of them.
const MAX_BYTES_IN_MEMORY = 128 * 1024 * 1024;

/** A file's name without folders, and that without its extension (lower case, with its dot). */
export function splitName(name: string): { base: string; stem: string; extension: string } {
  const base = name.split(/[\\/]/).at(-1) ?? name;
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return { base, stem: base, extension: '' };
  return { base, stem: base.slice(0, dot), extension: base.slice(dot).toLowerCase() };
}

const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
// The container of .xls and of encrypted workbooks.
const COMPOUND_MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

const beginsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte);
const isZip = (bytes: Uint8Array): boolean => beginsWith(bytes, ZIP_MAGIC);
const isCompoundFile = (bytes: Uint8Array): boolean => beginsWith(bytes, COMPOUND_MAGIC);

// Before .xls was a compound file it was a bare stream that starts with one of these records.
const isBareXls = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1);

// The content of an OpenDocument file, or of one that is encrypted as a whole.
const ODS_PARTS = ['content.xml', 'encrypted-package'];

// Readers of all other formats than .xlsx are loaded on demand: most files need none of them.
async function heldInMemory(
  bytes: Uint8Array,
  entries: ReadonlyMap<string, ZipEntry>,
): Promise<WorkbookReader> {
  const total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_BYTES_IN_MEMORY) {
    throw new SpreadsheetFailure(
      'too_large',
      'read',
      `The file unpacks to ${Math.round(total / 1e6)} MB, more than is read in this format. Save it as .xlsx.`,
    );
  }
  for (const entry of entries.values()) await verifyEntry(bytes, entry);
  const { xlsbReader } = await import('./sheetjs-reader.ts');
  return await xlsbReader(bytes);
}

async function openZip(bytes: Uint8Array): Promise<WorkbookReader> {
  const entries = zipEntries(bytes);
  const path = await workbookPath(bytes, entries);
  if (path === undefined && ODS_PARTS.some((part) => entries.has(part))) {
    const { odsReader } = await import('./ods/ods-reader.ts');
    return await odsReader(bytes, entries);
  }
  if (path?.endsWith('.bin')) return await heldInMemory(bytes, entries);
  if (path === undefined) throw unreadable('The file is a zip file, but there is no workbook inside.');
  return await ooxmlReader(bytes, await workbookParts(bytes, entries, path));
}

// Where a file says what it is.
const HEAD_BYTES = 4096;

/** What is no text, or a text without rows, would be read as a table of nonsense. */
function refuseOtherKinds(extension: string, bytes: Uint8Array): void {
  const start = bytes.subarray(0, HEAD_BYTES);
  const head = Buffer.from(start)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '');
  const kind = otherKind(head);
  if (kind !== undefined) {
    throw unreadable(
      `The file is named ${extension} but is ${kind}. Save its table as ${extension} or .xlsx.`,
    );
  }
  if (isMarkup(head)) {
    throw unreadable(
      `The file is named ${extension} but is a web page or an XML document. If it holds a table, name it .xls and try again; a page that says something else came in its place.`,
    );
  }
}

async function openXls(stream: Buffer): Promise<WorkbookReader> {
  const { xlsReader } = await import('./xls/xls-reader.ts');
  return await xlsReader(stream);
}

async function openCompound(bytes: Uint8Array): Promise<WorkbookReader> {
  const { CompoundFile } = await import('./cfb.ts');
  const file = new CompoundFile(bytes);
  if (file.names('EncryptedPackage') || file.names('EncryptionInfo')) {
    throw unreadable('The file is password protected. Remove the password and try again.');
  }
  // A file of two generations holds both; the later one says more.
  const stream = file.stream('Workbook') ?? file.stream('Book');
  if (stream === undefined) {
    throw unreadable('The file is damaged: there is no workbook inside. Save it again as .xlsx.');
  }
  return await openXls(stream);
}

/**
 * Opens a workbook by its name and its content together. `name` may carry folders; `options.csv` is what is
 * known of a text file. Throws SpreadsheetFailure:
 * `unsupported_format` for files that are no spreadsheets by name, `unreadable_file` and `too_large` for what
 * their content is.
 */
export async function openWorkbook(
  name: string,
  bytes: Uint8Array,
  options: { readonly csv?: CsvOptions | undefined } = {},
): Promise<WorkbookReader> {
  const { stem, extension } = splitName(name);
  if (!FILE_EXTENSIONS.includes(extension)) {
    throw new SpreadsheetFailure(
      'unsupported_format',
      'read',
      `${extension === '' ? 'A file without an extension' : `A ${extension} file`} is not a spreadsheet that can be read. Use one of ${FILE_EXTENSIONS.join(', ')}.`,
    );
  }
  if (TEXT_EXTENSIONS.includes(extension)) {
    if (!isZip(bytes) && !isCompoundFile(bytes)) {
      // Whoever says what parts the columns knows that there are some.
      if (options.csv?.delimiter === undefined) refuseOtherKinds(extension, bytes);
      const { csvReader } = await import('./csv/csv-reader.ts');
      return await csvReader(stem, bytes, options.csv);
    }
    throw unreadable(
      `The file is named ${extension} but its content is a workbook. Name it .xlsx and try again.`,
    );
  }
  if (bytes.byteLength === 0) throw unreadable('The file is empty.');
  if (isZip(bytes)) return await openZip(bytes);
  if (isCompoundFile(bytes)) return await openCompound(bytes);
  if (extension === '.xls' && isBareXls(bytes)) {
    return await openXls(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  if (extension === '.xls') {
    const { textNamedXls } = await import('./text-named-xls.ts');
    return await textNamedXls(stem, bytes, options.csv);
  }
  throw unreadable(`The file is named ${extension} but its content is no workbook.`);
}
