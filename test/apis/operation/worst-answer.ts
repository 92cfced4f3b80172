import * as z from 'zod';
import { bytesOf } from '../../../lib/apis/operation/answer-size.ts';
import type { Operation } from '../../../lib/apis/operation/operation.ts';
import { MAX_PAGE_BYTES } from '../../../lib/apis/records/page.ts';

/**
 * What a member can be at its largest, where its schema does not say so. All bytes are those of an answer as a
 * function sends it, in which the answer's JSON is a string.
 */
export type Bound =
  /** So many characters of any kind, of which the worst takes seven bytes: `\u0001`, its backslash escaped. */
  | { text: number }
  /** So many characters of which none is a control character: a quote takes four bytes. */
  | { printable: number }
  /** So many characters that stand for themselves: ids, addresses, codes. */
  | { plain: number }
  /** A value whose own JSON has so many bytes, each of which may have to be escaped once more. */
  | { json: number }
  | { sent: number }
  /** A list of so many items. */
  | { list: number }
  /** A list that `whatFits` cuts: only a single item may be longer than a page. */
  | 'page';

export type Bounds = Readonly<Record<string, Bound>>;

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  id?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
}

/** Quotes around a text, each with its backslash. */
const QUOTES = 4;
const PER_TEXT = 7;
const PER_PRINTABLE = 4;
/** `-2.2250738585072014e-308`, and every whole number that is safe. */
const NUMBER = 24;
const FORMATS: Record<string, number> = { uuid: 36, 'date-time': 30 };

/** A schema that can grow without a bound that anybody knows. */
export class Boundless extends Error {}

/** The longest answer of an operation, in bytes; adds the names of the bounds that it needed to `used`. */
export function worstAnswer(op: Operation, bounds: Bounds, used = new Set<string>()): number {
  if (typeof op.success.body === 'string') throw new TypeError(`${op.operationId} has no JSON answer`);
  const root = z.toJSONSchema(op.success.body, { io: 'output', unrepresentable: 'any' }) as Schema;
  const limit = limitOf(op);
  return sizeOf(root, op.operationId, 0);

  function sizeOf(schema: Schema, place: string, depth: number): number {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace('#/$defs/', '');
      const named = root.$defs?.[name];
      if (named === undefined) throw new TypeError(`There is no schema ${name}`);
      return sizeOf(named, name.startsWith('__') ? place : name, depth);
    }
    const name = schema.id ?? place;
    const bound = bounds[name];
    if (bound !== undefined) {
      used.add(name);
      return bounded(bound, schema, name, depth);
    }
    if (schema.enum !== undefined) return Math.max(...schema.enum.map(bytesOf));
    if ('const' in schema) return bytesOf(schema.const);
    const ways = schema.anyOf ?? schema.oneOf;
    if (ways !== undefined) return Math.max(...ways.map((way) => sizeOf(way, name, depth)));
    const types = [schema.type].flat();
    return Math.max(...types.map((type) => typed(type, schema, name, depth)));
  }

  function typed(type: string | undefined, schema: Schema, name: string, depth: number): number {
    switch (type) {
      case 'null':
      case 'boolean':
        return 'false'.length;
      case 'number':
      case 'integer':
        return NUMBER;
      case 'string': {
        const format = schema.format === undefined ? undefined : FORMATS[schema.format];
        if (format !== undefined) return format + QUOTES;
        if (schema.maxLength !== undefined) return schema.maxLength * PER_TEXT + QUOTES;
        throw new Boundless(name);
      }
      case 'array': {
        // What a request asks for with `limit` stands in a member of the answer itself.
        const count = schema.maxItems ?? (depth === 1 ? limit : undefined);
        if (count === undefined) throw new Boundless(name);
        return listOf(count, schema, name, depth);
      }
      case 'object': {
        if (typeof schema.additionalProperties === 'object') throw new Boundless(name);
        const members = Object.entries(schema.properties ?? {});
        return members.reduce(
          (sum, [key, member]) => sum + bytesOf(key) + 2 + sizeOf(member, `${name}.${key}`, depth + 1),
          2,
        );
      }
      default:
        throw new Boundless(name);
    }
  }

  function bounded(bound: Bound, schema: Schema, name: string, depth: number): number {
    if (bound === 'page') return Math.max(MAX_PAGE_BYTES, listOf(1, schema, name, depth));
    if ('text' in bound) return bound.text * PER_TEXT + QUOTES;
    if ('printable' in bound) return bound.printable * PER_PRINTABLE + QUOTES;
    if ('plain' in bound) return bound.plain + QUOTES;
    if ('json' in bound) return bound.json * 2;
    if ('list' in bound) return listOf(bound.list, schema, name, depth);
    return bound.sent;
  }

  function listOf(count: number, schema: Schema, name: string, depth: number): number {
    const list = [schema, ...(schema.anyOf ?? [])].find(({ items }) => items !== undefined);
    if (list?.items === undefined) throw new TypeError(`${name} is no list`);
    return 2 + count * (1 + sizeOf(list.items, `${name}[]`, depth + 1));
  }
}

/** How many items a request can ask for. */
function limitOf({ input }: Operation): number | undefined {
  if (input.query === undefined) return undefined;
  const query = z.toJSONSchema(input.query, { io: 'output', unrepresentable: 'any' }) as Schema;
  const limit = query.properties?.limit as
    | { maximum?: number; 'x-shown-as'?: { maximum?: number } }
    | undefined;
  return limit?.['x-shown-as']?.maximum ?? limit?.maximum;
}
