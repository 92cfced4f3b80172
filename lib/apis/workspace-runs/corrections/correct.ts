import { isOpen, type Run } from '../../../runs/run.ts';
import type { RunColumn } from '../../../spreadsheets/report/wire.ts';
import { headerKey } from '../../../spreadsheets/words/words.ts';
import { conflict, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { upsert } from '../../records/upsert.ts';
import { findConfiguration } from '../configurations/find-configuration.ts';
import { documentRunInput } from '../document-run.ts';
import { assertField } from '../learned/field-names.ts';
import { learnHeader, learnValue } from '../learned/learn.ts';
import { MAX_LEARNED_TEXT } from '../learned/learned-record.ts';
import { readReport } from '../outputs/stored-report.ts';
import { findDocumentRun, isDocumentDeleted } from '../runs.ts';
import { columnIdOf, corrected } from './corrected-columns.ts';
import type { ValueCorrection } from './corrections-contract.ts';
import { noCorrections, withCorrection } from './corrections-record.ts';

type RunPath = { workspaceId: string; runId: string };
type ValuePlatform = Pick<Platform, 'runs' | 'documents' | 'configurations' | 'learned' | 'now'>;
type ColumnPlatform = ValuePlatform & Pick<Platform, 'files' | 'corrections'>;

/** @throws Refused 409 while the run is open, 404 when it has no document, or none any more. */
async function findCorrectable(
  platform: Pick<Platform, 'runs' | 'documents'>,
  path: RunPath,
): Promise<{ run: Run; documentId: string; configurationId: string }> {
  const run = await findDocumentRun(platform, path);
  if (isOpen(run)) {
    throw conflict('A run can be corrected when it has ended: wait for its end.', 'RUN_NOT_ENDED');
  }
  const { document, configurationId } = documentRunInput(run);
  if (document === undefined) throw notFound('The run is of no document, so nothing of it can be corrected');
  if (await isDocumentDeleted(platform, run)) throw notFound(`Document ${document.id} not found`);
  return { run, documentId: document.id, configurationId };
}

/**
 * Says which field a column of a run is, or that it is none. It holds for the document's later runs, and the
 * configuration learns it of the column's header for those of others. What was begun and broke off is finished by
 * asking again. @throws Refused 404, 409 while the run is open, 422 for a field that there is not.
 */
export async function correctColumn(
  platform: ColumnPlatform,
  path: RunPath & { columnId: string },
  field: string | null,
): Promise<RunColumn> {
  const { run, documentId, configurationId } = await findCorrectable(platform, path);
  const report = await readReport(platform, run);
  const column = report?.columns.find((found) => columnIdOf(found) === path.columnId);
  if (column === undefined) throw notFound(`The run has no column ${path.columnId.slice(0, 100)}`);
  const configuration = await findConfiguration(platform, run.workspaceId, configurationId);
  if (field !== null) assertField(field, configuration);

  const { workspaceId } = run;
  const columnId = columnIdOf(column);
  const header = headerKey(column.header_raw ?? '');
  // A header without words says nothing of another document's columns, and nobody else has one as long.
  if (header !== '' && header.length <= MAX_LEARNED_TEXT) {
    const by = `${run.id}/${columnId}`;
    await learnHeader(platform, { workspaceId, configurationId, by }, { header, field });
  }
  const correction = {
    ...{ runId: run.id, columnId, at: platform.now().toISOString() },
    ...{ sheetName: column.sheet_name, sheetIndex: column.sheet_index },
    ...{ tableIndex: column.table_index, columnIndex: column.column_index, header, field },
  };
  await upsert(platform.corrections, workspaceId, noCorrections(documentId), (record) =>
    withCorrection(record, correction),
  );
  return corrected(column, correction);
}

/**
 * Says what a value of a field is to be, which the run's configuration learns.
 * @throws Refused 404, 409 while the run is open, 422 for a field that there is not.
 */
export async function correctValue(
  platform: ValuePlatform,
  path: RunPath,
  { field, from, to }: Pick<ValueCorrection, 'field' | 'from' | 'to'>,
): Promise<ValueCorrection> {
  const { run, configurationId } = await findCorrectable(platform, path);
  assertField(field, await findConfiguration(platform, run.workspaceId, configurationId));
  const teacher = { workspaceId: run.workspaceId, configurationId, by: run.id };
  const meant = to === null || to.trim() === '' ? null : to;
  const { count, last } = await learnValue(platform, teacher, { field, from, to: meant });
  return { field, from, to: meant, count, last };
}
