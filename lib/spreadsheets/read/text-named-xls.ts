import { isAscii } from 'node:buffer';
import { unreadable } from '../failure.ts';
import type { ReadFinding } from '../findings.ts';
import { decoding } from './csv/decoding.ts';
import { detectEncoding } from './csv/encoding.ts';
import { otherKind } from './other-kinds.ts';
import type { CsvOptions, WorkbookReader } from './reader.ts';

// Where a file says what it is: its declaration, or the head of its page.
const HEAD_CHARACTERS = 4096;

const XML_SPREADSHEET = 'urn:schemas-microsoft-com:office:spreadsheet';
const PAGE = /<(!doctype html|html|head|body|meta|table|style|div)\b/i;
/** Control characters that no text has. */
const NO_TEXT = /[\0-\x08\x0e-\x1f]/;
/** `<meta charset=…>`, `<meta … content="text/html; charset=…">`, `<?xml … encoding="…"?>`. */
const DECLARED = /(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)/i;

/** The encoding of this name; none where it has two bytes a character, which would not have told its name so. */
function decoderNamed(label: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-16') ? undefined : encoding;
  } catch {
    return undefined; // a name that nobody knows says nothing
  }
}

/** What a page or a document says of itself, unless a mark or its bytes say something else. */
async function decoded(bytes: Uint8Array): Promise<string> {
  const { encoding, confidence, markBytes } = await detectEncoding(bytes);
  const rest = bytes.subarray(markBytes);
  if (isAscii(rest)) return decoding('utf-8').next(rest, true);
  const head = decoding(encoding).next(rest.subarray(0, HEAD_CHARACTERS), true);
  const declared = confidence === 1 ? undefined : decoderNamed(DECLARED.exec(head)?.[1] ?? '');
  return decoding(declared ?? encoding).next(rest, true);
}

const named = (message: string): ReadFinding => ({
  code: 'other_format',
  message: `The file is named .xls, but it is ${message}, and was read as that.`,
  at: null,
  count: null,
  meta: null,
});

const finding = (reader: WorkbookReader, message: string): WorkbookReader => ({
  ...reader,
  findings: () => [named(message), ...reader.findings()],
});

/**
 * Reads what other programs export under the name .xls, and spreadsheet programs open: a web page with tables,
 * an XML Spreadsheet 2003, a text file. Throws SpreadsheetFailure for anything else.
 */
export async function textNamedXls(
  stem: string,
  bytes: Uint8Array,
  options: CsvOptions | undefined,
): Promise<WorkbookReader> {
  const { encoding, markBytes } = await detectEncoding(bytes);
  const start = bytes.subarray(markBytes, markBytes + HEAD_CHARACTERS);
  const head = decoding(encoding).next(start, false).trimStart();
  if (head === '' || NO_TEXT.test(head))
    throw unreadable('The file is named .xls but its content is no workbook.');
  const kind = otherKind(head);
  if (kind !== undefined) {
    throw unreadable(
      `The file is named .xls but is ${kind}. Open it in a spreadsheet program and save it as .xlsx.`,
    );
  }
  // Some programs write a title or a warning before the table itself.
  if (!head.startsWith('<') && !/<table\b[^>]*>\s*<(?:thead|tbody|tr|colgroup|col|caption)\b/i.test(head)) {
    const { csvReader } = await import('./csv/csv-reader.ts');
    return finding(await csvReader(stem, bytes, options), 'a text file');
  }
  const [{ markupReader }, { CellBudget }] = await Promise.all([
    import('./markup/markup-reader.ts'),
    import('./markup/grid.ts'),
  ]);
  if (head.includes(XML_SPREADSHEET)) {
    const { xmlSpreadsheet } = await import('./markup/xml-spreadsheet.ts');
    const { grids, activeTab } = xmlSpreadsheet(await decoded(bytes), new CellBudget());
    return finding(markupReader('xml', grids, activeTab), 'an XML Spreadsheet 2003');
  }
  if (!PAGE.test(head)) throw unreadable('The file is named .xls but its content is no workbook.');
  const { htmlTables } = await import('./markup/html-tables.ts');
  const grid = htmlTables(await decoded(bytes), stem, new CellBudget());
  if (!grid.hasRows) throw unreadable('The file is named .xls but is a web page without a table.');
  return finding(markupReader('html', [grid]), 'a web page');
}
