import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_SHEET_NAME, MAX_SHEETS } from '../../limits.ts';
import type { SourceSheet } from '../reader.ts';
import type { ZipEntry } from '../zip-guard.ts';
import { entryBytes } from '../zip-inflate.ts';
import { attribute, type RawXml, rawXml, tags } from './xml-text.ts';

// Parts read in one piece: the list of sheets, relationships, styles. Even wild ones stay far below.
const MAX_PART_BYTES = 64 * 1024 * 1024;

/** A workbook's parts, found through its relationships as the format wants it. */
export interface WorkbookParts {
  /** Worksheets in tab order, with the entries that hold them. */
  readonly sheets: readonly { readonly sheet: SourceSheet; readonly entry: ZipEntry }[];
  /** All tabs, charts included. */
  readonly tabCount: number;
  readonly date1904: boolean;
  /** Sheets that the workbook names and does not hold. */
  readonly missing: readonly string[];
  readonly styles: ZipEntry | undefined;
  readonly sharedStrings: ZipEntry | undefined;
  /** The parts that a part refers to by relationships of this type: `comments`, `table`. */
  readonly related: (of: ZipEntry, type: string) => Promise<ZipEntry[]>;
}

type Entries = ReadonlyMap<string, ZipEntry>;

/** A part in one piece. Throws SpreadsheetFailure. */
export const partXml = async (bytes: Uint8Array, entry: ZipEntry): Promise<RawXml> =>
  rawXml(await entryBytes(bytes, entry, MAX_PART_BYTES));

const withoutRoot = (name: string): string => name.replaceAll('\\', '/').replace(/^\//, '');

// Built once for a file: looking through thousands of names again for each of a thousand sheets would be slow.
const foldedNames = new WeakMap<Entries, ReadonlyMap<string, ZipEntry>>();

function folded(entries: Entries): ReadonlyMap<string, ZipEntry> {
  const known = foldedNames.get(entries);
  if (known !== undefined) return known;
  // The first of two names that differ by case alone is the one that counts, so it is set last.
  const names = new Map(
    [...entries].reverse().map(([name, entry]) => [withoutRoot(name).toLowerCase(), entry]),
  );
  foldedNames.set(entries, names);
  return names;
}

const find = (entries: Entries, path: string): ZipEntry | undefined =>
  entries.get(path) ?? folded(entries).get(path.toLowerCase());

function resolve(folder: string, target: string): string {
  const path = target.startsWith('/') ? target.slice(1) : `${folder}${target}`;
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

interface Relation {
  type: string;
  path: string;
}

async function relations(bytes: Uint8Array, entries: Entries, of: string): Promise<Map<string, Relation>> {
  const cut = of.lastIndexOf('/') + 1;
  const folder = of.slice(0, cut);
  const entry = find(entries, `${folder}_rels/${of.slice(cut)}.rels`);
  const xml = entry === undefined ? '' : await partXml(bytes, entry);
  return new Map(
    tags(xml, 'Relationship').map((tag): [string, Relation] => {
      // The last step of the type is the same in transitional and strict documents.
      const type = (attribute(tag, 'Type') ?? '').split('/').at(-1) ?? '';
      return [attribute(tag, 'Id') ?? '', { type, path: resolve(folder, attribute(tag, 'Target') ?? '') }];
    }),
  );
}

/** Where the workbook part stands, or nothing if the zip file is no OOXML workbook. */
export async function workbookPath(bytes: Uint8Array, entries: Entries): Promise<string | undefined> {
  const root = await relations(bytes, entries, '');
  const named = [...root.values()].find(({ type }) => type === 'officeDocument')?.path;
  return [named, 'xl/workbook.xml', 'xl/workbook.bin'].find(
    (path) => path !== undefined && find(entries, path) !== undefined,
  );
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** Reads the list of sheets and where everything is. Throws SpreadsheetFailure. */
export async function workbookParts(
  bytes: Uint8Array,
  entries: Entries,
  path: string,
): Promise<WorkbookParts> {
  const entry = find(entries, path);
  if (entry === undefined) throw unreadable('The file is damaged: it has no workbook inside.');
  const xml = await partXml(bytes, entry);
  const related = await relations(bytes, entries, path);
  const partOf = (type: string): ZipEntry | undefined => {
    const relation = [...related.values()].find((candidate) => candidate.type === type);
    return relation === undefined ? undefined : find(entries, relation.path);
  };
  const view = tags(xml, 'workbookView').find((tag) => attribute(tag, 'activeTab') !== undefined);
  const active = Number((view && attribute(view, 'activeTab')) ?? 0);
  const tabs = tags(xml, 'sheet');
  if (tabs.length > MAX_SHEETS) throw tooLarge(`The workbook has more than ${MAX_SHEETS} sheets.`);
  const missing: string[] = [];
  const sheets = tabs.flatMap((tag, index) => {
    const relation = related.get(attribute(tag, 'id') ?? '');
    const name = (attribute(tag, 'name') ?? `Sheet${index + 1}`).slice(0, MAX_SHEET_NAME);
    if (relation !== undefined && relation.type !== 'worksheet') return [];
    const part = relation && find(entries, relation.path);
    if (part === undefined) {
      missing.push(name);
      return [];
    }
    const state = attribute(tag, 'state') ?? 'visible';
    const sheet: SourceSheet = { name, index, visible: state === 'visible', active: index === active };
    return [{ sheet, entry: part }];
  });
  if (sheets.length === 0 && missing.length > 0) {
    throw unreadable(`The file is damaged: the sheet ${missing[0]} is missing.`);
  }
  return {
    sheets,
    missing,
    tabCount: tabs.length,
    date1904: isTrue(
      tags(xml, 'workbookPr')
        .map((tag) => attribute(tag, 'date1904'))
        .at(0),
    ),
    styles: partOf('styles'),
    sharedStrings: partOf('sharedStrings'),
    related: async (of, type) =>
      [...(await relations(bytes, entries, withoutRoot(of.name))).values()].flatMap((relation) => {
        const part = relation.type === type ? find(entries, relation.path) : undefined;
        return part === undefined ? [] : [part];
      }),
  };
}
