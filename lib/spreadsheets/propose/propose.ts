import { columnLetters } from '../cells.ts';
import { MAX_FIELDS, readConfiguration } from '../configuration.ts';
import { ReadBudget } from '../detect/row-scan.ts';
import { rangeOf } from '../inspect/describe-tables.ts';
import { readSheet } from '../inspect/first-reading.ts';
import { openWorkbook } from '../read/open-workbook.ts';
import type { CellRange, SheetFacts, SourceSheet, WorkbookReader } from '../read/reader.ts';
import type { Finding } from '../report/report.ts';
import { fillMerged } from '../rows/fill-merged.ts';
import { withRows } from '../rows/with-rows.ts';
import { MAX_WORD_CHARACTERS } from '../words/configured-word.ts';
import { foldText } from '../words/plain-text.ts';
import { headerKey, wordsIn } from '../words/words.ts';
import { type ColumnKind, type ColumnProposal, proposeColumn } from './column-proposal.ts';
import { FieldNames } from './field-names.ts';
import { cellsOf, isAside } from './sheet-aside.ts';
import { isSheetOfText } from './sheet-of-text.ts';
import { DROPPABLE, type Droppable, TableFacts } from './table-facts.ts';

/** A file to learn from. */
export interface Example {
  readonly id: string;
  /** With its extension. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ProposedColumn {
  /** Its letter in the sheet. */
  readonly column: string;
  readonly header: string | null;
  /** Null where no field can be made of it. */
  readonly field: string | null;
  readonly type: ColumnProposal['type'];
  readonly kind: ColumnKind | null;
  readonly reasons: string[];
}

export interface ProposedTable {
  /** From the header to the last row of data, `A4:H44`. */
  readonly range: string;
  readonly headerRows: number;
  readonly columns: ProposedColumn[];
}

export interface ProposedSheet {
  readonly name: string;
  readonly use: boolean;
  readonly tables: ProposedTable[];
}

export interface Proposal {
  /** A definition as it is taken for a configuration. */
  readonly definition: Record<string, unknown>;
  readonly documents: { readonly documentId: string; readonly sheets: ProposedSheet[] }[];
  readonly findings: Finding[];
}

type Detection = 'regions' | 'ade';

interface How {
  readonly tables: Detection;
  readonly signal: AbortSignal | undefined;
}

/** The same workbook, whose reading ends with the signal's reason. */
function interruptible(reader: WorkbookReader, signal: AbortSignal | undefined): WorkbookReader {
  if (signal === undefined) return reader;
  return withRows(reader, async function* (sheet, maxGap) {
    for await (const batch of reader.rows(sheet, maxGap)) {
      signal.throwIfAborted();
      yield batch;
    }
  });
}

/** Two hundred thousand rows of twenty columns, in some 400 MB: reading a file again takes longer than all else. */
const KEPT_CELLS = 4_000_000;

/** How near a header must be to one that was seen: less would take others' columns. */
const SIMILARITY = 0.9;

/** As many characters as a configuration takes of a header. */
const MAX_HEADER = 500;

/** What values add that are written as a field's are, where a header says nothing; less than any header does. */
const VALUES_SCORE = 0.6;
const MOST_VALUES = 0.9;

interface SeenSheet {
  readonly sheet: SourceSheet;
  readonly tables: readonly TableFacts[];
  readonly facts: SheetFacts;
}

interface SeenDocument {
  readonly id: string;
  readonly sheets: readonly SeenSheet[];
}

/** Whether a merged range groups columns of a table's header. */
function groups({ top, left, bottom, right }: CellRange, { region }: TableFacts): boolean {
  const lastHeader = region.top + region.headerRows - 1;
  return (
    top >= region.top && bottom <= lastHeader && right > left && left >= region.left && right <= region.right
  );
}

