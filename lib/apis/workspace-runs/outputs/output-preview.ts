import type { Run } from '../../../runs/run.ts';
import { sheetPreview } from '../../../spreadsheets/preview/index.ts';
import type { Platform } from '../../platform.ts';
import { inTime, kindOf, openOutput, placeOfSheet } from './open-output.ts';
import type { PreviewQuery, RunOutputSheet, WorkbookSheetPreview } from './outputs-contract.ts';
import { outputOf } from './run-files.ts';

type Files = Pick<Platform, 'files' | 'now'>;

/** How long looking into an output may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** @throws Refused 404 or 409 as a download does, 415 for other files than .xlsx and .csv, 422. */
export function listOutputSheets(
  platform: Files,
  run: Run,
  timeoutMs = TIMEOUT_MS,
): Promise<RunOutputSheet[]> {
  const output = outputOf(run, platform.now());
  const kind = kindOf(output, 'Sheets are');
  return inTime(run, 'Worksheet inspection', timeoutMs, async (signal) => {
    const { sheets } = await openOutput(platform.files, output, signal);
    return sheets.map(({ name, isActive }, index) => ({ name, index, kind, is_active: isActive }));
  });
}

/** @throws Refused as `listOutputSheets` does, and 422 for a sheet that is not there. */
export async function previewOutput(
  platform: Files,
  run: Run,
  query: PreviewQuery,
  timeoutMs = TIMEOUT_MS,
): Promise<WorkbookSheetPreview> {
  const output = outputOf(run, platform.now());
  kindOf(output, 'Preview is');
  return inTime(run, 'Preview generation', timeoutMs, async (signal) => {
    const source = await openOutput(platform.files, output, signal);
    const index = placeOfSheet(run, source.sheets, query);
    const { maxRows, maxColumns } = query;
    const shown = sheetPreview(await source.first(index, { maxRows, maxColumns, signal }), query);
    return { name: source.sheets[index]?.name ?? '', index, ...shown };
  });
}
