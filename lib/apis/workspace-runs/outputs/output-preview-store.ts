import type { RunningRun } from '../../../runs/run.ts';
import type { OutputSheet } from '../../../spreadsheets/index.ts';
import { outputClass } from '../../files/kept-for.ts';
import type { WorkerPlatform } from '../../platform.ts';
import type { OutputFile } from '../document-run.ts';
import { PREVIEW_OBJECT } from '../work/run-objects.ts';

/**
 * Keeps a preview beside a workbook that was just written. It is read back from the workbook itself, so that
 * it says the same as the workbook does where a preview has to go beyond it. A run without one has lost
 * nothing: whoever looks then waits for the workbook to be opened.
 */
export async function storePreview(
  platform: Pick<WorkerPlatform, 'files' | 'logger'>,
  run: RunningRun,
  { folder, workbook, sheets }: { folder: string; workbook: Uint8Array; sheets: readonly OutputSheet[] },
): Promise<OutputFile['preview']> {
  const fileKey = `${folder}/${PREVIEW_OBJECT}`;
  try {
    // Loaded when a workbook was written: a run that failed has none to look into.
    const { encodePreview } = await import('../../../spreadsheets/preview/index.ts');
    const { bytes, indexBytes } = await encodePreview(workbook, sheets);
    await platform.files.put(fileKey, bytes, {
      contentType: 'application/octet-stream',
      retentionDays: outputClass(run),
    });
    return { fileKey, indexBytes };
  } catch (error) {
    platform.logger.warn('preview not stored', { runId: run.id, error });
    return undefined;
  }
}