async function tablesOf(
  reader: WorkbookReader,
  sheet: SourceSheet,
  tables: Detection,
  budget: ReadBudget,
): Promise<TableFacts[]> {
  const first = await readSheet(
    reader,
    sheet,
    { tables, rows: 0, show: () => undefined, keptCells: KEPT_CELLS },
    budget,
  );
  const ahead = (await first.regions())
    .map((region) => new TableFacts(region))
    .sort((a, b) => b.region.top - a.region.top);
  const found: TableFacts[] = [];
  let open: { region: TableFacts['region']; into: TableFacts }[] = [];
  if (ahead.length === 0) return found;
  for await (const row of first.again()) {
    open = open.filter(({ region }) => region.bottom >= row.index);
    for (let next = ahead.at(-1); next !== undefined && next.region.top <= row.index; next = ahead.at(-1)) {
      ahead.pop();
      const table = next;
      const upper =
        row.index === table.region.top
          ? found.find((above) => above.isRepeatedBy(table.region, row))
          : undefined;
      open.push({ region: table.region, into: upper ?? table });
      if (upper === undefined) found.push(table);
    }
    for (const { into } of open) into.accept(row);
  }
  return found;
}

async function see(example: Example, { tables, signal }: How, isFilled: boolean): Promise<SeenDocument> {
  const opened = interruptible(await openWorkbook(example.name, example.bytes), signal);
  const reader = isFilled ? fillMerged(opened) : opened;
  const budget = new ReadBudget();
  const sheets: SeenSheet[] = [];
  for (const sheet of reader.sheets) {
    const found = sheet.visible ? await tablesOf(reader, sheet, tables, budget) : [];
    sheets.push({ sheet, tables: found, facts: await reader.facts(sheet) });
  }
  return { id: example.id, sheets };
}

const shapeOf = ({ sheets }: SeenDocument): string =>
  sheets
    .flatMap(({ tables }) => tables.map(({ region }) => `${rangeOf(region)} ${region.headerRows}`))
    .join();

/** Looks at a file; with its merged cells filled where they group headers, and its tables stay what they are. */
async function seeWhole(example: Example, how: How): Promise<SeenDocument & { isFilled: boolean }> {
  const bare = await see(example, how, false);
  const isGrouped = bare.sheets.some(({ facts, tables: found }) =>
    facts.merged.some((range) => found.some((table) => groups(range, table))),
  );
  if (!isGrouped) return { ...bare, isFilled: false };
  const filled = await see(example, how, true);
  return shapeOf(filled) === shapeOf(bare) ? { ...filled, isFilled: true } : { ...bare, isFilled: false };
}

/** A field that several tables may have. */
interface ProposedField {
  readonly name: string;
  readonly header: string;
  readonly proposal: ColumnProposal;
}

/** Fields by what their headers have in common. */
class Fields {
  readonly byKey = new Map<string, ProposedField>();
  readonly #names = new FieldNames();
  left = 0;

