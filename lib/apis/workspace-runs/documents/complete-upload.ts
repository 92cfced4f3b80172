import { storedType } from '../../files/content-type.ts';
import { conflict, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { isStale } from '../../records/planned-ids.ts';
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
  const [first, ...later] = await planIds(platform, workspaceId, id);
  const received = await receiveDocumentAs(
    platform,
    caller,
    { ...asked, name, contentType: storedType(contentType), content },
    {
      ids: [first, ...later],
      replan: async () => {
        const { planned } = await findUpload(platform, workspaceId, id);
        if (planned?.length !== 1 + later.length) throw beingCompleted(id);
      },
    },
  );
  await update(platform.uploads, workspaceId, id, (record) =>
    record.documentId === undefined ? { ...record, documentId: received.document.id } : undefined,
  );
  return received;
}

/** The ids that are planned for what an upload becomes; whoever comes at the same time has the same ones. */
async function planIds(
  platform: Pick<Platform, 'uploads' | 'now' | 'newId'>,
  workspaceId: string,
  uploadId: string,
): Promise<[string, ...string[]]> {
  const next = platform.newId();
  const upload = await update(platform.uploads, workspaceId, uploadId, (record) => {
    const { planned = [] } = record;
    const isPlanned = planned.length > 0 && !isStale(planned, platform.now());
    return isPlanned ? undefined : { ...record, planned: [...planned, next] };
  });
  const [first, ...later] = upload?.planned ?? [];
  if (first === undefined) throw notFound(`Upload '${uploadId}' not found`);
  return [first, ...later];
}

const beingCompleted = (uploadId: string) =>
  conflict(`Upload '${uploadId}' is being completed by another request. Complete it again in a moment.`);
