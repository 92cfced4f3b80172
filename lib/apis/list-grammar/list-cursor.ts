import { encodeCursor } from '../operation/cursor.ts';
import { invalid } from '../operation/refusal.ts';
import { parseJson } from './filters.ts';
import { type Position, type SortKey, tokenOf } from './sort.ts';
import { coerce } from './values.ts';

/** A token that says after which position of which sort the next page begins. */
export function encodePosition<T>(sort: readonly SortKey<T>[], position: Position): string {
  const values = sort.flatMap(({ field }, index) => {
    const value = position[index] ?? null;
    const written =
      field.type === 'instant' && typeof value === 'number' ? new Date(value).toISOString() : value;
    return field.nullsLast === true ? [value === null ? 1 : 0, written] : [written];
  });
  return encodeCursor({ v: 1, sort: sort.map(tokenOf), values });
}

/** @throws Refused 422 for a token that is none, or one of another sort. */
export function decodePosition<T>(token: string, sort: readonly SortKey<T>[]): Position {
  const decoded = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded)) {
    throw invalid('Invalid cursor token.');
  }
  const { v, sort: tokens, values } = { ...decoded } as Record<'v' | 'sort' | 'values', unknown>;
  if (v !== 1) throw invalid('Unsupported cursor token.');
  if (!Array.isArray(tokens) || !Array.isArray(values)) throw invalid('Invalid cursor token.');
  const isSame = tokens.length === sort.length && sort.every((key, index) => tokens[index] === tokenOf(key));
  if (!isSame) throw invalid('Cursor sort does not match the requested sort.');
  const expected = sort.reduce((count, { field }) => count + (field.nullsLast === true ? 2 : 1), 0);
  if (values.length !== expected) throw invalid('Cursor values are invalid.');

  let at = 0;
  return sort.map(({ field }) => {
    const isEmpty = field.nullsLast === true ? values[at++] : 0;
    const value: unknown = values[at++];
    if (isEmpty === 1 && value === null) return null;
    const parsed = isEmpty === 0 ? coerce(value, field) : undefined;
    if (parsed === undefined || typeof parsed === 'boolean') throw invalid('Invalid cursor value.');
    return parsed;
  });
}
