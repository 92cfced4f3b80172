import type { PlainValue } from '../cells.ts';
import { decodeBytes, type RawXml, rawXmlOf, rootPrefix } from '../read/ooxml/xml-text.ts';
import type { ZipEntry } from '../read/zip-guard.ts';
import { entryChunks } from '../read/zip-inflate.ts';
import { cellXml } from '../write/cell-xml.ts';
import { SHEET_HEAD } from '../write/workbook-parts.ts';

// Widths, panes and the like; a head that is longer is not worth keeping.
const MAX_HEAD_CHARACTERS = 1_000_000;
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** What stands above the rows of a sheet but its size, which changes: widths of columns, frozen panes. */
export async function headOf(bytes: Uint8Array, entry: ZipEntry): Promise<string> {
  let head: RawXml = '';
  for await (const piece of rawXmlOf(entryChunks(bytes, entry))) {
    head += piece;
    const end = head.search(/<(?:[\w.-]+:)?sheetData[\s/>]/);
    if (end >= 0) {
      // Elements of another prefix would have to be written so, too.
      if (rootPrefix(head, 'worksheet') !== '') return SHEET_HEAD;
      const kept = head
        .slice(0, end)
        .replace(/^\s*<\?xml[^>]*\?>\s*/, '')
        .replace(/<dimension\b[^>]*\/>|<dimension\b[^>]*>\s*<\/dimension>/, '');
      return DECLARATION + decodeBytes(kept);
    }
    if (head.length > MAX_HEAD_CHARACTERS) break;
  }
  return SHEET_HEAD;
}

/** The worksheet of these rows, in pieces. `styleBase` is what our styles of dates are counted from. */
export function* sheetXml(
  head: string,
  rows: readonly (readonly PlainValue[])[],
  styleBase: number,
): Generator<string> {
  yield `${head}<sheetData>`;
  let at = 0;
  for (const row of rows) {
    const number = String(++at);
    let xml = `<row r="${number}">`;
    row.forEach((value, column) => {
      if (value !== null) xml += cellXml(value, number, column, styleBase);
    });
    yield `${xml}</row>`;
  }
  yield '</sheetData></worksheet>';
}
