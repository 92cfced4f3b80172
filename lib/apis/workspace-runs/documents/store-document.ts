import { momentOf } from '../../../runs/ids.ts';
import { cleanName } from '../../files/file-names.ts';
import { conflict } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { derivedId } from '../../records/derived-id.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import { assertDocumentSize } from './document-limits.ts';
import { takeFreeName, takeName } from './document-names.ts';
import type { DocumentRecord } from './document-record.ts';
import { assertThere, findDocument } from './find-document.ts';
import { addVersion, byteSizeOf, insertVersion, type NewDocument, storeContent } from './store-version.ts';

/**
 * Stores an uploaded document: it takes its name, stores the content, and writes the record last, so that an
 * interrupted upload leaves nothing that anybody can see. Repeated under its id, also at the same time, it
 * goes on with what was begun and answers with the one document, or the one version, that comes of it.
 * @throws Refused 409 when the name is in use and `conflictMode` is `reject`, 413 when it is too large, 404
 *   when the document that an earlier try made was deleted since.
 */
export async function createDocument(
  platform: Platform,
  caller: Caller,
  upload: NewDocument,
  documentId = platform.newId(),
  versionId = versionIdOf(documentId),
): Promise<DocumentRecord> {
  assertDocumentSize(byteSizeOf(upload));
  const { workspaceId } = caller;
  const name = cleanName(upload.name, 'upload');
  const holder = await takeName(platform, workspaceId, name, documentId);
  const ids = { documentId, versionId };
  if (holder === documentId) return insertDocument(platform, caller, upload, ids, name);
  // An earlier try may have made the document under another name, or it was deleted and lost its name.
  const made = await platform.documents.get(workspaceId, documentId);
  if (made !== undefined) return assertThere(made, documentId);
  if (upload.conflictMode === 'upload_new_version')
    return addVersion(platform, caller, upload, holder, name, versionId);
  if (upload.conflictMode === 'reject') {
    throw conflict(`Document name '${name}' is already in use (document '${holder}').`);
  }
  const freeName = await takeFreeName(platform, workspaceId, name, documentId);
  return insertDocument(platform, caller, upload, ids, freeName);
}

/** The version that an upload makes, whether it is the first of its own document or the next of another. */
export const versionIdOf = (documentId: string): string => derivedId(documentId, 'version');

async function insertDocument(
  platform: Platform,
  caller: Caller,
  upload: NewDocument,
  { documentId, versionId }: { documentId: string; versionId: string },
  name: string,
): Promise<DocumentRecord> {
  const { workspaceId } = caller;
  const named = { versionId, filename: name };
  const stored = await storeContent(platform, workspaceId, upload, documentId, named);
  const current = await insertVersion(platform, workspaceId, documentId, 1, stored);
  const document: DocumentRecord = {
    id: documentId,
    version: 1,
    name,
    current,
    metadata: upload.metadata,
    uploader: { id: caller.ownerId, email: caller.ownerEmail },
    // The moment that the id was made, so that documents by age are documents by id.
    createdAt: momentOf(documentId)?.toISOString() ?? current.createdAt,
    updatedAt: current.createdAt,
    runs: {},
    outputVersions: 0,
  };
  if (await platform.documents.insert(workspaceId, document)) return document;
  return findDocument(platform, workspaceId, documentId);
}
