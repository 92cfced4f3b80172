import { unreadable } from '../../failure.ts';
import { closedParts, decodeXml, type RawXml, rawXml, rawXmlOf } from '../ooxml/xml-text.ts';
import { NO_FACTS, type Row, type RowBatch, type SourceSheet, type WorkbookReader } from '../reader.ts';
import type { ZipEntry } from '../zip-guard.ts';
import { entryBytes, entryChunks } from '../zip-inflate.ts';
import { ContentScanner, type ContentTable, tableXml } from './content-scanner.ts';
import { Namespaces } from './namespaces.ts';
import { OdsStyles } from './styles.ts';
import { TableScanner } from './table-scanner.ts';
import { walkXml, type XmlSink } from './xml-walk.ts';

type Entries = ReadonlyMap<string, ZipEntry>;

// Parts read in one piece: styles, settings, the manifest.
const MAX_PART_BYTES = 64 * 1024 * 1024;

// Rows are handed on in parts of this many cells, so that no part grows large however often a row repeats.
const CELLS_PER_BATCH = 50_000;
const ROWS_PER_BATCH = 1_000;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function partXml(bytes: Uint8Array, entries: Entries, name: string): Promise<RawXml> {
  const entry = entries.get(name);
  return entry === undefined ? '' : rawXml(await entryBytes(bytes, entry, MAX_PART_BYTES));
}

const ENCRYPTION = /<(?:[\w.-]+:)?encryption-data[\s/>]/;

/** A file with a password says so in its manifest, which itself is never encrypted. */
async function refuseEncrypted(bytes: Uint8Array, entries: Entries): Promise<void> {
  const manifest = await partXml(bytes, entries, 'META-INF/manifest.xml');
  if (entries.has('encrypted-package') || ENCRYPTION.test(manifest)) {
    throw unreadable('The file is password protected. Remove the password and try again.');
  }
}

// Where a workbook says which sheet it opens with.
const ACTIVE_TABLE = /config:name\s*=\s*["']ActiveTable["']/;
const VALUE = /[^>]*>([^<]*)</y;

function activeTable(settings: RawXml): string {
  const name = ACTIVE_TABLE.exec(settings);
  if (name === null) return '';
  VALUE.lastIndex = name.index;
  return decodeXml(VALUE.exec(settings)?.[1] ?? '');
}

/** Styles by name, which cells refer to where a style of their own does not say more. */
async function commonStyles(bytes: Uint8Array, entries: Entries): Promise<OdsStyles> {
  const styles = new OdsStyles();
  const xml = await partXml(bytes, entries, 'styles.xml');
  if (xml !== '') walkXml(xml, new Namespaces(xml), onlyCommon(styles));
  return styles;
}

/** Automatic styles of `styles.xml` are for pages, and may have the names of those of cells. */
function onlyCommon(styles: OdsStyles): XmlSink {
  let isCommon = false;
  return {
    get wantsText() {
      return isCommon && styles.wantsText;
    },
    open: (tag) => {
      if (tag.name === 'office:styles') isCommon = !tag.empty;
      else if (isCommon) styles.open(tag);
    },
    close: (name) => {
      if (name === 'office:styles') isCommon = false;
      else if (isCommon) styles.close(name);
    },
    text: (text) => styles.text(text),
  };
}

/** A reader of OpenDocument spreadsheets. It keeps their tables packed, and never more than a part unpacked. */
export async function odsReader(bytes: Uint8Array, entries: Entries): Promise<WorkbookReader> {
  await refuseEncrypted(bytes, entries);
  const content = entries.get('content.xml');
  if (content === undefined) throw unreadable('The file is damaged: it has no content inside.');
  const styles = await commonStyles(bytes, entries);
  const { tables, namespaces } = await scan(bytes, content, styles);
  const settings = await partXml(bytes, entries, 'settings.xml');
  const sheets = sheetsOf(tables, activeTable(settings));

  async function* rows({ index }: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const table = tables[index];
    if (table === undefined) throw new RangeError(`There is no sheet ${index}`);
    const scanner = new TableScanner(styles, maxGap);
    for (const xml of tableXml(table)) {
      walkXml(xml, namespaces, scanner);
      for (const batch of expanded(scanner)) {
        yield { rows: batch, claimedRows: table.claimedRows };
        await pause();
      }
    }
  }

  return {
    format: 'ods',
    csv: null,
    sheets,
    tabCount: tables.length,
    findings: () => [],
    facts: async ({ index }) => tables[index]?.facts ?? NO_FACTS,
    rows,
  };
}

async function scan(
  bytes: Uint8Array,
  content: ZipEntry,
  styles: OdsStyles,
): Promise<{ tables: readonly ContentTable[]; namespaces: Namespaces }> {
  let namespaces = new Namespaces('');
  let scanner: ContentScanner | undefined;
  const pieces = closedParts(rawXmlOf(entryChunks(bytes, content)), (head) => {
    namespaces = new Namespaces(head);
    return namespaces.written('table', 'table-row');
  });
  for await (const piece of pieces) {
    scanner ??= new ContentScanner(styles, namespaces);
    scanner.add(piece);
  }
  return { tables: (scanner ?? new ContentScanner(styles, namespaces)).finish(), namespaces };
}

/** The sheet that is named as the one to open with; else the first that can be seen. */
function sheetsOf(tables: readonly ContentTable[], activeName: string): SourceSheet[] {
  const named = tables.findIndex(({ name }) => name === activeName);
  const visible = tables.findIndex((table) => table.visible);
  const active = named >= 0 ? named : Math.max(visible, 0);
  return tables.map(({ name, visible: isVisible }, index) => ({
    name,
    index,
    visible: isVisible,
    active: index === active,
  }));
}

function* expanded(scanner: TableScanner): Generator<Row[]> {
  let batch: Row[] = [];
  let cells = 0;
  for (const { repeat, ...row } of scanner.take()) {
    for (let again = 0; again < repeat; again++) {
      batch.push({ ...row, index: row.index + again });
      cells += row.cells.length;
      if (cells < CELLS_PER_BATCH && batch.length < ROWS_PER_BATCH) continue;
      yield batch;
      batch = [];
      cells = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
