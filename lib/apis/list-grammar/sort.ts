import { invalid } from '../operation/refusal.ts';
import { parseJson } from './filters.ts';
import type { Typed } from './values.ts';

const MOST_FIELDS = 3;

/** What a list can be ordered by. */
export interface SortField<T> extends Typed {
  /** Undefined stands last, in both directions; only for fields that say so. */
  nullsLast?: boolean;
  of(item: T): string | number | undefined;
}
export type SortFields<T> = Readonly<Record<string, SortField<T>>>;

export interface SortKey<T> {
  name: string;
  descending: boolean;
  field: SortField<T>;
}

/** Where an item stands in a sort: a value per key, null where it has none. */
export type Position = readonly (string | number | null)[];

/** Fields by name, descending ones with a minus before it. @throws Refused 422. */
export function parseSort(raw: string | undefined): string[] {
  const text = raw?.trim() ?? '';
  if (text === '') return [];
  const decoded = parseJson(text);
  if (decoded === undefined) throw invalid('sort must be valid JSON');
  const items = typeof decoded === 'object' && decoded !== null ? [decoded].flat() : undefined;
  if (items === undefined) throw invalid('sort must be a JSON array');
  const tokens = [...new Set(items.map(toToken).filter((token) => token !== ''))];
  if (tokens.length > MOST_FIELDS) throw invalid(`Too many sort fields (max ${MOST_FIELDS}).`);
  return tokens;
}

function toToken(item: unknown, index: number): string {
  if (typeof item === 'string') return item.trim();
  const nth = `Sort #${index + 1}`;
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw invalid(`${nth} must be an object`);
  }
  const { id, desc = false } = { ...item } as { id?: unknown; desc?: unknown };
  if (typeof id !== 'string' || id.trim() === '') throw invalid(`${nth} must include a non-empty 'id'`);
  if (typeof desc !== 'boolean') throw invalid(`${nth} 'desc' must be a boolean`);
  return `${desc ? '-' : ''}${id.trim()}`;
}

/**
 * The keys of a sort, newest first when nothing is asked. The id, in the direction of the first key, tells
 * apart what is equal in all others.
 * @throws Refused 422 for a field that the list is not ordered by.
 */
export function resolveSort<T>(tokens: readonly string[], fields: SortFields<T>): SortKey<T>[] {
  const keys = (tokens.length === 0 ? ['-createdAt'] : tokens).map((token) => keyOf(token, fields));
  if (keys.some(({ name }) => name === 'id')) return keys;
  return [...keys, keyOf(keys[0]?.descending === true ? '-id' : 'id', fields)];
}

function keyOf<T>(token: string, fields: SortFields<T>): SortKey<T> {
  const descending = token.startsWith('-');
  const name = descending ? token.slice(1) : token;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) {
    throw invalid(`Unsupported sort field '${name}'. Allowed: ${Object.keys(fields).sort().join(', ')}`);
  }
  return { name, descending, field };
}

export const tokenOf = ({ name, descending }: Pick<SortKey<unknown>, 'name' | 'descending'>): string =>
  descending ? `-${name}` : name;

export const positionOf = <T>(sort: readonly SortKey<T>[], item: T): Position =>
  sort.map(({ field }) => field.of(item) ?? null);

/** Negative when `one` stands first. Text is compared by its UTF-16 code units. */
export function comparePositions<T>(sort: readonly SortKey<T>[], one: Position, other: Position): number {
  for (const [index, { descending }] of sort.entries()) {
    const [a = null, b = null] = [one[index], other[index]];
    if (a === b) continue;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b === descending ? 1 : -1;
  }
  return 0;
}

/**
 * Whether this is the order of the ids, and in which direction. Ids begin with the moment when what they name was
 * planned, which is its creation to lists, and differ within it: ordering by `createdAt` and then by id in the same
 * direction is ordering by id.
 */
export function idOrder<T>([first, second]: readonly SortKey<T>[]):
  | 'newestFirst'
  | 'oldestFirst'
  | undefined {
  const byId = first?.name === 'id' ? first : undefined;
  const byAge =
    first?.name === 'createdAt' && second?.name === 'id' && second.descending === first.descending
      ? first
      : undefined;
  const key = byId ?? byAge;
  return key === undefined ? undefined : key.descending ? 'newestFirst' : 'oldestFirst';
}
