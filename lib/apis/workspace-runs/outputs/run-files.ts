import { readLog } from '../../../runs/log.ts';
import { logExpiresAt } from '../../../runs/retention.ts';
import type { Run } from '../../../runs/run.ts';
import { logName } from '../../files/file-names.ts';
import { conflict, notFound, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { documentRunInput, documentRunResult, type OutputFile } from '../document-run.ts';
import { keptOutput, removedLog, removedOutput } from '../kept-output.ts';
import { findDocumentRun, isDocumentDeleted, runRef } from '../runs.ts';

type RunPath = { workspaceId: string; runId: string };

/** @throws Refused 404 for a run without a document, or whose document was deleted. */
export async function findInput(
  platform: Pick<Platform, 'runs' | 'documents'>,
  path: RunPath,
  says: { deleted?: string } = {},
): Promise<{ run: Run; input: NonNullable<ReturnType<typeof documentRunInput>['document']> }> {
  const run = await findDocumentRun(platform, path);
  const { document } = documentRunInput(run);
  if (document === undefined) throw notFound('Run input is unavailable');
  if (await isDocumentDeleted(platform, run))
    throw notFound(says.deleted ?? `Document ${document.id} not found`);
  return { run, input: document };
}

/** @throws Refused 409 while the run is open, 404 when it ended without an output or retention removed it. */
export function outputOf(run: Run, now: Date): OutputFile {
  const output = keptOutput(run, now);
  if (output !== undefined) return output;
  if (documentRunResult(run).output !== undefined) throw missing(removedOutput(run), 'RUN_OUTPUT_REMOVED');
  switch (run.status) {
    case 'queued':
    case 'running':
      throw conflict('Run output is not available until the run completes.', 'OUTPUT_NOT_READY');
    case 'failed':
    case 'timed_out':
      throw missing('Run failed and no output is available', 'RUN_FAILED_NO_OUTPUT');
    case 'cancelled':
      throw missing('Run was cancelled and no output is available', 'RUN_CANCELLED_NO_OUTPUT');
    case 'succeeded':
      throw notFound('Run output is unavailable');
  }
}

const missing = (message: string, code: string): Refused =>
  new Refused({ category: 'not_found', message, issues: [{ message, code }] });

/** @throws Refused 404 while nothing was logged. */
export async function findLog(
  platform: Pick<Platform, 'runs' | 'log' | 'now'>,
  path: RunPath,
): Promise<{ filename: string; bytes: AsyncIterable<Uint8Array> }> {
  const run = await findDocumentRun(platform, path);
  const ref = runRef(path);
  const expiresAt = logExpiresAt(run);
  if (expiresAt !== undefined && expiresAt <= platform.now()) throw notFound(removedLog(run));
  if ((await platform.log.end(ref)) === 0) throw notFound('Run log stream is unavailable');
  return { filename: logName(run, documentRunInput(run).document?.filename), bytes: readLog(platform, ref) };
}
