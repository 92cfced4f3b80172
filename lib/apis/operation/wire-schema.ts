import * as z from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Marks what JSON Schema cannot say of a schema by itself; `wireSchema` reads the mark and removes it. */
export const BOTH_SPELLINGS = 'x-both-spellings';
/** What to show in place of a schema that parses text, such as a number in a query. */
export const SHOWN_AS = 'x-shown-as';

/** What callers send or are sent, as JSON Schema for an OpenAPI 3.1 document. */
export const wireSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  shown(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));

/** Every schema that has an id of its own, by that id. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'output',
  });
  // By name: the order in which files happen to be read is nobody's business.
  const byName = Object.entries(schemas).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(byName.map(([id, schema]) => [id, shown(schema)]));
}

/** Keywords whose members are names of the schema's own, not keywords. */
const NAMED = new Set(['properties', 'patternProperties', '$defs']);
/** Keywords whose value is no schema. */
const VALUES = new Set(['default', 'const', 'enum', 'examples', 'required']);
/** JSON Schema's own dialect and id say nothing inside an OpenAPI document. */
const DROPPED = new Set(['$schema', '$id', 'id', BOTH_SPELLINGS, SHOWN_AS]);

function shown(schema: JsonSchema): JsonSchema {
  const as = schema[SHOWN_AS];
  if (isSchema(as)) return { ...as, ...('default' in schema ? { default: parsed(schema.default, as) } : {}) };
  const members = Object.entries(schema).flatMap(([key, value]) =>
    DROPPED.has(key) || isSafeBound(key, value) ? [] : [[key, memberOf(key, value)]],
  );
  const rest: JsonSchema = Object.fromEntries(members);
  return schema[BOTH_SPELLINGS] === true ? inBothSpellings(rest) : rest;
}

function memberOf(key: string, value: unknown): unknown {
  if (VALUES.has(key)) return value;
  if (Array.isArray(value)) return value.map((one) => (isSchema(one) ? shown(one) : one));
  if (!isSchema(value)) return value;
  if (!NAMED.has(key)) return shown(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSchema(one) ? shown(one) : one]),
  );
}

/** One alternative for each spelling of the members, the one of our documents' examples first. */
function inBothSpellings(schema: JsonSchema): JsonSchema {
  const { properties = {}, required = [], default: otherwise, ...rest } = schema;
  const spelled = (spell: (name: string) => string) => ({
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties as JsonSchema).map(([name, member]) => [spell(name), member]),
    ),
    ...((required as string[]).length === 0 ? {} : { required: (required as string[]).map(spell) }),
  });
  const [camelCase, snakeCase] = [spelled(camel), spelled((name) => name)];
  return {
    ...(JSON.stringify(camelCase) === JSON.stringify(snakeCase)
      ? snakeCase
      : {
          anyOf: [
            { title: 'camelCase', ...camelCase },
            { title: 'snake_case', ...snakeCase },
          ],
        }),
    ...(otherwise === undefined ? {} : { default: otherwise }),
  };
}

export const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Defaults are given as the text that a query would have. */
const parsed = (text: unknown, { type }: JsonSchema): unknown =>
  type === 'string' || typeof text !== 'string' ? text : JSON.parse(text);

/** zod bounds every whole number by what a double can tell apart; nobody needs to be told. */
const isSafeBound = (key: string, value: unknown): boolean =>
  (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
  (key === 'maximum' && value === Number.MAX_SAFE_INTEGER);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