  add(header: string, letter: string, proposal: ColumnProposal): ProposedField | undefined {
    const key = headerKey(header);
    const known = this.byKey.get(key);
    if (known !== undefined) {
      const joined = { ...known, proposal: joinedProposals(known.proposal, proposal) };
      this.byKey.set(key, joined);
      return joined;
    }
    if (this.byKey.size === MAX_FIELDS) {
      this.left++;
      return undefined;
    }
    const otherwise = proposal.kind ?? `column_${letter.toLowerCase()}`;
    const field = { name: this.#names.of(header, otherwise), header, proposal };
    this.byKey.set(key, field);
    return field;
  }
}

const WIDER: Partial<Record<ColumnProposal['type'], ColumnProposal['type']>> = {
  integer: 'number',
  date: 'datetime',
};

/** What holds for both of two columns that have one header. */
function joinedProposals(one: ColumnProposal, other: ColumnProposal): ColumnProposal {
  const type =
    one.type === other.type || WIDER[other.type] === one.type
      ? one.type
      : WIDER[one.type] === other.type
        ? other.type
        : 'string';
  const same = <T>(list: readonly T[], others: readonly T[]): T[] => {
    const texts = new Set(others.map((item) => JSON.stringify(item)));
    return list.filter((item) => texts.has(JSON.stringify(item)));
  };
  return {
    type,
    kind: one.kind === other.kind ? one.kind : null,
    reasons: one.reasons,
    transforms: same(one.transforms, other.transforms),
    validators: same(one.validators, other.validators),
  };
}

function unitsAt({ units }: SheetFacts, column: number): ReadonlySet<string> {
  return new Set(units.flatMap((unit) => (unit.column === column ? [unit.unit] : [])));
}

function proposeTable(table: TableFacts, facts: SheetFacts, fields: Fields): ProposedTable {
  const { region } = table;
  const taken = new Set<string>();
  const columns = table.columns.map((column, at): ProposedColumn => {
    const header = table.headers[at] ?? null;
    const letter = columnLetters(region.left + at);
    const proposal = proposeColumn(column, header ?? '', unitsAt(facts, region.left + at));
    const shown = { column: letter, header, type: proposal.type, kind: proposal.kind };
    if (header === null) return { ...shown, field: null, reasons: ['the column has no header'] };
    if (header.length > MAX_HEADER) {
      return {
        ...shown,
        header: `${header.slice(0, MAX_HEADER)}…`,
        field: null,
        reasons: ['the header is too long'],
      };
    }
    const key = headerKey(header);
    if (taken.has(key))
      return { ...shown, field: null, reasons: ['another column of the table has this header'] };
    taken.add(key);
    const field = fields.add(header, letter, proposal);
    if (field === undefined)
      return { ...shown, field: null, reasons: [`there are more than ${MAX_FIELDS} fields`] };
    return { ...shown, field: field.name, reasons: [...proposal.reasons] };
  });
  const last = Math.max(table.lastRow, region.top + region.headerRows - 1);
  return { range: rangeOf({ ...region, bottom: last }), headerRows: region.headerRows, columns };
}

/** What values alone say of their field, where no other field's are written like them. */
function valuePatternsOf(
  { proposal }: ProposedField,
  all: readonly ProposedField[],
): Record<string, unknown>[] {
  const pattern = telling(proposal);
  if (pattern === undefined || all.filter((other) => telling(other.proposal) === pattern).length > 1)
    return [];
  if (
    choicesOf(proposal).some(
      (choice) => all.filter((other) => choicesOf(other.proposal).includes(choice)).length > 1,
    )
  )
    return [];
  return [{ pattern, score: VALUES_SCORE, minShare: MOST_VALUES }];
}

/** Longer ones are no pattern that somebody reads, nor one that a configuration takes. */
const MAX_PATTERN = 400;

function choicesOf({ validators }: ColumnProposal): string[] {
  const rule = validators.find(({ oneOf }) => Array.isArray(oneOf));
  return rule !== undefined && Array.isArray(rule.oneOf) ? rule.oneOf.map(String) : [];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A pattern that says more than that there are figures: the form of codes, or the few texts that there are. */
function telling(proposal: ColumnProposal): string | undefined {
  const { kind, validators } = proposal;
  const pattern = validators.find((rule) => typeof rule.pattern === 'string')?.pattern;
  if (typeof pattern === 'string')
    return kind === 'email' || /[A-Za-z-]/.test(pattern.replace(/\\d|\{\d+\}/g, '')) ? pattern : undefined;
  // One letter, or one figure, is the answer to many questions.
  const choices = choicesOf(proposal);
  if (choices.length === 0 || choices.some((choice) => /^[\x00-\x7f]$/.test(choice))) return undefined;
  const anyOf = choices.map(escaped).join('|');
  return anyOf.length <= MAX_PATTERN ? anyOf : undefined;
}

/** Words that tell a header; none where another header has them all, and more, whose columns they would take. */
function tokensOf({ header }: ProposedField, all: readonly ProposedField[]): string[] {
  const words = wordsOf(header);
  if (
    words.length === 0 ||
    words.length > MAX_TOKENS ||
    words.some((word) => word.length > MAX_WORD_CHARACTERS)
  )
    return [];
  const isPart = all.some((other) => {
    const others = wordsOf(other.header);
    return other.header !== header && words.every((word) => others.includes(word));
  });
  return isPart ? [] : words;
}

/** A header of more words is a sentence, which no other one repeats. */
const MAX_TOKENS = 6;

const wordsOf = (header: string): string[] => [...new Set(wordsIn(foldText(header)))];

function definitionOf(
  fields: readonly ProposedField[],
  dropped: ReadonlySet<Droppable>,
  settings: Record<string, unknown>,
): Record<string, unknown> {
  return {
    settings,
    rowRules: DROPPABLE.filter((reason) => dropped.has(reason)).map((drop) => ({ drop })),
    fields: fields.map((field) => {
      const { name, header, proposal } = field;
      const { type, transforms, validators } = proposal;
      const valuePatterns = valuePatternsOf(field, fields);
      const tokens = tokensOf(field, fields);
      return {
        ...{ name, label: header, dtype: type, headers: [header], similarity: SIMILARITY },
        ...(tokens.length > 0 ? { headerTokenSets: [tokens] } : {}),
        ...(valuePatterns.length > 0 ? { valuePatterns } : {}),
        ...(transforms.length > 0 ? { transforms } : {}),
        ...(validators.length > 0 ? { validators } : {}),
      };
    }),
  };
}

/** What is open, where nobody but the sender of the file knows. */
function findingsOf(documents: readonly SeenDocument[], fields: Fields): Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, message: string, count: number, meta: Finding['meta']): void => {
    findings.push({ code, severity: 'warning', message, count, meta });
  };
  for (const { tables } of documents.flatMap(({ sheets }) => sheets)) {
    for (const table of tables) {
      table.columns.forEach((column, at) => {
        const header = table.headers[at];
        const field = header == null ? undefined : fields.byKey.get(headerKey(header));
        if (field === undefined) return;
        const { type } = field.proposal;
        const isDate = type === 'date' || type === 'datetime';
        const { open, example } = isDate ? column.evidence.order() : column.evidence.decimal();
        if (open > 0 && type !== 'string' && type !== 'boolean') {
          const what = isDate
            ? 'whether the day or the month stands first'
            : 'whether the point or comma parts thousands';
          add(
            isDate ? 'ambiguous_dates' : 'ambiguous_numbers',
            `Nothing in the column ${header} says ${what}`,
            open,
            {
              field: field.name,
              example,
            },
          );
        }
      });
    }
  }
  if (fields.left > 0)
    add(
      'too_many_columns',
      `${fields.left} columns are no field: a configuration has ${MAX_FIELDS}`,
      fields.left,
      null,
    );
  if (fields.byKey.size === 0) add('no_tables_detected', 'No table was found to make fields of', 0, null);
  return findings;
}

