import * as z from 'zod';

/** What events say of how far a run is. */
const Step = z.looseObject({
  sheet_name: z.string().optional(),
  sheet_index: z.number().optional(),
  table_index: z.number().optional(),
});

/** How far a run is after an event, in a few words; undefined where it says nothing of that. */
export function stepOf(event: string, data: unknown): string | undefined {
  const { sheet_name, sheet_index, table_index } = Step.safeParse(data).data ?? {};
  switch (event) {
    case 'engine.workbook.started':
      return 'opened';
    case 'engine.sheet.started':
      return `sheet ${(sheet_index ?? 0) + 1}, ${sheet_name ?? ''}`;
    case 'engine.table.written':
      return `table ${(table_index ?? 0) + 1} of ${sheet_name ?? 'its sheet'} is written`;
    case 'engine.run.completed':
      return 'done';
    default:
      return undefined;
  }
}
