import * as z from 'zod';
import type { Run } from '../../../runs/run.ts';
import { RunColumn, RunField, RunMetrics } from '../../../spreadsheets/report/wire.ts';
import { reportClass } from '../../files/kept-for.ts';
import { readJson } from '../../files/read-file.ts';
import { notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { whatFits } from '../../records/page.ts';
import { withCorrections } from '../corrections/corrected-columns.ts';
import { documentRunResult } from '../document-run.ts';

/** What a succeeded run found out about its document; kept beside the output, for it has no bounded size. */
const StoredReport = z.object({
  metrics: RunMetrics,
  fields: z.array(RunField),
  columns: z.array(RunColumn),
});
export type StoredReport = z.infer<typeof StoredReport>;

type Files = Pick<Platform, 'files'>;

export async function storeReport(
  { files }: Files,
  run: Run,
  key: string,
  { metrics, fields, columns }: StoredReport,
): Promise<void> {
  await files.put(key, Buffer.from(JSON.stringify({ metrics, fields, columns })), {
    contentType: 'application/json',
    retentionDays: reportClass(run),
  });
}

export async function readReport({ files }: Files, run: Run): Promise<StoredReport | undefined> {
  const { reportKey } = documentRunResult(run);
  const report = reportKey === undefined ? undefined : await readJson(files, reportKey);
  return report === undefined ? undefined : StoredReport.parse(report);
}

/** @throws Refused 404 until the run succeeded. */
export async function metricsOf(platform: Files, run: Run): Promise<RunMetrics> {
  const report = await readReport(platform, run);
  if (report === undefined) throw notFound('Run metrics not available');
  return report.metrics;
}

/** By field name; empty while there is nothing to say. */
export async function fieldsOf(platform: Files, run: Run): Promise<RunField[]> {
  const report = await readReport(platform, run);
  return report === undefined ? [] : fieldsIn(report);
}

export const fieldsIn = ({ fields }: StoredReport): RunField[] =>
  fields.toSorted((a, b) => (a.field < b.field ? -1 : 1));

export interface ColumnFilter {
  sheet_name?: string | undefined;
  sheet_index?: number | undefined;
  table_index?: number | undefined;
  mapped_field?: string | undefined;
  mapping_status?: RunColumn['mapping_status'] | undefined;
}

/**
 * The columns for which every given member of the filter holds, in the order of the workbook, from `offset` on
 * and as many as fit into an answer; `next` is the offset of those that do not.
 */
export async function columnsOf(
  platform: Files & Pick<Platform, 'corrections'>,
  run: Run,
  { offset = 0, ...filter }: ColumnFilter & { offset?: number | undefined },
): Promise<{ columns: RunColumn[]; next: number | undefined }> {
  const report = await readReport(platform, run);
  const found = await withCorrections(platform, run, report?.columns ?? []);
  const wanted = columnsIn({ columns: found }, filter).slice(offset);
  const columns = await whatFits(wanted, (column) => column);
  return { columns, next: columns.length < wanted.length ? offset + columns.length : undefined };
}

export function columnsIn(
  { columns }: Pick<StoredReport, 'columns'>,
  filter: ColumnFilter = {},
): RunColumn[] {
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  return columns
    .filter((column) => wanted.every(([key, value]) => column[key as keyof ColumnFilter] === value))
    .toSorted(
      (a, b) =>
        a.workbook_index - b.workbook_index ||
        a.sheet_index - b.sheet_index ||
        a.table_index - b.table_index ||
        a.column_index - b.column_index,
    );
}
