import { isPlaceholder } from '../../../runs/placeholder.ts';
import type { Run } from '../../../runs/run.ts';
import { notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import type { DocumentRecord } from './document-record.ts';

/** @throws Refused 404 for a document that is unknown, deleted or of another workspace. */
export async function findDocument(
  platform: Pick<Platform, 'documents'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentRecord> {
  return assertThere(await platform.documents.get(workspaceId, documentId.toLowerCase()), documentId);
}

export function assertThere(document: DocumentRecord | undefined, documentId: string): DocumentRecord {
  if (document === undefined || document.deletedAt !== undefined)
    throw notFound(`Document '${documentId}' not found`);
  return document;
}

/** The latest run of a document; undefined for one that was never run. */
export async function lastDocumentRun(
  platform: Pick<Platform, 'runs'>,
  workspaceId: string,
  { lastRunId }: DocumentRecord,
): Promise<Run | undefined> {
  if (lastRunId === undefined) return undefined;
  const run = await platform.runs.get({ workspaceId, kind: 'document', runId: lastRunId });
  return run === undefined || isPlaceholder(run) ? undefined : run;
}
