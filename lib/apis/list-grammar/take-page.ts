import { invalid, type Refused } from '../operation/refusal.ts';
import type { List } from './list.ts';
import { encodePosition } from './list-cursor.ts';
import { comparePositions, positionOf } from './sort.ts';

/**
 * The most items that one request looks at. 10,000 runs are some 12 MB: a dozen queries, two seconds on a
 * small function. A list that needs more is refused and says how to ask for less, instead of running into a
 * time-out.
 */
export const MOST_EXAMINED = 10_000;

const LARGEST_CHUNK = 1000;

/** How many items to read next: from a page on more and more, so that a rare match is not sought in crumbs. */
export const nextChunk = (chunk: number): number => Math.min(chunk * 4, LARGEST_CHUNK);

export interface Taken<T> {
  items: T[];
  nextCursor: string | undefined;
  totalCount: number | undefined;
  /** The cursor of a page that ends with this many of the items, because no more of them fit into an answer. */
  cursorAfter(count: number): string | undefined;
}

export interface Source<T> {
  /** What is listed, in the refusal's words. */
  noun: string;
  /** Set when `read` follows the sort: then the id of an item is its place. */
  order: 'newestFirst' | 'oldestFirst' | undefined;
  /** All items that may match, in the order of their ids, behind the given one. */
  read(after: string | undefined): AsyncIterable<T>;
  idOf(item: T): string;
}

/**
 * A page of what matches. When the source follows the sort, reading stops with the page; otherwise, and for
 * a total, everything is read and put in order here.
 * @throws Refused 422 when more would have to be examined than one request may.
 */
export async function takePage<T>(list: List<T>, source: Source<T>): Promise<Taken<T>> {
  const { limit, includeTotal, sort } = list;
  const isWhole = source.order === undefined || includeTotal;
  const found: T[] = [];
  let examined = 0;
  for await (const item of source.read(isWhole ? undefined : idAfter(list))) {
    examined += 1;
    if (examined > MOST_EXAMINED) throw tooMany(source, includeTotal);
    if (!list.matches(item)) continue;
    found.push(item);
    if (!isWhole && found.length > limit) break;
  }
  const rest = isWhole ? behind(list, source, found) : found;
  const items = rest.slice(0, limit);
  const cursorAfter = (count: number): string | undefined => {
    const last = items[count - 1];
    const hasMore = rest.length > count && last !== undefined;
    return hasMore ? encodePosition(sort, positionOf(sort, last)) : undefined;
  };
  return {
    items,
    nextCursor: cursorAfter(items.length),
    cursorAfter,
    totalCount: includeTotal ? found.length : undefined,
  };
}

/** The id of the last item of the page before; undefined on the first page. */
function idAfter<T>({ sort, after }: List<T>): string | undefined {
  const id = after?.[sort.findIndex(({ name }) => name === 'id')];
  return id == null ? undefined : String(id);
}

/** What stands behind the page before, in order. */
function behind<T>(list: List<T>, { order, idOf }: Source<T>, found: readonly T[]): readonly T[] {
  const { sort, after } = list;
  if (order !== undefined) {
    const id = idAfter(list);
    if (id === undefined) return found;
    return found.filter((item) => (order === 'newestFirst' ? idOf(item) < id : idOf(item) > id));
  }
  return found
    .map((item) => ({ item, at: positionOf(sort, item) }))
    .filter(({ at }) => after === undefined || comparePositions(sort, at, after) > 0)
    .sort((one, other) => comparePositions(sort, one.at, other.at))
    .map(({ item }) => item);
}

function tooMany<T>({ noun, order }: Source<T>, includeTotal: boolean): Refused {
  const ways = [
    'narrow it with a filter on createdAt',
    ...(order === undefined ? ['sort by createdAt, newest first'] : []),
    ...(includeTotal ? ['leave out includeTotal'] : []),
  ];
  return invalid(
    `This list would have to examine more than ${MOST_EXAMINED} ${noun}: ${ways.join(', or ')}.`,
  );
}
