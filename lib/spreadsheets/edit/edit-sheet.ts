import { type PlainValue, textOf } from '../cells.ts';
import { SpreadsheetFailure } from '../failure.ts';
import { MAX_COLUMNS } from '../limits.ts';
import { ooxmlReader } from '../read/ooxml/ooxml-reader.ts';
import { partXml, type WorkbookParts, workbookParts, workbookPath } from '../read/ooxml/parts.ts';
import { attribute, decodeBytes, tags } from '../read/ooxml/xml-text.ts';
import { type ZipEntry, zipEntries } from '../read/zip-guard.ts';
import { ZipWriter } from '../write/zip-writer.ts';
import { withDateStyles } from './date-styles.ts';
import { headOf, sheetXml } from './sheet-part.ts';
import { TypedCells } from './typed-cells.ts';

type Texts = readonly (readonly string[])[];

/** The order in which Excel would calculate cells, some of which may be gone: it makes it anew. */
const CALCULATION = /calcChain/;

/**
 * The workbook with these rows as its sheet at this place, from 0. Every other sheet's part stays as it is, byte by
 * byte. Of the edited one stay the widths of its columns and its frozen panes; formulas, merged cells, notes and
 * formats of cells go. Throws SpreadsheetFailure, and the signal's reason.
 */
export async function editSheet(
  bytes: Uint8Array,
  at: number,
  texts: Texts,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const entries = zipEntries(bytes);
  const path = await workbookPath(bytes, entries);
  if (path === undefined || path.endsWith('.bin')) {
    throw new SpreadsheetFailure('unreadable_file', 'read', 'There is no .xlsx workbook inside the file.');
  }
  const parts = await workbookParts(bytes, entries, path);
  const edited = parts.sheets[at];
  if (edited === undefined) {
    throw new SpreadsheetFailure('sheet_not_found', 'read', `The file has no sheet ${at}, counted from 0.`);
  }
  const rows = await typedRows(bytes, parts, at, texts, signal);
  const styles = parts.styles && withDateStyles(await partXml(bytes, parts.styles));
  const head = await headOf(bytes, edited.entry);

  const chunks: Uint8Array[] = [];
  const zip = new ZipWriter((chunk) => void chunks.push(chunk));
  for (const entry of new Set(entries.values())) {
    if (isLeftOut(entry, edited.entry)) continue;
    if (entry === edited.entry) {
      const part = await zip.stream(entry.name);
      const plain = styles === undefined ? rows.map((row) => row.map(undated)) : rows;
      for (const piece of sheetXml(head, plain, styles?.base ?? 0)) await part.write(piece);
      await part.end();
    } else if (entry === parts.styles && styles !== undefined) {
      await zip.add(entry.name, decodeBytes(styles.xml));
    } else if (/(^|\/)(\[Content_Types\]\.xml|workbook\.xml\.rels)$/.test(entry.name)) {
      await zip.add(entry.name, withoutCalculation(decodeBytes(await partXml(bytes, entry))));
    } else {
      await zip.copy(entry, bytes.subarray(entry.offset, entry.offset + entry.compressedSize));
    }
  }
  await zip.finish();
  return Buffer.concat(chunks);
}

/** A text file of these rows. */
export function editCsv(texts: Texts): Uint8Array {
  const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const width = texts.reduce((most, row) => Math.max(most, row.length), 0);
  const lines = texts.map((row) => {
    const line = Array.from({ length: width }, (_, column) => field(row[column] ?? '')).join(',');
    return line === '' ? '""' : line;
  });
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
}

/** Types as the sheet had them, told by as many of its rows as it is to have. */
async function typedRows(
  bytes: Uint8Array,
  parts: WorkbookParts,
  at: number,
  texts: Texts,
  signal: AbortSignal | undefined,
) {
  const typed = new TypedCells(texts);
  const reader = await ooxmlReader(bytes, parts);
  const sheet = reader.sheets[at];
  if (sheet === undefined) return typed.rows();
  read: for await (const { rows } of reader.rows(sheet, MAX_COLUMNS)) {
    signal?.throwIfAborted();
    for (const { index, cells } of rows) {
      if (index >= texts.length) break read;
      typed.note(index, cells);
    }
  }
  return typed.rows();
}

const undated = (value: PlainValue): PlainValue =>
  typeof value === 'object' && value !== null ? textOf(value) : value;

/** What the edited sheet refers to is of its old cells: tables, notes, drawings. */
function isLeftOut({ name }: ZipEntry, edited: ZipEntry): boolean {
  const cut = edited.name.lastIndexOf('/') + 1;
  const relations = `${edited.name.slice(0, cut)}_rels/${edited.name.slice(cut)}.rels`;
  return name === relations || CALCULATION.test(name);
}

function withoutCalculation(xml: string): string {
  const gone = [...tags(xml, 'Override'), ...tags(xml, 'Relationship')].filter((tag) =>
    [attribute(tag, 'PartName'), attribute(tag, 'Target')].some(
      (to) => to !== undefined && CALCULATION.test(to),
    ),
  );
  return gone.reduce((left, tag) => left.replace(tag, ''), xml);
}
