import type { Run } from '../../../runs/run.ts';
import type { Platform } from '../../platform.ts';
import { inTime, kindOf, openOutput, placeOfSheet, readOutput, type SheetNamed } from './open-output.ts';
import type { ManualOutput } from './output-upload.ts';
import type { OutputEdit } from './outputs-contract.ts';
import { outputOf } from './run-files.ts';

/** How long an edit may take, in milliseconds: a caller waits for it, at a gateway 29 s at most. */
const TIMEOUT_MS = 20_000;

/** Which sheet is meant; null is as good as nothing. */
export const sheetOf = ({ sheet_name, sheet_index }: Omit<OutputEdit, 'rows'>): SheetNamed => ({
  sheetName: sheet_name ?? undefined,
  sheetIndex: sheet_index ?? undefined,
});

/**
 * The output of a run with these rows as one of its sheets, its name and its other sheets as they are.
 * @throws Refused 404 or 409 as a download does, 415 for other files than .xlsx and .csv, 422 for a sheet that is
 *   not there or a file that cannot be read.
 */
export async function editedOutput(
  platform: Pick<Platform, 'files' | 'now'>,
  run: Run,
  { rows, ...named }: OutputEdit,
): Promise<ManualOutput> {
  const sheet = sheetOf(named);
  const output = outputOf(run, platform.now());
  const kind = kindOf(output, 'Edits are');
  return inTime(run, 'Edit', TIMEOUT_MS, async (signal) => {
    const { sheets } = await openOutput(platform.files, output, signal);
    const at = placeOfSheet(run, sheets, sheet);
    // Loaded when the request is known to be good.
    const { editCsv, editSheet } = await import('../../../spreadsheets/edit/index.ts');
    const bytes =
      kind === 'file'
        ? editCsv(rows)
        : await editSheet(await readOutput(platform.files, output, signal), at, rows, signal);
    return { filename: output.filename, contentType: output.contentType, bytes };
  });
}
