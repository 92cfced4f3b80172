import { unreadable } from '../failure.ts';
import { partXml, workbookParts, workbookPath } from '../read/ooxml/parts.ts';
import { hiddenColumns } from '../read/ooxml/sheet-facts.ts';
import { SheetScanner } from '../read/ooxml/sheet-scanner.ts';
import { styleFormats } from '../read/ooxml/styles.ts';
import { closedParts, rawXmlOf, rootPrefix } from '../read/ooxml/xml-text.ts';
import type { Row } from '../read/reader.ts';
import { zipEntries } from '../read/zip-guard.ts';
import { entryChunks } from '../read/zip-inflate.ts';
import { cellLooks } from './cell-looks.ts';
import { cellText } from './cell-text.ts';
import { abortable, DeferredStrings } from './deferred-strings.ts';
import { type FirstLook, type FirstRowsWanted, type PreviewSource, RowWindow } from './preview-source.ts';
import { LookScanner } from './sheet-looks.ts';
import { SheetTally } from './sheet-tally.ts';

/**
 * An .xlsx file to preview. Of a sheet only the first rows are read; the rest is inflated and counted, or not
 * even that when the totals are known. Throws SpreadsheetFailure for what is no such file.
 */
export async function workbookSource(bytes: Uint8Array): Promise<PreviewSource> {
  const entries = zipEntries(bytes);
  const path = await workbookPath(bytes, entries);
  if (path === undefined || path.endsWith('.bin')) {
    throw unreadable('The file is a zip file, but there is no .xlsx workbook inside.');
  }
  const parts = await workbookParts(bytes, entries, path);
  const { styles, sharedStrings, date1904 } = parts;
  const theme = entries.get('xl/theme/theme1.xml');

  async function first(index: number, wanted: FirstRowsWanted): Promise<FirstLook> {
    const part = parts.sheets[index];
    if (part === undefined) throw new RangeError(`There is no sheet ${index}`);
    const { maxRows, maxColumns, totals, signal } = wanted;
    const styleXml = styles === undefined ? '' : await partXml(bytes, styles);
    const formats = styleFormats(styleXml);
    const cells = cellLooks(styleXml, theme === undefined ? '' : await partXml(bytes, theme));
    const strings = new DeferredStrings();
    const window = new RowWindow(maxRows);
    let prefix = '';
    let scanner: SheetScanner | undefined;
    let tally: SheetTally | undefined;
    let seen: LookScanner | undefined;
    let head = '';
    const pieces = closedParts(rawXmlOf(abortable(entryChunks(bytes, part.entry), signal)), (head) => {
      prefix = rootPrefix(head, 'worksheet');
      return `${prefix}row`;
    });
    for await (const piece of pieces) {
      scanner ??= new SheetScanner({
        strings: strings.marks,
        formats,
        date1904,
        // What stands behind such a gap is outside the window.
        maxGap: maxColumns,
        prefix,
      });
      tally ??= new SheetTally(prefix);
      if (seen === undefined) {
        seen = new LookScanner(prefix, cells, { maxRows, maxColumns });
        head = piece.slice(0, Math.max(0, piece.indexOf(`<${prefix}sheetData`)));
      }
      // Totals are known of workbooks that a run wrote, in which all cells look alike and all are shown.
      if (totals === undefined && !seen.isDone) seen.add(piece);
      if (!window.full) collect(window, scanner.rows(piece), maxColumns);
      if (totals === undefined) tally.add(piece);
      else if (window.full) break;
    }
    if (!window.full && scanner !== undefined) collect(window, [scanner.end()], maxColumns);
    const { rows } = window;
    await strings.resolve(rows, sharedStrings && (() => entryChunks(bytes, sharedStrings)), signal);
    const { totalRows, totalColumns } = totals ?? tally ?? { totalRows: 0, totalColumns: 0 };
    const looks = {
      hiddenRows: seen?.hiddenRows.filter((row) => row < totalRows) ?? [],
      hiddenColumns: hiddenColumns(head, Math.min(maxColumns, totalColumns)),
      cellFormats:
        seen?.cellFormats.filter(({ row, column }) => row < totalRows && column < totalColumns) ?? [],
    };
    const isPlain = Object.values(looks).every((places) => places.length === 0);
    const shown = { rows: rows.slice(0, totalRows), totalRows, totalColumns };
    return isPlain ? shown : { ...shown, looks };
  }

  return {
    sheets: parts.sheets.map(({ sheet: { name, active } }) => ({ name, isActive: active })),
    first,
  };
}

function collect(window: RowWindow, batches: Iterable<readonly Row[]>, maxColumns: number): void {
  for (const rows of batches) {
    for (const { index, cells } of rows) {
      window.add(index, cells.slice(0, maxColumns).map(cellText));
      if (window.full) return;
    }
  }
}
