import { type ColumnSurvey, surveyRow, widen } from './column-survey.ts';
import type { Region } from './regions/index.ts';
import type { Cells, ReadBudget } from './row-scan.ts';
import { mergeHeaders, type TableSurvey } from './table-detector.ts';

interface OpenRegion {
  readonly region: Region;
  readonly headers: Cells[];
  readonly columns: ColumnSurvey[];
  emptyRows: number;
}

/** Whether two tables stand side by side, so that their rows cannot be read one table after the other. */
export function shareRows(regions: readonly Region[]): boolean {
  let lowest = -1;
  return inOrder(regions).some(({ top, bottom }) => {
    const shares = top <= lowest;
    lowest = Math.max(lowest, bottom);
    return shares;
  });
}

const inOrder = (regions: readonly Region[]): Region[] =>
  regions.toSorted((a, b) => a.top - b.top || a.left - b.left);

/** Looks at what is in regions of a sheet whose rows go by a second time, from the first one on. */
export class RegionSurvey {
  readonly #sampleSize: number;
  readonly #mergeStacked: boolean;
  readonly #all: readonly OpenRegion[];
  // Those that begin below; the next one is at the end.
  readonly #ahead: OpenRegion[];
  #open: OpenRegion[] = [];
  #rows = 0;

  /** Throws SpreadsheetFailure where there are more tables than one workbook may have. */
  constructor(
    regions: readonly Region[],
    settings: {
      sampleSize: number;
      mergeStackedHeaders: boolean;
      budget: ReadBudget;
      wantsEvidence?: boolean | undefined;
    },
  ) {
    this.#sampleSize = settings.sampleSize;
    this.#mergeStacked = settings.mergeStackedHeaders;
    this.#all = inOrder(regions).map((region) => {
      const columns: ColumnSurvey[] = [];
      widen(columns, region.right - region.left + 1, settings.wantsEvidence);
      settings.budget.spendTable(columns.length);
      return { region, headers: [], columns, emptyRows: 0 };
    });
    this.#ahead = this.#all.toReversed();
  }

  /** Takes the sheet's next row. */
  accept(cells: Cells): void {
    const row = this.#rows++;
    this.#open = this.#open.filter(({ region }) => region.bottom >= row);
    for (
      let next = this.#ahead.at(-1);
      next !== undefined && next.region.top <= row;
      next = this.#ahead.at(-1)
    ) {
      this.#ahead.pop();
      this.#open.push(next);
    }
    for (const table of this.#open) {
      const { top, left, right, headerRows } = table.region;
      if (row < top + headerRows) table.headers.push(cells.slice(left, right + 1));
      else if (!surveyRow(table.columns, cells, this.#sampleSize, left, right + 1)) table.emptyRows++;
    }
  }

  /** The tables, once all rows were taken: from top to bottom, and from left to right. */
  finish(): TableSurvey[] {
    return this.#all.map(({ region, headers, columns, emptyRows }) => {
      // Without joining them, the row of headings that stands above the data is the header.
      const joined = this.#mergeStacked ? headers : headers.slice(-1);
      return {
        headerRow: region.top + region.headerRows - joined.length,
        headerRowCount: joined.length,
        endRow: region.bottom + 1,
        firstColumn: region.left,
        headers: mergeHeaders(joined),
        columns,
        emptyRows,
      };
    });
  }
}
