import { invalid } from '../operation/refusal.ts';
import type { Page } from './wire.ts';

/** A stretch of ids in one direction; both ends are excluded. */
export interface Stretch {
  limit: number;
  order: 'newestFirst' | 'oldestFirst';
  before?: string | undefined;
  after?: string | undefined;
}

/** A page, and the cursors to those beside it, which are ids of what is listed. */
export interface Paged<T> {
  items: T[];
  paging: {
    hasMore: boolean;
    limit: number;
    nextCursor: string | null;
    previousCursor: string | null;
    order: 'asc' | 'desc';
  };
}

export interface Listing<T extends { id: string }> {
  list(stretch: Stretch): Promise<{ items: T[]; hasMore: boolean }>;
  toWire(id: string): string;
  fromWire(text: string): string | undefined;
}

/**
 * A page in either order, after the cursor or just before it. `hasMore` tells whether there is more in the
 * direction that was asked for.
 * @throws Refused 400 for a cursor that is no id of what is listed, and for two of them.
 */
export async function pageOf<T extends { id: string }>(
  { limit, order, after, before }: Page,
  { list, toWire, fromWire }: Listing<T>,
): Promise<Paged<T>> {
  if (after !== undefined && before !== undefined) throw refuse('after', 'Use either after or before.');
  const from = boundOf('after', after, fromWire) ?? boundOf('before', before, fromWire);
  // The items before a cursor are read backwards from it, and turned round.
  const isBackward = before !== undefined;
  const isNewestFirst = (order === 'desc') !== isBackward;
  const found = await list({
    limit,
    order: isNewestFirst ? 'newestFirst' : 'oldestFirst',
    ...(from === undefined ? {} : isNewestFirst ? { before: from } : { after: from }),
  });
  const items = isBackward ? found.items.toReversed() : found.items;
  const [first, last] = [items.at(0), items.at(-1)];
  const hasNext = isBackward ? true : found.hasMore;
  const hasPrevious = isBackward ? found.hasMore : after !== undefined;
  return {
    items,
    paging: {
      hasMore: found.hasMore,
      limit,
      nextCursor: hasNext && last !== undefined ? toWire(last.id) : null,
      previousCursor: hasPrevious && first !== undefined ? toWire(first.id) : null,
      order,
    },
  };
}

function boundOf(
  name: 'after' | 'before',
  cursor: string | undefined,
  fromWire: (text: string) => string | undefined,
): string | undefined {
  if (cursor === undefined) return undefined;
  const id = fromWire(cursor);
  if (id === undefined) throw refuse(name, `The value '${cursor}' is not valid.`);
  return id;
}

const refuse = (path: string, message: string) => invalid(message, [{ path, message }]);
