import type { MatchedColumns } from './match-columns.ts';
import type { SheetPrint } from './sheet-print.ts';

/** Where a cell stands in each of two sheets, from 0; -1 where a sheet has no such column. */
export interface ChangedCell {
  readonly rowA: number;
  readonly columnA: number;
  readonly rowB: number;
  readonly columnB: number;
}

/**
 * The cells in which paired rows differ, row by row of b and in its order of columns; those of columns that b
 * no longer has come last in their row. A column that one side alone has differs where there is something in it.
 */
export function* changedCells(
  a: SheetPrint,
  b: SheetPrint,
  { pairs, removed, added }: MatchedColumns,
  partner: Int32Array,
): Generator<ChangedCell> {
  const columns = [
    ...[...pairs, ...added.map((column) => [-1, column] as const)].toSorted(([, x], [, y]) => x - y),
    ...removed.map((column) => [column, -1] as const),
  ];
  for (const [rowB, rowA] of partner.entries()) {
    if (rowA < 0) continue;
    for (const [columnA, columnB] of columns) {
      const from = columnA < 0 ? 0 : a.strict(rowA, columnA);
      const to = columnB < 0 ? 0 : b.strict(rowB, columnB);
      if (from !== to) yield { rowA, columnA, rowB, columnB };
    }
  }
}
