import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Platform } from '../platform.ts';
import type { DocumentRecord } from './documents.ts';
import type { DocumentPage } from './documents-contract.ts';
import { lastRuns } from './uploads.ts';
import { toDocumentRow } from './view.ts';

const Cursor = z.strictObject({ v: z.literal(1), before: z.uuid() });

/** A page of documents that were not deleted, newest first, each with its latest run. */
export async function listPage(
  platform: Pick<Platform, 'documents' | 'runs'>,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<z.infer<typeof DocumentPage>> {
  const documents: DocumentRecord[] = [];
  let before = cursor === undefined ? undefined : decodeCursor(cursor, Cursor).before;
  do {
    const page = await platform.documents.list(workspaceId, { limit: limit + 1, before });
    documents.push(...page.records.filter((document) => document.deletedAt === undefined));
    before = page.next;
  } while (before !== undefined && documents.length <= limit);

  const shown = documents.slice(0, limit);
  const hasMore = documents.length > limit;
  const runs = await lastRuns(platform, workspaceId, shown);
  return {
    items: shown.map((document, index) => toDocumentRow(workspaceId, document, runs[index])),
    meta: {
      limit,
      hasMore,
      ...(hasMore ? { nextCursor: encodeCursor({ v: 1, before: shown.at(-1)?.id }) } : {}),
      totalIncluded: false,
      changesCursor: '0',
    },
  };
}
