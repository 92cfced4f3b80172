import { notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { versionKey } from '../../records/version-key.ts';
import { keptOutput } from '../kept-output.ts';
import { findDocument, lastDocumentRun } from './find-document.ts';

export interface DocumentFile {
  fileKey: string;
  filename: string;
  contentType: string;
}

/** The newer of the document's latest content and of the output of its latest run. */
export async function newestArtifact(
  platform: Pick<Platform, 'documents' | 'runs' | 'now'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentFile> {
  const document = await findDocument(platform, workspaceId, documentId);
  const { current } = document;
  const run = await lastDocumentRun(platform, workspaceId, document);
  const output = run === undefined ? undefined : keptOutput(run, platform.now());
  const isNewer = run !== undefined && 'completedAt' in run && run.completedAt >= current.createdAt;
  return output !== undefined && isNewer ? output : current;
}

/** The document as it was uploaded the first time, or as a later version. */
export async function versionContent(
  platform: Pick<Platform, 'documents' | 'documentVersions'>,
  workspaceId: string,
  documentId: string,
  no: number,
): Promise<DocumentFile> {
  const document = await findDocument(platform, workspaceId, documentId);
  const stored = await platform.documentVersions.get(workspaceId, versionKey(document.id, no));
  if (stored === undefined) throw notFound(`Document '${documentId}' has no version ${no}`);
  return stored;
}
