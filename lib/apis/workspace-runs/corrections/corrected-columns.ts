import type { Run } from '../../../runs/run.ts';
import type { RunColumn } from '../../../spreadsheets/report/wire.ts';
import type { Platform } from '../../platform.ts';
import type { Correction } from './corrections-record.ts';

/** As the engine makes it; reports of earlier days have none. */
export const columnIdOf = ({ column_id, sheet_index, table_index, column_index }: RunColumn): string =>
  column_id ?? `${sheet_index}.${table_index}.${column_index}`;

/** The columns of a run, each as somebody said that it is, if anybody did. */
export async function withCorrections(
  { corrections }: Pick<Platform, 'corrections'>,
  run: Run,
  columns: readonly RunColumn[],
): Promise<RunColumn[]> {
  if (columns.length === 0) return [];
  const record = await corrections.get(run.workspaceId, run.parentId);
  const ofRun = record?.corrections.filter(({ runId }) => runId === run.id) ?? [];
  const said = new Map(ofRun.map((correction) => [correction.columnId, correction]));
  return columns.map((column) => {
    const correction = said.get(columnIdOf(column));
    return correction === undefined ? column : corrected(column, correction);
  });
}

/** A column's row with what was said of it; the field that it had is the best one that it has not. */
export function corrected(column: RunColumn, { field }: Pick<Correction, 'field'>): RunColumn {
  const { mapped_field, mapping_score, mapping_reason: _reason, unmapped_reason: _none, ...found } = column;
  const had =
    mapped_field === undefined || mapped_field === field
      ? column.runner_up
      : { field: mapped_field, score: mapping_score ?? 0 };
  const { runner_up: _other, ...row } = found;
  const shown = {
    ...row,
    column_id: columnIdOf(column),
    mapping_method: 'correction',
    ...(had === undefined || had.field === field ? {} : { runner_up: had }),
  };
  if (field === null) return { ...shown, mapping_status: 'unmapped', unmapped_reason: 'correction' };
  return {
    ...shown,
    mapping_status: 'mapped',
    mapped_field: field,
    mapping_score: 1,
    mapping_reason: 'correction',
  };
}
