import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../operation/cursor.ts';
import type { Records, Versioned } from '../records/ports.ts';
import { type PageMeta, toPageMeta } from './wire.ts';

const Cursor = z.strictObject({ v: z.literal(1), before: z.uuid() });

export interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

/** The id before which a page begins. @throws Refused 422 for a cursor that is not ours. */
const beforeOf = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor, Cursor).before;

/** A page of a workspace's records, the greatest id first. */
export async function recordPage<T extends Versioned>(
  records: Records<T>,
  workspaceId: string,
  { limit, cursor }: PageQuery,
): Promise<{ records: T[]; meta: PageMeta }> {
  const found = await records.list(workspaceId, { limit, before: beforeOf(cursor) });
  return { records: found.records, meta: metaOf(limit, found.next) };
}

/** The same of records that were read whole. */
export function pageAmong<T extends { id: string }>(all: readonly T[], { limit, cursor }: PageQuery) {
  const before = beforeOf(cursor);
  const rest = all
    .filter(({ id }) => before === undefined || id < before)
    .toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const records = rest.slice(0, limit);
  return { records, meta: metaOf(limit, rest.length > limit ? records.at(-1)?.id : undefined) };
}

const metaOf = (limit: number, next: string | undefined): PageMeta =>
  toPageMeta(limit, { nextCursor: next === undefined ? undefined : encodeCursor({ v: 1, before: next }) });
