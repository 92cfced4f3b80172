import { ReadBudget } from '../detect/row-scan.ts';
import type { ReadFinding } from '../findings.ts';
import type { WorkbookReader } from '../read/reader.ts';
import { sheetFindings } from '../report/read-findings.ts';
import { describeTables, type InspectedTable } from './describe-tables.ts';
import { readSheet } from './first-reading.ts';

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
    const first = await readSheet(
      reader,
      sheet,
      { ...options, show: (cells) => onlooker.row(cells) },
      budget,
    );
    // A second reading may stop halfway, and would then know less.
    found = reader.findings();
    onlooker.tables(await describeTables(await first.regions(), first.again()));
    beside.push(...sheetFindings(sheet.name, await reader.facts(sheet)));
  }
  return [...found, ...beside];
}
