import * as z from 'zod';
import type { Run } from '../../../runs/run.ts';
import { notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { RunColumn, RunField, RunMetrics } from '../contract.ts';
import { documentRunResult } from '../document-run.ts';

/** What a succeeded run found out about its document; kept beside the output, for it has no bounded size. */
export const RunReport = z.object({
  metrics: RunMetrics,
  fields: z.array(RunField),
  columns: z.array(RunColumn),
});
export type RunReport = z.infer<typeof RunReport>;

type Files = Pick<Platform, 'files'>;

export async function readReport(platform: Files, run: Run): Promise<RunReport | undefined> {
  const { reportKey } = documentRunResult(run);
  const file = reportKey === undefined ? undefined : await platform.files.get(reportKey);
  if (file === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return RunReport.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
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

export const fieldsIn = ({ fields }: RunReport): RunField[] =>
  fields.toSorted((a, b) => (a.field < b.field ? -1 : 1));

export interface ColumnFilter {
  sheet_name?: string | undefined;
  sheet_index?: number | undefined;
  table_index?: number | undefined;
  mapped_field?: string | undefined;
  mapping_status?: 'mapped' | 'unmapped' | undefined;
}

/** The columns for which every given member of the filter holds, in the order of the workbook. */
export async function columnsOf(platform: Files, run: Run, filter: ColumnFilter): Promise<RunColumn[]> {
  const report = await readReport(platform, run);
  return report === undefined ? [] : columnsIn(report, filter);
}

export function columnsIn({ columns }: RunReport, filter: ColumnFilter = {}): RunColumn[] {
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
