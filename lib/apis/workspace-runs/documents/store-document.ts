import { momentOf } from '../../../runs/ids.ts';
import type { Run } from '../../../runs/run.ts';
import { cleanName } from '../../files/file-names.ts';
import { conflict, notFound, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { derivedId } from '../../records/derived-id.ts';
import { update } from '../../records/update.ts';
import { versionKey } from '../../records/version-key.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import { takeFreeName, takeName } from './document-names.ts';
import type { DocumentRecord, DocumentVersion } from './document-record.ts';
import type { CONFLICT_MODES } from './documents-contract.ts';

/** The documented limit of a document, whichever way it comes: 25 MiB. */
export const MAX_DOCUMENT_BYTES = 26_214_400;

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
): Promise<DocumentRecord> {
  assertDocumentSize(byteSizeOf(upload));
  const { workspaceId } = caller;
  const name = cleanName(upload.name, 'upload');
  const holder = await takeName(platform, workspaceId, name, documentId);
  if (holder === documentId) return insertDocument(platform, caller, upload, documentId, name);
  // An earlier try may have made the document under another name, or it was deleted and lost its name.
  const made = await platform.documents.get(workspaceId, documentId);
  if (made !== undefined) return assertThere(made, documentId);
  if (upload.conflictMode === 'upload_new_version')
    return addVersion(platform, caller, upload, holder, name, versionIdOf(documentId));
  if (upload.conflictMode === 'reject') {
    throw conflict(`Document name '${name}' is already in use (document '${holder}').`);
  }
  const freeName = await takeFreeName(platform, workspaceId, name, documentId);
  return insertDocument(platform, caller, upload, documentId, freeName);
}

/** The version that an upload makes, whether it is the first of its own document or the next of another. */
const versionIdOf = (documentId: string): string => derivedId(documentId, 'version');

/** Each try stores a content of its own: what somebody may have read under a key never changes. */
async function storeContent(
  platform: Platform,
  workspaceId: string,
  upload: NewDocument,
  documentId: string,
  named: Pick<DocumentRecord['current'], 'versionId' | 'filename'>,
): Promise<Omit<DocumentRecord['current'], 'no'>> {
  const contentType = upload.contentType?.trim() || 'application/octet-stream';
  const fileKey = `${workspaceId}/documents/${documentId}/${platform.newId()}`;
  if ('bytes' in upload.content) await platform.files.put(fileKey, upload.content.bytes, { contentType });
  else await platform.files.copy(upload.content.uploadedTo, fileKey);
  const createdAt = platform.now().toISOString();
  return { ...named, contentType, byteSize: byteSizeOf(upload), fileKey, createdAt };
}

async function insertDocument(
  platform: Platform,
  caller: Caller,
  upload: NewDocument,
  documentId: string,
  name: string,
): Promise<DocumentRecord> {
  const { workspaceId } = caller;
  const named = { versionId: versionIdOf(documentId), filename: name };
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

/**
 * Metadata that comes with a version replaces the document's. Repeated with its version id, it is the same
 * version.
 * @throws Refused 404 when the document is gone.
 */
export async function addVersion(
  platform: Platform,
  caller: Pick<Caller, 'workspaceId'>,
  upload: NewDocument,
  documentId: string,
  name: string,
  versionId = platform.newId(),
): Promise<DocumentRecord> {
  const { workspaceId } = caller;
  assertDocumentSize(byteSizeOf(upload));
  const document = await findDocument(platform, workspaceId, documentId);
  const current =
    (await versionMade(platform, workspaceId, document, versionId)) ??
    (await nextVersion(platform, workspaceId, upload, document, { versionId, filename: name }));
  const { metadata } = upload;
  const described = Object.keys(metadata).length === 0 ? {} : { metadata };
  const updated = await update(platform.documents, workspaceId, documentId, (record) =>
    record.current.no >= current.no
      ? undefined
      : { ...record, current, updatedAt: current.createdAt, ...described },
  );
  return updated ?? document;
}

async function nextVersion(
  platform: Platform,
  workspaceId: string,
  upload: NewDocument,
  { id, current }: DocumentRecord,
  named: Pick<DocumentRecord['current'], 'versionId' | 'filename'>,
): Promise<DocumentRecord['current']> {
  const stored = await storeContent(platform, workspaceId, upload, id, named);
  return insertVersion(platform, workspaceId, id, current.no + 1, stored);
}

/**
 * Takes a number for a version: from `first` on, below which all are taken, the first one that is free.
 * Whoever writes a number's record has it. Answers with the version of this id, whichever try wrote it.
 */
async function insertVersion(
  platform: Platform,
  workspaceId: string,
  documentId: string,
  first: number,
  stored: Omit<DocumentRecord['current'], 'no'>,
): Promise<DocumentRecord['current']> {
  for (let no = first; ; no += 1) {
    const id = versionKey(documentId, no);
    if (await platform.documentVersions.insert(workspaceId, { ...stored, no, id, version: 1 }))
      return { ...stored, no };
    const standing = await platform.documentVersions.get(workspaceId, id);
    if (standing?.versionId !== stored.versionId) continue;
    await platform.files.remove(stored.fileKey);
    return withoutKey(standing);
  }
}

const withoutKey = ({ id: _id, version: _version, ...version }: DocumentVersion): DocumentRecord['current'] =>
  version;

/** How far the clocks of two functions may be apart, in milliseconds: far more than they are. */
const SKEW_MS = 60_000;
/** Versions that are looked at in one go; more than one is rare. */
const LOOKED_AT = 20;

/**
 * The version that an earlier try made, if the document had it when it was read; one that comes later has a
 * number that `insertVersion` comes upon. A version is not older than its id, so older ones need no look.
 */
async function versionMade(
  platform: Pick<Platform, 'documentVersions'>,
  workspaceId: string,
  { id, current }: DocumentRecord,
  versionId: string,
): Promise<DocumentRecord['current'] | undefined> {
  const since = (momentOf(versionId)?.getTime() ?? 0) - SKEW_MS;
  const isOlder = ({ createdAt }: DocumentRecord['current']) => Date.parse(createdAt) < since;
  if (isOlder(current)) return undefined;
  for (let before: string | undefined; ; ) {
    const page = { prefix: `${id}#`, limit: LOOKED_AT, before };
    const { records, next } = await platform.documentVersions.list(workspaceId, page);
    const made = records.find((record) => record.versionId === versionId);
    if (made !== undefined) return withoutKey(made);
    if (next === undefined || records.some(isOlder)) return undefined;
    before = next;
  }
}

/** @throws Refused 404 for a document that is unknown, deleted or of another workspace. */
export async function findDocument(
  platform: Pick<Platform, 'documents'>,
  workspaceId: string,
  documentId: string,
): Promise<DocumentRecord> {
  return assertThere(await platform.documents.get(workspaceId, documentId.toLowerCase()), documentId);
}

function assertThere(document: DocumentRecord | undefined, documentId: string): DocumentRecord {
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
