import { columnLetters } from '../cells.ts';
import { MAX_FIELDS, readConfiguration } from '../configuration.ts';
import { rangeOf } from '../inspect/describe-tables.ts';
import type { SheetFacts } from '../read/reader.ts';
import type { Finding } from '../report/report.ts';
import { headerKey } from '../words/words.ts';
import { type ColumnKind, type ColumnProposal, proposeColumn } from './column-proposal.ts';
import { findingsOf } from './proposal-findings.ts';
import { definitionOf } from './proposed-definition.ts';
import { ProposedFields } from './proposed-fields.ts';
import { type Detection, type Example, type SeenDocument, seeDocument } from './see-document.ts';
import { cellsOf, isAside } from './sheet-aside.ts';
import { isSheetOfText } from './sheet-of-text.ts';
import type { Droppable, TableFacts } from './table-facts.ts';

export type { Example } from './see-document.ts';

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

/** As many characters as a configuration takes of a header. */
const MAX_HEADER = 500;

function unitsAt({ units }: SheetFacts, column: number): ReadonlySet<string> {
  return new Set(units.flatMap((unit) => (unit.column === column ? [unit.unit] : [])));
}

function proposeTable(table: TableFacts, facts: SheetFacts, fields: ProposedFields): ProposedTable {
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

/**
 * A configuration as a careful person would make it of these files, and the reasons for it. The same files give
 * the same one. Throws SpreadsheetFailure for a file that cannot be read, and the signal's reason when aborted.
 */
export async function proposeConfiguration(
  examples: readonly Example[],
  tables: Detection,
  signal?: AbortSignal,
): Promise<Proposal> {
  const fields = new ProposedFields();
  const dropped = new Set<Droppable>();
  const unused = new Set<string>();
  const used = new Set<string>();
  const seen: SeenDocument[] = [];
  for (const example of examples) seen.push(await seeDocument(example, { tables, signal }));
  const documents = seen.map(({ id, sheets }) => {
    const largest = Math.max(...sheets.map((sheet) => cellsOf(sheet.tables)));
    return {
      documentId: id,
      sheets: sheets.map(({ sheet: { name, visible }, tables: found, facts }): ProposedSheet => {
        const hasData = found.some((table) => table.rows > 0) && !isSheetOfText(found);
        const use = hasData && !isAside(name, found, largest);
        if (use) used.add(name);
        else if (visible) unused.add(name);
        if (!use) return { name, use, tables: [] };
        for (const table of found) for (const reason of table.dropped.keys()) dropped.add(reason);
        return { name, use, tables: found.map((table) => proposeTable(table, facts, fields)) };
      }),
    };
  });
  const exclude = [...unused].filter((name) => !used.has(name));
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
