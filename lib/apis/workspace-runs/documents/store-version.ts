import { momentOf } from '../../../runs/ids.ts';
import { contentTypeOf } from '../../files/content-type.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import { versionKey } from '../../records/version-key.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import { assertDocumentSize } from './document-limits.ts';
import type { DocumentRecord, DocumentVersion } from './document-record.ts';
import type { CONFLICT_MODES } from './documents-contract.ts';
import { findDocument } from './find-document.ts';

export type ConflictMode = (typeof CONFLICT_MODES)[number];

export interface NewDocument {
  name: string | undefined;
  contentType: string | undefined;
  metadata: Record<string, unknown>;
  conflictMode: ConflictMode;
  content: { bytes: Uint8Array } | { uploadedTo: string; byteSize: number };
}

export const byteSizeOf = ({ content }: NewDocument): number =>
  'bytes' in content ? content.bytes.length : content.byteSize;

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
export async function insertVersion(
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

/** Each try stores a content of its own: what somebody may have read under a key never changes. */
export async function storeContent(
  platform: Platform,
  workspaceId: string,
  upload: NewDocument,
  documentId: string,
  named: Pick<DocumentRecord['current'], 'versionId' | 'filename'>,
): Promise<Omit<DocumentRecord['current'], 'no'>> {
  const contentType = contentTypeOf(upload.contentType, 'file');
  const fileKey = `${workspaceId}/documents/${documentId}/${platform.newId()}`;
  if ('bytes' in upload.content) await platform.files.put(fileKey, upload.content.bytes, { contentType });
  else await platform.files.copy(upload.content.uploadedTo, fileKey);
  const createdAt = platform.now().toISOString();
  return { ...named, contentType, byteSize: byteSizeOf(upload), fileKey, createdAt };
}
