import { isRunsError } from '../../runs/errors.ts';
import { isPlaceholder } from '../../runs/placeholder.ts';
import type { RunPlatform } from '../../runs/ports.ts';
import type { Run, RunRef } from '../../runs/run.ts';
import { cancelRun } from '../../runs/service.ts';
import { conflict, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { documentRunInput } from './document-run.ts';
import { WIRE_STATUS } from './view.ts';

/** The run a path names. Another workspace's or API's run is simply not found. */
export const runRef = (path: { workspaceId: string; runId: string }): RunRef => ({
  workspaceId: path.workspaceId.toLowerCase(),
  kind: 'document',
  runId: path.runId.toLowerCase(),
});

/** @throws Refused 404. */
export async function findDocumentRun(
  platform: Pick<Platform, 'runs'>,
  path: { workspaceId: string; runId: string },
): Promise<Run> {
  const run = await platform.runs.get(runRef(path));
  if (run === undefined || isPlaceholder(run)) throw notFound('Run not found');
  return run;
}

/** Whether the document that a run used was deleted since. */
export async function isDocumentDeleted(platform: Pick<Platform, 'documents'>, run: Run): Promise<boolean> {
  const { document } = documentRunInput(run);
  if (document === undefined) return false;
  const record = await platform.documents.get(run.workspaceId, document.id);
  return record === undefined || record.deletedAt !== undefined;
}

/** Cancels, or says in this API's words why not. */
export async function cancelDocumentRun(
  platform: RunPlatform,
  path: { workspaceId: string; runId: string },
): Promise<Run> {
  try {
    return await cancelRun(platform, runRef(path));
  } catch (error) {
    if (isRunsError(error, 'run_not_found')) throw notFound('Run not found');
    if (isRunsError(error, 'invalid_transition')) {
      const { id, status } = error.details.run;
      throw conflict(`Run ${id} cannot be cancelled from status ${WIRE_STATUS[status]}.`);
    }
    throw error;
  }
}
