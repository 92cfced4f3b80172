import { unreadable } from '../../failure.ts';
import type { ReadFinding } from '../../findings.ts';
import type { RowBatch, SheetFacts, SourceSheet, WorkbookReader } from '../reader.ts';
import type { ZipEntry } from '../zip-guard.ts';
import { entryChunks } from '../zip-inflate.ts';
import { partXml, type WorkbookParts } from './parts.ts';
import { readSharedStrings } from './shared-strings.ts';
import { belowRows, countElements, hiddenColumns } from './sheet-facts.ts';
import { SheetScanner } from './sheet-scanner.ts';
import { styleFormats } from './styles.ts';
import { attribute, closedParts, rawXmlOf, rootPrefix, tags } from './xml-text.ts';

// Where rows are cut when a sheet is looked through for its facts alone.
const MAX_GAP = 500;

/** Rows a sheet claims in its dimension, `A1:K111`; 0 where it claims none. */
function claimedRows(head: string): number {
  const tag = tags(head, 'dimension')[0];
  const range = tag === undefined ? undefined : attribute(tag, 'ref');
  return Number(/(\d+)$/.exec(range ?? '')?.[1] ?? 0);
}

const missingSheet = (name: string): ReadFinding => ({
  code: 'missing_sheet',
  message: `The workbook names the sheet ${name}, but the file does not hold it: it was left out. If it had content, open the workbook in a spreadsheet program, check it and save it again.`,
  at: name,
  count: null,
  meta: null,
});

/** What a sheet holds in parts of their own: notes and tables with filters. */
async function partFacts(
  bytes: Uint8Array,
  parts: WorkbookParts,
  sheet: ZipEntry,
): Promise<{ notes: number; filters: number }> {
  const count = async (type: string, root: string, name: string): Promise<number> => {
    let sum = 0;
    for (const entry of await parts.related(sheet, type)) {
      sum += await countElements(entryChunks(bytes, entry), root, name);
    }
    return sum;
  };
  // Threaded comments are repeated as plain ones for programs that know no others.
  const notes = await count('comments', 'comments', 'comment');
  return {
    notes: notes > 0 ? notes : await count('threadedComment', 'ThreadedComments', 'threadedComment'),
    filters: await count('table', 'table', 'autoFilter'),
  };
}

/** A reader that streams worksheets out of the zip file: memory does not grow with a sheet's length. */
export async function ooxmlReader(bytes: Uint8Array, parts: WorkbookParts): Promise<WorkbookReader> {
  const formats = parts.styles === undefined ? [] : styleFormats(await partXml(bytes, parts.styles));
  const entries = new Map<number, ZipEntry>(parts.sheets.map(({ sheet, entry }) => [sheet.index, entry]));
  const seen = new Map<number, Omit<SheetFacts, 'notes'>>();
  let strings: Promise<string[]> | undefined;

  function entryOf(sheet: SourceSheet): ZipEntry {
    const entry = entries.get(sheet.index);
    if (entry === undefined) throw unreadable(`The file is damaged: the sheet ${sheet.name} is missing.`);
    return entry;
  }

  async function* rows(sheet: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const entry = entryOf(sheet);
    strings ??=
      parts.sharedStrings === undefined
        ? Promise.resolve([])
        : readSharedStrings(entryChunks(bytes, parts.sharedStrings));
    const shared = await strings;
    let scanner: SheetScanner | undefined;
    let prefix = '';
    let claimed = 0;
    let head = '';
    let tail = '';
    const pieces = closedParts(rawXmlOf(entryChunks(bytes, entry)), (start) => {
      prefix = rootPrefix(start, 'worksheet');
      claimed = claimedRows(start);
      return `${prefix}row`;
    });
    for await (const piece of pieces) {
      if (scanner === undefined) {
        scanner = new SheetScanner({ strings: shared, formats, date1904: parts.date1904, maxGap, prefix });
        head = piece.slice(0, Math.max(0, piece.indexOf(`<${prefix}sheetData`)));
      }
      for (const batch of scanner.rows(piece)) yield { rows: batch, claimedRows: claimed };
      tail = piece;
    }
    if (scanner === undefined) return;
    yield { rows: scanner.end(), claimedRows: claimed };
    const { width, ...facts } = scanner.facts();
    seen.set(sheet.index, { ...facts, hiddenColumns: hiddenColumns(head, width), ...belowRows(tail) });
  }

  async function facts(sheet: SourceSheet): Promise<SheetFacts> {
    if (!seen.has(sheet.index)) for await (const _batch of rows(sheet, MAX_GAP));
    const { notes, filters } = await partFacts(bytes, parts, entryOf(sheet));
    const own = seen.get(sheet.index);
    if (own === undefined) throw new Error(`The sheet ${sheet.name} was read but nothing was found of it`);
    return { ...own, notes, filters: own.filters + filters };
  }

  return {
    format: 'xlsx',
    csv: null,
    sheets: parts.sheets.map(({ sheet }) => sheet),
    tabCount: parts.tabCount,
    findings: () => parts.missing.map(missingSheet),
    facts,
    rows,
  };
}
