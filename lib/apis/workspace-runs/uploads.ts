import { createHash } from 'node:crypto';
import { momentOf } from '../../runs/ids.ts';
import type { Run } from '../../runs/run.ts';
import type { Platform } from '../platform.ts';
import { conflict, notFound, Refused } from '../refusal.ts';
import { update } from '../update.ts';
import type { Caller } from '../workspaces.ts';
import { type DocumentRecord, documentVersionKey, type UploadRecord } from './documents.ts';
import type { CONFLICT_MODES } from './documents-contract.ts';
import { cleanName, nameKey, stemOf } from './file-names.ts';

/** The documented limit of a document, whichever way it comes: 25 MiB. */
export const MAX_DOCUMENT_BYTES = 26_214_400;

/** How long a form for a direct upload is good for, in seconds: time to post 25 MiB over a slow line. */
const UPLOAD_SECONDS = 3600;

/** How long a name may be held without its document, in milliseconds: between the two writes of a create. */
const NAMING_MS = 60_000;

export type ConflictMode = (typeof CONFLICT_MODES)[number];

export interface NewDocument {
  name: string | undefined;
  contentType: string | undefined;
  metadata: Record<string, unknown>;
  conflictMode: ConflictMode;
  content: { bytes: Uint8Array } | { uploadedTo: string; byteSize: number };
}

const byteSizeOf = ({ content }: NewDocument): number =>
  'bytes' in content ? content.bytes.length : content.byteSize;

/** @throws Refused 413 with both numbers. */
export function assertDocumentSize(byteSize: number): void {
  if (byteSize <= MAX_DOCUMENT_BYTES) return;
  throw new Refused({
    category: 'too_large',
    message: `Uploaded file is ${grouped(byteSize)} bytes which exceeds the allowed maximum of ${grouped(MAX_DOCUMENT_BYTES)} bytes.`,
  });
}

/**
 * What a request can carry whole is less than a document may have where a gateway stands before us.
 * @throws Refused 413 that says where to send it instead.
 */
export function assertRequestSize(byteSize: number, requestBytes: number, path: string): void {
  if (byteSize <= requestBytes || byteSize > MAX_DOCUMENT_BYTES) return;
  throw new Refused({
    category: 'too_large',
    message: `Uploaded file is ${grouped(byteSize)} bytes; one request takes ${grouped(requestBytes)} bytes. Ask POST ${path}/uploads for a form that takes up to ${grouped(MAX_DOCUMENT_BYTES)} bytes.`,
  });
}

const grouped = (count: number): string => count.toLocaleString('en-US');

/**
 * Stores an uploaded document: the content first, then its name, then the record, so that an interrupted
 * upload leaves nothing that anybody can see.
 * @throws Refused 409 when the name is in use and `conflictMode` is `reject`, 413 when it is too large.
 */
export async function createDocument(
  platform: Platform,
  caller: Caller,
  upload: NewDocument,
): Promise<DocumentRecord> {
  assertDocumentSize(byteSizeOf(upload));
  const name = cleanName(upload.name, 'upload');
  const documentId = platform.newId();
  const taken = await takeName(platform, caller.workspaceId, name, documentId);
  if (taken === 'free') return insertDocument(platform, caller, upload, documentId, name);
  if (upload.conflictMode === 'upload_new_version')
    return addVersion(platform, caller, upload, taken.documentId, name);
  if (upload.conflictMode === 'reject') {
    throw conflict(`Document name '${name}' is already in use (document '${taken.documentId}').`);
  }
  return insertDocument(
    platform,
    caller,
    upload,
    documentId,
    await takeFreeName(platform, caller.workspaceId, name, documentId),
  );
}

const nameId = (name: string): string => createHash('sha256').update(nameKey(name)).digest('base64url');

/** Takes a name for a document, or says who has it. A name whose document never came to be is free again. */
async function takeName(
  platform: Platform,
  workspaceId: string,
  name: string,
  documentId: string,
): Promise<'free' | { documentId: string }> {
  const now = platform.now();
  const record = { id: nameId(name), version: 1, documentId, takenAt: now.toISOString() };
  for (;;) {
    if (await platform.documentNames.insert(workspaceId, record)) return 'free';
    const holder = await platform.documentNames.get(workspaceId, record.id);
    if (holder === undefined) continue;
    const document = await platform.documents.get(workspaceId, holder.documentId);
    const isHeld =
      document === undefined
        ? now.getTime() - Date.parse(holder.takenAt) < NAMING_MS
        : document.deletedAt === undefined && nameKey(document.name) === nameKey(name);
    if (isHeld) return { documentId: holder.documentId };
    if (await platform.documentNames.replace(workspaceId, { ...record, version: holder.version + 1 }))
      return 'free';
  }
}

