import type { CellValue } from '../cells.ts';
import { type Region, RegionFinder } from '../detect/regions/index.ts';
import { type Cells, ReadBudget } from '../detect/row-scan.ts';
import type { Row, SourceSheet, WorkbookReader } from '../read/reader.ts';
import { adeRegions } from './ade-regions.ts';
import type { PlacedRow } from './describe-tables.ts';
import { plainText } from './plain-text.ts';

// Sheets up to this many cells are kept to tell of their tables; longer ones are read a second time instead.
const KEPT_CELLS = 200_000;

const NOTHING: Cells = [];

/** A row's cells as text; the fields of a record that are empty at its end are there too. */
function texts({ cells, fields = cells.length }: Row): string[] {
  const shown = cells.map((cell: CellValue) => plainText(cell));
  while (shown.length < fields) shown.push('');
  return shown;
}

/** What one reading of a sheet leaves for the next one. */
export interface FirstReading {
  /** Its tables. Throws SpreadsheetFailure where there are more of them than are read. */
  regions(): Promise<readonly Region[]>;
  /** The sheet's rows once more. */
  again(): AsyncIterable<PlacedRow> | Iterable<PlacedRow>;
}

interface Looking {
  readonly tables: 'regions' | 'ade';
  /** Rows to show, from the first one on. */
  readonly rows: number;
  readonly show: (cells: readonly string[]) => void;
  /** Cells that are kept at most for a second look, where there is room for more than usual. */
  readonly keptCells?: number;
}

/** Reads a sheet whole. Throws SpreadsheetFailure beyond the limits. */
export async function readSheet(
  reader: WorkbookReader,
  sheet: SourceSheet,
  { tables, rows, show, keptCells: mostKept = KEPT_CELLS }: Looking,
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
        if (next < rows) show([]);
      }
      finder?.accept(row.cells, row.fields);
      if (next < rows) show(texts(row));
      next++;
      keptCells += row.cells.length + 1;
      if (keptCells > mostKept) kept = undefined;
      kept?.push(row);
    }
  }
  return {
    async regions() {
      if (finder === undefined) return await adeRegions(reader, sheet, new ReadBudget());
      const regions = finder.finish();
      for (const { left, right } of regions) budget.spendTable(right - left + 1);
      return regions;
    },
    again: () => kept ?? placedRows(reader, sheet),
  };
}

async function* placedRows(reader: WorkbookReader, sheet: SourceSheet): AsyncGenerator<PlacedRow> {
  for await (const { rows } of reader.rows(sheet, Number.POSITIVE_INFINITY)) yield* rows;
}
