import { createHash } from 'node:crypto';
import { nameKey, stemOf } from '../../files/file-names.ts';
import type { Platform } from '../../platform.ts';

type Names = Pick<Platform, 'documentNames' | 'documents' | 'now'>;

/** How long a name may be held without its document, in milliseconds: between the two writes of a create. */
const NAMING_MS = 60_000;

const nameId = (name: string): string => createHash('sha256').update(nameKey(name)).digest('base64url');

/**
 * Takes a name for a document and answers who has it then: that document, or another one. A name whose
 * document never came to be is free again; for its own document it is at once, and taken anew.
 */
export async function takeName(
  platform: Names,
  workspaceId: string,
  name: string,
  documentId: string,
): Promise<string> {
  const now = platform.now();
  const record = { id: nameId(name), version: 1, documentId, takenAt: now.toISOString() };
  for (;;) {
    if (await platform.documentNames.insert(workspaceId, record)) return documentId;
    const holder = await platform.documentNames.get(workspaceId, record.id);
    if (holder === undefined) continue;
    const document = await platform.documents.get(workspaceId, holder.documentId);
    const isHeld =
      document === undefined
        ? holder.documentId !== documentId && now.getTime() - Date.parse(holder.takenAt) < NAMING_MS
        : document.deletedAt === undefined && nameKey(document.name) === nameKey(name);
    if (isHeld) return holder.documentId;
    if (await platform.documentNames.replace(workspaceId, { ...record, version: holder.version + 1 }))
      return documentId;
  }
}

/** `note.txt` → `note (2).txt`, `note (3).txt` … whichever is free first, or the document's own already. */
export async function takeFreeName(
  platform: Names,
  workspaceId: string,
  name: string,
  documentId: string,
): Promise<string> {
  const stem = stemOf(name);
  for (let number = 2; ; number += 1) {
    const candidate = `${stem} (${number})${name.slice(stem.length)}`;
    if ((await takeName(platform, workspaceId, candidate, documentId)) === documentId) return candidate;
  }
}
