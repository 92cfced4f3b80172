import { contentTypeOf } from '../../files/content-type.ts';
import { cleanName } from '../../files/file-names.ts';
import { conflict, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { MAX_DOCUMENT_BYTES } from './document-limits.ts';
import type { UploadRecord } from './document-record.ts';

/** How long a form for a direct upload is good for, in seconds: time to post 25 MiB over a slow line. */
const UPLOAD_SECONDS = 3600;

/** A form that takes a document straight to the file store. @throws Refused 422 for a type that cannot be one. */
export async function createUpload(
  platform: Pick<Platform, 'uploads' | 'files' | 'now' | 'newId'>,
  workspaceId: string,
  asked: { name: string; content_type?: string | undefined },
) {
  const uploadId = platform.newId();
  const contentType = contentTypeOf(asked.content_type, 'content_type');
  // Objects under this prefix are deleted after a day, so an upload that nobody completes costs nothing.
  const fileKey = `temporary/${workspaceId}/uploads/${uploadId}`;
  const form = await platform.files.signUpload(fileKey, {
    contentType,
    maxBytes: MAX_DOCUMENT_BYTES,
    expiresInSeconds: UPLOAD_SECONDS,
  });
  const name = cleanName(asked.name, 'upload');
  const createdAt = platform.now().toISOString();
  const { expiresAt } = form;
  await platform.uploads.insert(workspaceId, {
    id: uploadId,
    version: 1,
    name,
    contentType,
    fileKey,
    createdAt,
    expiresAt,
  });
  return {
    uploadId,
    url: form.url,
    method: 'POST' as const,
    fields: form.fields,
    maxBytes: MAX_DOCUMENT_BYTES,
    expiresAt,
    completeUrl: `/api/v1/workspaces/${workspaceId}/documents/uploads/${uploadId}/complete`,
  };
}

/** @throws Refused 404 for an upload that is unknown, or of another workspace. */
export async function findUpload(
  platform: Pick<Platform, 'uploads'>,
  workspaceId: string,
  uploadId: string,
): Promise<UploadRecord> {
  const upload = await platform.uploads.get(workspaceId, uploadId.toLowerCase());
  if (upload === undefined) throw notFound(`Upload '${uploadId}' not found`);
  return upload;
}

/** How large, in bytes, the file is that was posted to the form. @throws Refused 409 when nothing was yet. */
export async function postedSize(
  platform: Pick<Platform, 'files'>,
  { id, fileKey }: UploadRecord,
): Promise<number> {
  const file = await platform.files.head(fileKey);
  if (file === undefined) {
    throw conflict(`Nothing was uploaded to '${id}' yet: post the file to its form, then complete it.`);
  }
  return file.size;
}
