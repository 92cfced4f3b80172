import { type Condition, compileFilters, type FilterFields, meets, type Test } from './conditions.ts';
import { parseFilters } from './filters.ts';
import { decodePosition } from './list-cursor.ts';
import type { ListQuery } from './params.ts';
import { contains, parseSearch } from './search.ts';
import { type Position, parseSort, resolveSort, type SortFields, type SortKey } from './sort.ts';

/** What a kind of list can be asked for. */
export interface ListFields<T> {
  sort: SortFields<T>;
  filters: FilterFields<T>;
  /** The texts that `q` is sought in. */
  texts(item: T): readonly string[];
}

/** A list as it was asked for, after every check. */
export interface List<T> {
  limit: number;
  includeTotal: boolean;
  sort: SortKey<T>[];
  /** The position that the page begins after. */
  after: Position | undefined;
  conditions: Condition<T>[];
  joinOperator: ListQuery['joinOperator'];
  isSearch: boolean;
  matches: Test<T>;
}

/** @throws Refused 422 with the first thing that is wrong. */
export function parseList<T>(query: ListQuery, fields: ListFields<T>, now: Date): List<T> {
  const { limit, includeTotal, joinOperator, cursor } = query;
  const sortTokens = parseSort(query.sort);
  const items = parseFilters(query.filters, now);
  const words = parseSearch(query.q);
  const sort = resolveSort(sortTokens, fields.sort);
  const conditions = compileFilters(items, fields.filters);
  const after = cursor === undefined || cursor === '' ? undefined : decodePosition(cursor, sort);
  const meetsAll = meets(conditions, joinOperator);
  const matches: Test<T> = (item) =>
    meetsAll(item) && (words.length === 0 || contains(words, fields.texts(item)));
  return {
    limit,
    includeTotal,
    sort,
    after,
    conditions,
    joinOperator,
    isSearch: words.length > 0,
    matches,
  };
}
