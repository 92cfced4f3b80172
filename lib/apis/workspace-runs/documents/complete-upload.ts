import { storedType } from '../../files/content-type.ts';
import type { Platform } from '../../platform.ts';
import { derivedId } from '../../records/derived-id.ts';
import { update } from '../../records/update.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import {
  type Received,
  type ReceivedDocument,
  receiveDocumentAs,
  receivedBefore,
} from './receive-document.ts';
import { findUpload, postedSize } from './upload-form.ts';

/**
 * Makes a document of what was posted to the form of an upload. An upload becomes one document or one
 * version, and one run if one is asked for: completed again, it answers with the same document.
 * @throws Refused 404 for an unknown upload, or when its document was deleted since; 409 when nothing was
 *   posted yet; whatever receiving a document is refused for.
 */
export async function completeUpload(
  platform: Platform,
  caller: Caller,
  uploadId: string,
  asked: Pick<ReceivedDocument, 'metadata' | 'conflictMode' | 'runOptions'>,
): Promise<Received> {
  const { workspaceId } = caller;
  const upload = await findUpload(platform, workspaceId, uploadId);
  if (upload.documentId !== undefined) return receivedBefore(platform, workspaceId, upload.documentId);
  const { id, name, contentType, fileKey } = upload;
  const content = { uploadedTo: fileKey, byteSize: await postedSize(platform, upload) };
  const received = await receiveDocumentAs(
    platform,
    caller,
    { ...asked, name, contentType: storedType(contentType), content },
    derivedId(id, 'document'),
  );
  await update(platform.uploads, workspaceId, id, (record) =>
    record.documentId === undefined ? { ...record, documentId: received.document.id } : undefined,
  );
  return received;
}