/**
 * A configuration as a careful person would make it of these files, and the reasons for it. The same files give
 * the same one. Throws SpreadsheetFailure for a file that cannot be read, and the signal's reason when aborted.
 */
export async function proposeConfiguration(
  examples: readonly Example[],
  tables: Detection,
  signal?: AbortSignal,
): Promise<Proposal> {
  const fields = new Fields();
  const dropped = new Set<Droppable>();
  const unused = new Set<string>();
  const used = new Set<string>();
  const seen: (SeenDocument & { isFilled: boolean })[] = [];
  for (const example of examples) seen.push(await seeWhole(example, { tables, signal }));
  const documents = seen.map(({ id, sheets }) => ({
    documentId: id,
    sheets: sheets.map(({ sheet, tables: found, facts }): ProposedSheet => {
      const largest = Math.max(...sheets.map((other) => cellsOf(other.tables)));
      const hasData = found.some((table) => table.rows > 0) && !isSheetOfText(found);
      const use = hasData && !isAside(sheet.name, found, largest);
      (use ? used : unused).add(sheet.name);
      if (!use) return { name: sheet.name, use, tables: [] };
      for (const table of found) for (const reason of table.dropped.keys()) dropped.add(reason);
      return { name: sheet.name, use, tables: found.map((table) => proposeTable(table, facts, fields)) };
    }),
  }));
  const exclude = [...unused].filter(
    (name) =>
      !used.has(name) &&
      seen.some(({ sheets }) => sheets.some(({ sheet }) => sheet.name === name && sheet.visible)),
  );
  const definition = definitionOf([...fields.byKey.values()], dropped, {
    tableDetection: tables,
    ...(seen.some(({ isFilled }) => isFilled) ? { mergedCells: 'fill' } : {}),
    ...(exclude.length > 0 ? { sheets: { exclude } } : {}),
  });
  const checked = await readConfiguration(definition);
  if (!checked.success)
    throw new Error('A configuration was proposed that is none', { cause: checked.error });
  return { definition, documents, findings: findingsOf(seen, fields) };
}
