import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import { findDocument } from './find-document.ts';

/** Hides a document and frees its name; its runs, their outputs and its content stay. */
export async function deleteDocument(
  platform: Pick<Platform, 'documents' | 'now'>,
  workspaceId: string,
  documentId: string,
): Promise<void> {
  await findDocument(platform, workspaceId, documentId);
  const deletedAt = platform.now().toISOString();
  await update(platform.documents, workspaceId, documentId.toLowerCase(), (document) =>
    document.deletedAt === undefined ? { ...document, deletedAt } : undefined,
  );
}
