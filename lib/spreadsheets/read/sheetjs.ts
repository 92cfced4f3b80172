import * as zlib from 'node:zlib';
import type { WorkBook } from 'xlsx';
import { unreadable } from '../failure.ts';

/** Tables of code pages, as SheetJS keeps them in a part of its own. */
export interface CodePages {
  readonly utils: {
    decode(codePage: number, bytes: Uint8Array): string;
    hascp(codePage: number): boolean;
  };
}

// Loaded on demand: legacy formats are rare, and SheetJS is larger than everything else together.
const load = async (): Promise<typeof import('xlsx')> => await import('xlsx');

/** The tables of code pages, which SheetJS uses from then on. */
export async function codePages(): Promise<CodePages> {
  const [{ set_cptable }, tables] = await Promise.all([load(), import('xlsx/dist/cpexcel.full.mjs')]);
  set_cptable(tables);
  if (!hasTables(tables)) throw new Error('The code pages of SheetJS are not where they were');
  return tables;
}

const hasTables = (tables: object): tables is CodePages => 'utils' in tables;

let formats: Readonly<Record<string, string>> | undefined;

/** SheetJS has one table of formats, and forgets none that a workbook before this one defined. */
function forgetFormats({ SSF }: typeof import('xlsx')): void {
  const table: Record<string, string> = SSF.get_table();
  formats ??= { ...table };
  for (const id of Object.keys(table)) delete table[id];
  Object.assign(table, formats);
}

/** Reads a workbook whole. Throws SpreadsheetFailure. */
export async function parseHeld(bytes: Uint8Array): Promise<WorkBook> {
  const sheetJs = await load();
  forgetFormats(sheetJs);
  sheetJs.CFB.utils.use_zlib(zlib);
  try {
    return sheetJs.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      type: 'buffer',
      dense: true,
      WTF: true,
      cellNF: true,
      cellText: false,
      cellFormula: false,
      cellHTML: false,
    });
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
