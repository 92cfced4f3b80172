import { unreadable } from '../../failure.ts';
import { NO_FACTS, type RowBatch, type SourceSheet, type WorkbookReader } from '../reader.ts';
import type { ZipEntry } from '../zip-guard.ts';
import { entryChunks } from '../zip-inflate.ts';
import { partXml, type WorkbookParts } from './parts.ts';
import { readSharedStrings } from './shared-strings.ts';
import { SheetScanner } from './sheet-scanner.ts';
import { styleKinds } from './styles.ts';
import { attribute, closedParts, rawXmlOf, rootPrefix, tags } from './xml-text.ts';

/** Rows a sheet claims in its dimension, `A1:K111`; 0 where it claims none. */
function claimedRows(head: string): number {
  const tag = tags(head, 'dimension')[0];
  const range = tag === undefined ? undefined : attribute(tag, 'ref');
  return Number(/(\d+)$/.exec(range ?? '')?.[1] ?? 0);
}

/** A reader that streams worksheets out of the zip file: memory does not grow with a sheet's length. */
export async function ooxmlReader(bytes: Uint8Array, parts: WorkbookParts): Promise<WorkbookReader> {
  const kinds = parts.styles === undefined ? [] : styleKinds(await partXml(bytes, parts.styles));
  const entries = new Map<number, ZipEntry>(parts.sheets.map(({ sheet, entry }) => [sheet.index, entry]));
  let strings: Promise<string[]> | undefined;

  async function* rows(sheet: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const entry = entries.get(sheet.index);
    if (entry === undefined) throw unreadable(`The file is damaged: the sheet ${sheet.name} is missing.`);
    strings ??=
      parts.sharedStrings === undefined
        ? Promise.resolve([])
        : readSharedStrings(entryChunks(bytes, parts.sharedStrings));
    const shared = await strings;
    let scanner: SheetScanner | undefined;
    let prefix = '';
    let claimed = 0;
    const pieces = closedParts(rawXmlOf(entryChunks(bytes, entry)), (head) => {
      prefix = rootPrefix(head, 'worksheet');
      claimed = claimedRows(head);
      return `</${prefix}row>`;
    });
    for await (const piece of pieces) {
      scanner ??= new SheetScanner({ strings: shared, kinds, date1904: parts.date1904, maxGap, prefix });
      for (const batch of scanner.rows(piece)) yield { rows: batch, claimedRows: claimed };
    }
  }

  return {
    format: 'xlsx',
    csv: null,
    sheets: parts.sheets.map(({ sheet }) => sheet),
    tabCount: parts.tabCount,
    findings: () => [],
    facts: async () => NO_FACTS,
    rows,
  };
}