/** `note.txt` → `note (2).txt`, `note (3).txt` … whichever is free first. */
async function takeFreeName(
  platform: Platform,
  workspaceId: string,
  name: string,
  documentId: string,
): Promise<string> {
  const stem = stemOf(name);
  for (let number = 2; ; number += 1) {
    const candidate = `${stem} (${number})${name.slice(stem.length)}`;
    if ((await takeName(platform, workspaceId, candidate, documentId)) === 'free') return candidate;
  }
}

async function storeContent(
  platform: Platform,
  workspaceId: string,
  upload: NewDocument,
  documentId: string,
  no: number,
  name: string,
): Promise<DocumentRecord['current']> {
  const versionId = platform.newId();
  const contentType = upload.contentType?.trim() || 'application/octet-stream';
  const fileKey = `${workspaceId}/documents/${documentId}/${versionId}`;
  if ('bytes' in upload.content) await platform.files.put(fileKey, upload.content.bytes, { contentType });
  else await platform.files.copy(upload.content.uploadedTo, fileKey);
  const createdAt = platform.now().toISOString();
  return { versionId, no, filename: name, contentType, byteSize: byteSizeOf(upload), fileKey, createdAt };
}

async function insertDocument(
  platform: Platform,
  caller: Caller,
  upload: NewDocument,
  documentId: string,
  name: string,
): Promise<DocumentRecord> {
  const { workspaceId } = caller;
  const current = await storeContent(platform, workspaceId, upload, documentId, 1, name);
  await platform.documentVersions.insert(workspaceId, {
    ...current,
    id: documentVersionKey(documentId, 1),
    version: 1,
  });
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
  await platform.documents.insert(workspaceId, document);
  return document;
}

/** Metadata that comes with a version replaces the document's. @throws Refused 404 when the document is gone. */
export async function addVersion(
  platform: Platform,
  caller: Pick<Caller, 'workspaceId'>,
  upload: NewDocument,
  documentId: string,
  name: string,
): Promise<DocumentRecord> {
  const { workspaceId } = caller;
  assertDocumentSize(byteSizeOf(upload));
  for (let no: number | undefined; ; ) {
    const document = await findDocument(platform, workspaceId, documentId);
    no = (no ?? document.current.no) + 1;
    const current = await storeContent(platform, workspaceId, upload, documentId, no, name);
    const version = { ...current, id: documentVersionKey(documentId, no), version: 1 };
    // The number is taken by whoever writes its record first; the loser takes the next one.
    if (!(await platform.documentVersions.insert(workspaceId, version))) {
      await platform.files.remove(current.fileKey);
      continue;
    }
    const updated = await update(platform.documents, workspaceId, documentId, (record) =>
      record.current.no > current.no
        ? undefined
        : {
            ...record,
            current,
            updatedAt: current.createdAt,
            ...(Object.keys(upload.metadata).length === 0 ? {} : { metadata: upload.metadata }),
          },
    );
    return updated ?? document;
  }
}

/** @throws Refused 404 for a document that is unknown, deleted or of another workspace. */
export async function findDocument(
  platform: Pick<Platform, 'documents'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentRecord> {
  const document = await platform.documents.get(workspaceId, documentId.toLowerCase());
  if (document === undefined || document.deletedAt !== undefined)
    throw notFound(`Document '${documentId}' not found`);
  return document;
}

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

/** The latest run of each document, in one go. */
export const lastRuns = (
  platform: Pick<Platform, 'runs'>,
  workspaceId: string,
  documents: readonly DocumentRecord[],
): Promise<(Run | undefined)[]> =>
  Promise.all(
    documents.map(({ lastRunId }) =>
      lastRunId === undefined
        ? undefined
        : platform.runs.get({ workspaceId, kind: 'document', runId: lastRunId }),
    ),
  );

/** A form that takes a document straight to the file store. */
export async function createUpload(
  platform: Pick<Platform, 'uploads' | 'files' | 'now' | 'newId'>,
  workspaceId: string,
  asked: { name: string; content_type?: string | undefined },
) {
  const uploadId = platform.newId();
  const contentType = asked.content_type?.trim() || 'application/octet-stream';
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

/** @throws Refused 404 for an unknown upload, 409 when nothing was posted to its form yet. */
export async function findUploaded(
  platform: Pick<Platform, 'uploads' | 'files'>,
  workspaceId: string,
  uploadId: string,
): Promise<UploadRecord & { byteSize: number }> {
  const upload = await platform.uploads.get(workspaceId, uploadId.toLowerCase());
  if (upload === undefined) throw notFound(`Upload '${uploadId}' not found`);
  const file = await platform.files.head(upload.fileKey);
  if (file === undefined) {
    throw conflict(`Nothing was uploaded to '${uploadId}' yet: post the file to its form, then complete it.`);
  }
  return { ...upload, byteSize: file.size };
}
