import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../operation/cursor.ts';
import { whatFits } from '../records/page.ts';

/** The id of the last item of the page before. */
const Cursor = z.strictObject({ v: z.literal(1), after: z.string().min(1).max(200) });

export interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** The id after which a page begins; undefined for the first one. @throws Refused for a cursor that is not ours. */
export const pageAfter = ({ cursor }: PageQuery): string | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor, Cursor).after;

export const toPage = <Item>(items: Item[], next: string | undefined): Page<Item> => ({
  items,
  nextCursor: next === undefined ? null : encodeCursor({ v: 1, after: next }),
});

/** The same of items that may be long: a page of those that fit into an answer. */
export async function toFittingPage<Found extends { id: string }, Item>(
  found: readonly Found[],
  next: string | undefined,
  make: (one: Found) => Item,
): Promise<Page<Item>> {
  const items = await whatFits(found, make);
  return toPage(items, items.length < found.length ? found[items.length - 1]?.id : next);
}
