import { bytesOf } from '../operation/answer-size.ts';

/**
 * What the items of one page may take of an answer, in bytes: the rest of what a function can answer with is
 * left to what stands around them.
 */
export const MAX_PAGE_BYTES = 5_000_000;

/**
 * The first of the items that fit into one answer, each made from what was found, so many at a time. At least
 * one, so that a list goes on: a page that comes back short has a cursor, and only an item that is an answer of
 * its own may take more than a page.
 */
export async function whatFits<Found, Item>(
  found: readonly Found[],
  make: (one: Found) => Item | Promise<Item>,
  concurrency = found.length,
): Promise<Item[]> {
  const items: Item[] = [];
  let bytes = 0;
  for (let at = 0; at < found.length; at += concurrency) {
    for (const item of await Promise.all(found.slice(at, at + concurrency).map(make))) {
      bytes += bytesOf(item) + 1;
      if (bytes > MAX_PAGE_BYTES && items.length > 0) return items;
      items.push(item);
    }
  }
  return items;
}
