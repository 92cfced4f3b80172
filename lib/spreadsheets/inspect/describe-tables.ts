import { columnLetters, headerText } from '../cells.ts';
import type { Region } from '../detect/regions/index.ts';
import type { Cells } from '../detect/row-scan.ts';
import { mergeHeaders } from '../detect/table-detector.ts';
import { type ColumnType, joined, typeOfCell } from './column-type.ts';

/** Data rows of a table that its columns' types are told from. */
const LOOKED_AT = 10_000;

/** A table as a person and a program are told of it. */
export interface InspectedTable {
  /** `A3:D17`, from the first header row to the last row of data. */
  readonly range: string;
  readonly headerRows: number;
  /** Per column, stacked ones joined; null where the header is blank. */
  readonly headers: readonly (string | null)[];
  /** Per column. */
  readonly types: readonly ColumnType[];
}

/** A row with its place in the sheet, from 0. */
export interface PlacedRow {
  readonly index: number;
  readonly cells: Cells;
}

export const rangeOf = ({ top, left, bottom, right }: Region): string =>
  `${columnLetters(left)}${top + 1}:${columnLetters(right)}${bottom + 1}`;

/** Learns the headers and the types of one table while its rows go by. */
class TableDescriber {
  readonly region: Region;
  /** The last row that is looked at. */
  readonly lastRow: number;
  readonly #headers: Cells[] = [];
  readonly #types: ColumnType[];

  constructor(region: Region) {
    this.region = region;
    this.lastRow = Math.min(region.bottom, region.top + region.headerRows + LOOKED_AT - 1);
    this.#types = Array.from({ length: region.right - region.left + 1 }, () => 'empty');
  }

  accept({ index, cells }: PlacedRow): void {
    const { top, left, right, headerRows } = this.region;
    if (index < top + headerRows) {
      this.#headers.push(cells.slice(left, right + 1));
      return;
    }
    for (let column = left; column <= right && column < cells.length; column++) {
      const type = this.#types[column - left];
      if (type === undefined || type === 'mixed') continue;
      const cell = typeOfCell(cells[column] ?? null);
      if (cell !== undefined) this.#types[column - left] = joined(type, cell);
    }
  }

  table(): InspectedTable {
    const merged = this.#headers.length === 0 ? [] : mergeHeaders(this.#headers);
    return {
      range: rangeOf(this.region),
      headerRows: this.region.headerRows,
      headers: this.#types.map((_, column) => headerText(merged[column] ?? null)),
      types: this.#types,
    };
  }
}

/** Tells of every region, in their order, from the sheet's rows; reads no further than it must. */
export async function describeTables(
  regions: readonly Region[],
  rows: AsyncIterable<PlacedRow> | Iterable<PlacedRow>,
): Promise<InspectedTable[]> {
  const describers = regions.map((region) => new TableDescriber(region));
  const waiting = describers.toSorted((a, b) => b.region.top - a.region.top);
  let open: TableDescriber[] = [];
  if (describers.length === 0) return [];
  for await (const row of rows) {
    open = open.filter(({ lastRow }) => lastRow >= row.index);
    for (
      let next = waiting.at(-1);
      next !== undefined && next.region.top <= row.index;
      next = waiting.at(-1)
    ) {
      waiting.pop();
      if (next.lastRow >= row.index) open.push(next);
    }
    if (open.length === 0 && waiting.length === 0) break;
    for (const describer of open) describer.accept(row);
  }
  return describers.map((describer) => describer.table());
}
