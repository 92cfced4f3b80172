import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';

/**
 * The next number of the document's one output file, taken by the output with this id; deleted documents
 * count on. The id is written too, because a store takes two equal writes for one that was repeated, and
 * because an output that asks again keeps the number it took last.
 */
export async function nextOutputVersion(
  platform: Pick<Platform, 'documents'>,
  workspaceId: string,
  documentId: string,
  outputId: string,
): Promise<number> {
  const counted = await update(platform.documents, workspaceId, documentId, (document) =>
    document.latestOutputId === outputId
      ? undefined
      : { ...document, outputVersions: document.outputVersions + 1, latestOutputId: outputId },
  );
  return counted?.outputVersions ?? 1;
}
