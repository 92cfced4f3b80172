import type { Platform } from '../platform.ts';
import { notFound } from '../refusal.ts';
import { documentRunResult } from './document-run.ts';
import { documentVersionKey } from './documents.ts';
import { findDocument } from './uploads.ts';

export interface DocumentFile {
  fileKey: string;
  filename: string;
  contentType: string;
}

/** The newer of the document's latest content and of the output of its latest run. */
export async function newestArtifact(
  platform: Pick<Platform, 'documents' | 'runs'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentFile> {
  const { current, lastRunId } = await findDocument(platform, workspaceId, documentId);
  if (lastRunId === undefined) return current;
  const run = await platform.runs.get({ workspaceId, kind: 'document', runId: lastRunId });
  const output = run === undefined ? undefined : documentRunResult(run).output;
  const isNewer = run !== undefined && 'completedAt' in run && run.completedAt >= current.createdAt;
  return output !== undefined && isNewer ? output : current;
}

/** The document as it was first uploaded. */
export async function originalContent(
  platform: Pick<Platform, 'documents' | 'documentVersions'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentFile> {
  const document = await findDocument(platform, workspaceId, documentId);
  const original = await platform.documentVersions.get(workspaceId, documentVersionKey(document.id, 1));
  if (original === undefined) throw notFound(`Document '${documentId}' not found`);
  return original;
}
