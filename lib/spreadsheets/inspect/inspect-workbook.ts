import type { CellValue } from '../cells.ts';
import { RegionFinder } from '../detect/regions/index.ts';
import { type Cells, ReadBudget } from '../detect/row-scan.ts';
import type { ReadFinding } from '../findings.ts';
import type { Row, SourceSheet, WorkbookReader } from '../read/reader.ts';
import { sheetFindings } from '../report/read-findings.ts';
import { adeRegions } from './ade-regions.ts';
import { describeTables, type InspectedTable, type PlacedRow } from './describe-tables.ts';
import { plainText } from './plain-text.ts';

// Sheets up to this many cells are kept to tell of their tables; longer ones are read a second time instead.
const KEPT_CELLS = 200_000;

export interface InspectOptions {
  /** How tables are found: where they are, or as a workspace's first configuration finds them. */
  readonly tables: 'regions' | 'ade';
  /** Rows of every sheet to show; `Infinity` for all of them. */
  readonly rows: number;
}

/** Is told what is seen as soon as it is seen, so that nobody has to hold a whole sheet. */
export interface Onlooker {
  /** The sheet that is looked at from now on. */
  sheet(sheet: { readonly name: string; readonly hidden: boolean }): void;
  /** The sheet's next row, from the first one on, as text; a blank row has no cells. */
  row(cells: readonly string[]): void;
  /** The sheet's tables, after its rows. */
  tables(tables: readonly InspectedTable[]): void;
}

const NOTHING: Cells = [];

/** A row's cells as text; the fields of a record that are empty at its end are there too. */
function texts({ cells, fields = cells.length }: Row): string[] {
  const shown = cells.map((cell: CellValue) => plainText(cell));
  while (shown.length < fields) shown.push('');
  return shown;
}

/** What one reading of a sheet keeps for the next one. */
interface FirstReading {
  readonly finder: RegionFinder | undefined;
  /** The sheet's rows, where they are few enough. */
  readonly kept: readonly PlacedRow[] | undefined;
}

async function readSheet(
  reader: WorkbookReader,
  sheet: SourceSheet,
  { tables, rows }: InspectOptions,
  onlooker: Onlooker,
  budget: ReadBudget,
): Promise<FirstReading> {
  const finder = tables === 'regions' ? new RegionFinder() : undefined;
  let kept: PlacedRow[] | undefined = [];
  let keptCells = 0;
  let next = 0;
  for await (const batch of reader.rows(sheet, Number.POSITIVE_INFINITY)) {
    for (const row of batch.rows) {
      budget.spend(row.cells);
      for (; next < row.index; next++) {
        finder?.accept(NOTHING);
        if (next < rows) onlooker.row([]);
      }
      finder?.accept(row.cells, row.fields);
      if (next < rows) onlooker.row(texts(row));
      next++;
      keptCells += row.cells.length + 1;
      if (keptCells > KEPT_CELLS) kept = undefined;
      kept?.push(row);
    }
  }
  return { finder, kept };
}

async function* placedRows(reader: WorkbookReader, sheet: SourceSheet): AsyncGenerator<PlacedRow> {
  for await (const { rows } of reader.rows(sheet, Number.POSITIVE_INFINITY)) yield* rows;
}

/**
 * Looks through every sheet of a workbook and tells of it.
 * @returns what was found of the file, and of what its sheets hold beside their values.
 * @throws SpreadsheetFailure
 */
export async function inspectWorkbook(
  reader: WorkbookReader,
  options: InspectOptions,
  onlooker: Onlooker,
): Promise<ReadFinding[]> {
  const budget = new ReadBudget();
  const beside: ReadFinding[] = [];
  let found: readonly ReadFinding[] = reader.findings();
  for (const sheet of reader.sheets) {
    onlooker.sheet({ name: sheet.name, hidden: !sheet.visible });
    const { finder, kept } = await readSheet(reader, sheet, options, onlooker, budget);
    // A second reading may stop halfway, and would then know less.
    found = reader.findings();
    const regions = finder?.finish() ?? (await adeRegions(reader, sheet, new ReadBudget()));
    if (finder !== undefined) for (const { left, right } of regions) budget.spendTable(right - left + 1);
    onlooker.tables(await describeTables(regions, kept ?? placedRows(reader, sheet)));
    beside.push(...sheetFindings(sheet.name, await reader.facts(sheet)));
  }
  return [...found, ...beside];
}
