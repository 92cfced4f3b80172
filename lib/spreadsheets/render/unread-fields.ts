import type { RowSource } from '../detect/row-source.ts';
import { cellsOf } from '../rows/kept-columns.ts';
import type { RowRules } from '../rows/row-rules.ts';
import { Unreadable } from '../transform/reading/typed-reader.ts';
import { plainValue } from './plain-value.ts';
import type { RenderPlan } from './render-plan.ts';

/**
 * Which of some fields have a value that cannot be read. A header is written before the rows, and a field that
 * nobody checks gets a column for its issues only where it has any.
 */
export async function unreadFields(
  { parts }: RenderPlan,
  fields: ReadonlySet<string>,
  source: RowSource,
  rowRules: RowRules,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { table, columns } of parts) {
    const { headerRow, headerRowCount, endRow } = table.survey;
    const filter = rowRules.filterFor(table);
    const looked = columns.flatMap((column, at) => (fields.has(column.name) ? { column, at } : []));
    for await (const rows of source.range(headerRow + headerRowCount, endRow)) {
      for (const row of rows) {
        if (found.size === fields.size) return found;
        const cells = cellsOf(table, row);
        if (filter(cells) !== undefined) continue;
        for (const { column, at } of looked) {
          const cell = cells[at] ?? null;
          if (cell === null || found.has(column.name)) continue;
          if (column.read?.(plainValue(cell, column)) instanceof Unreadable) found.add(column.name);
        }
      }
    }
  }
  return found;
}
