import { type ColumnSurvey, surveyRow, widen } from '../detect/column-survey.ts';
import type { Cells } from '../detect/row-scan.ts';
import type { RowSource } from '../detect/row-source.ts';
import type { MappedTable } from '../render/render-plan.ts';
import type { RowFilter } from './row-rules.ts';

/** What of a row of the sheet is the table's. */
export function cellsOf({ survey }: Pick<MappedTable, 'survey'>, cells: Cells): Cells {
  const { firstColumn, columns } = survey;
  if (firstColumn === 0 && cells.length <= columns.length) return cells;
  return cells.slice(firstColumn, firstColumn + columns.length);
}

/**
 * What is in the columns of a table without the rows that a filter leaves out: a repeated header makes no texts
 * of numbers, and a remark is no evidence.
 */
export async function keptColumns(
  table: MappedTable,
  source: RowSource,
  filter: RowFilter,
  wantsEvidence: boolean,
): Promise<ColumnSurvey[]> {
  const { headerRow, headerRowCount, endRow, columns } = table.survey;
  const kept: ColumnSurvey[] = [];
  widen(kept, columns.length, wantsEvidence);
  for await (const rows of source.range(headerRow + headerRowCount, endRow)) {
    for (const row of rows) {
      const cells = cellsOf(table, row);
      if (filter(cells) === undefined) surveyRow(kept, cells, 0);
    }
  }
  return kept;
}
