import type { Finding, SheetReport } from './report.ts';

/** The finding that columns have a likely field and too low a score to get it, or nothing. */
export function columnsToDecide(sheets: readonly SheetReport[]): Finding[] {
  const columns = sheets.flatMap(({ tables }) => tables.flatMap(({ structure }) => structure.columns));
  const count = columns.filter(({ mapping }) => mapping.unmapped_reason === 'below_threshold').length;
  if (count === 0) return [];
  const message =
    count === 1
      ? '1 column scores less than minimumScore and is left for you to decide'
      : `${count} columns score less than minimumScore and are left for you to decide`;
  return [{ code: 'columns_to_decide', severity: 'warning', message, count, meta: null }];
}
