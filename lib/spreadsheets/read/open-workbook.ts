import { SpreadsheetFailure, unreadable } from '../failure.ts';
import { isCompoundFile, namesStream } from './cfb.ts';
import { csvReader } from './csv.ts';
import { refuseRepetition } from './ods-guard.ts';
import { ooxmlReader } from './ooxml/ooxml-reader.ts';
import { workbookParts, workbookPath } from './ooxml/parts.ts';
import type { WorkbookReader } from './reader.ts';
import { sheetJsReader } from './sheetjs-reader.ts';
import { type ZipEntry, zipEntries } from './zip-guard.ts';
import { entryBytes, verifyEntry } from './zip-inflate.ts';

export const FILE_EXTENSIONS = ['.xlsx', '.xlsm', '.xltx', '.xltm', '.csv', '.xls', '.xlsb', '.ods'];

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

const isZip = (bytes: Uint8Array): boolean => ZIP_MAGIC.every((byte, at) => bytes[at] === byte);

// Where an OpenDocument workbook says which sheet it opens with.
const ACTIVE_TABLE = /config:name="ActiveTable"[^>]*>([^<]*)</;

// Before .xls was a compound file it was a bare stream that starts with one of these records.
const isBareXls = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1);

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
  const content = entries.get('content.xml');
  if (content !== undefined)
    refuseRepetition((await entryBytes(bytes, content, MAX_BYTES_IN_MEMORY)).toString());
  const settings = entries.get('settings.xml');
  const xml =
    settings === undefined ? '' : (await entryBytes(bytes, settings, MAX_BYTES_IN_MEMORY)).toString();
  const format = content === undefined ? 'xlsb' : 'ods';
  return await sheetJsReader(format, bytes, ACTIVE_TABLE.exec(xml)?.[1]);
}

async function openZip(bytes: Uint8Array): Promise<WorkbookReader> {
  const entries = zipEntries(bytes);
  const path = await workbookPath(bytes, entries);
  if (path?.endsWith('.bin') || entries.has('content.xml')) return await heldInMemory(bytes, entries);
  if (path === undefined) throw unreadable('The file is a zip file, but there is no workbook inside.');
  return await ooxmlReader(bytes, await workbookParts(bytes, entries, path));
}

async function openCompound(bytes: Uint8Array): Promise<WorkbookReader> {
  if (namesStream(bytes, 'EncryptedPackage') || namesStream(bytes, 'EncryptionInfo')) {
    throw unreadable('The file is password protected. Remove the password and try again.');
  }
  if (!namesStream(bytes, 'Workbook') && !namesStream(bytes, 'Book')) {
    throw unreadable('The file is damaged: there is no workbook inside. Save it again as .xlsx.');
  }
  return await sheetJsReader('xls', bytes);
}

/**
 * Opens a workbook by its name and its content together. `name` may carry folders. Throws SpreadsheetFailure:
 * `unsupported_format` for files that are no spreadsheets by name, `unreadable_file` and `too_large` for what
 * their content is.
 */
export async function openWorkbook(name: string, bytes: Uint8Array): Promise<WorkbookReader> {
  const { stem, extension } = splitName(name);
  if (!FILE_EXTENSIONS.includes(extension)) {
    throw new SpreadsheetFailure(
      'unsupported_format',
      'read',
      `${extension === '' ? 'A file without an extension' : `A ${extension} file`} is not a spreadsheet that can be read. Use one of ${FILE_EXTENSIONS.join(', ')}.`,
    );
  }
  if (extension === '.csv') {
    if (!isZip(bytes) && !isCompoundFile(bytes)) return csvReader(stem, bytes);
    throw unreadable('The file is named .csv but its content is a workbook. Name it .xlsx and try again.');
  }
  if (bytes.byteLength === 0) throw unreadable('The file is empty.');
  if (isZip(bytes)) return await openZip(bytes);
  if (isCompoundFile(bytes)) return await openCompound(bytes);
  if (extension === '.xls' && isBareXls(bytes)) return await sheetJsReader('xls', bytes);
  throw unreadable(`The file is named ${extension} but its content is no workbook.`);
}
