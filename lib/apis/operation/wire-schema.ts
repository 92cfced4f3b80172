import * as z from 'zod';
import { withDiscriminators } from './discriminator.ts';
import { COMPONENTS, isSchema, type JsonSchema } from './json-schema.ts';
import { withNamedParts } from './named-parts.ts';

/** Marks what JSON Schema cannot say of a schema by itself; `wireSchema` reads the mark and removes it. */
export const BOTH_SPELLINGS = 'x-both-spellings';
/** What to show in place of a schema that parses text, such as a number in a query. */
export const SHOWN_AS = 'x-shown-as';
/** A member that says what another one says under a second name: it is sent and taken, and not shown. */
export const SECOND_NAME = 'x-second-name';

/**
 * The greatest whole number that callers are promised to be let send where nothing bounds it: what the whole
 * numbers of every client hold. No count here goes further.
 */
export const MOST_SHOWN = 2_147_483_647;

/** How the names of an object that takes both spellings are shown. */
export type Spelling = 'camelCase' | 'snake_case';

/** What callers send or are sent, as JSON Schema for an OpenAPI 3.1 document. */
export const wireSchema = (
  schema: z.ZodType,
  io: 'input' | 'output',
  spelling: Spelling = 'camelCase',
): JsonSchema =>
  shown(
    z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        if (io === 'input' && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) jsonSchema.maximum = MOST_SHOWN;
      },
    }),
    spelling,
  );

/** Every schema that has an id of its own, by that id, as it is answered. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `${COMPONENTS}${id}`,
    io: 'output',
  });
  return withDiscriminators(
    withNamedParts(
      Object.fromEntries(
        // By name: the order in which files happen to be read is nobody's business.
        Object.entries(schemas)
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([id, schema]) => [id, shown(schema, 'camelCase')]),
      ),
    ),
  );
}

/** Keywords whose members are names of the schema's own, not keywords. */
const NAMED = new Set(['properties', 'patternProperties']);
/** Keywords whose value is no schema. */
const VALUES = new Set(['const', 'enum', 'examples', 'required']);
/**
 * JSON Schema's own dialect and id say nothing inside an OpenAPI document, where schemas with an id are
 * components. A default is shown if it is no object or list: generators make code of it that does not compile.
 */
const DROPPED = new Set(['$schema', '$id', '$defs', 'id', BOTH_SPELLINGS, SHOWN_AS]);

function shown(schema: JsonSchema, spelling: Spelling): JsonSchema {
  const as = schema[SHOWN_AS];
  if (isSchema(as)) return { ...as, ...('default' in schema ? { default: parsed(schema.default, as) } : {}) };
  const members = Object.entries(schema).flatMap(([key, value]) =>
    DROPPED.has(key) ||
    isSafeBound(key, value) ||
    (key === 'default' && typeof value === 'object') ||
    // A format says what zod's pattern for it says, and there are generators that make code of one or the other.
    (key === 'pattern' && 'format' in schema)
      ? []
      : [[key, memberOf(key, value, spelling)]],
  );
  const rest = withOneNameEach(withoutMaps(nullable(Object.fromEntries(members))));
  return schema[BOTH_SPELLINGS] === true && spelling === 'camelCase' ? inCamelCase(rest) : rest;
}

function memberOf(key: string, value: unknown, spelling: Spelling): unknown {
  if (VALUES.has(key)) return value;
  if (key === '$ref' && typeof value === 'string') return value.replace('#/$defs/', COMPONENTS);
  if (Array.isArray(value)) return value.map((one) => (isSchema(one) ? shown(one, spelling) : one));
  if (!isSchema(value)) return value;
  // A map of anything: generators know `true`, and have no type for the empty schema.
  if (key === 'additionalProperties' && Object.keys(value).length === 0) return true;
  if (!NAMED.has(key)) return shown(value, spelling);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, memberSchema(one, spelling)]));
}

function memberSchema(schema: unknown, spelling: Spelling): unknown {
  if (!isSchema(schema)) return schema;
  const { [SECOND_NAME]: isSecond, ...rest } = schema;
  return { ...shown(rest, spelling), ...(isSecond === true ? { [SECOND_NAME]: true } : {}) };
}

/**
 * Without the members that are second names. A closed object that has some says of which types they are, since
 * it has more than it shows and clients refuse what they do not know.
 */
function withOneNameEach(schema: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = schema;
  if (!isSchema(properties)) return schema;
  const isShown = (name: string): boolean => (properties[name] as JsonSchema)[SECOND_NAME] !== true;
  const names = Object.keys(properties).filter(isShown);
  const seconds = Object.values(properties as Record<string, JsonSchema>).filter(
    (one) => one[SECOND_NAME] === true,
  );
  const types = [...new Set(seconds.flatMap(({ type }) => type))];
  const needed = ((required ?? []) as string[]).filter(
    (name) =>
      isShown(name) && (!isOvertaxing(properties[name], types.length > 0) || hasName(name) in properties),
  );
  return {
    ...rest,
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(types.length === 0 || rest.additionalProperties !== false
      ? {}
      : { additionalProperties: { type: types } }),
  };
}

/**
 * Whether a member is shown as one that need not be there, because it may be null: generated clients read a
 * list or an object that must be there without asking whether it is null, and in an open object anything.
 */
function isOvertaxing(schema: unknown, inOpen: boolean): boolean {
  if (!isSchema(schema)) return false;
  const { type, oneOf } = schema;
  if (Array.isArray(oneOf)) return oneOf.some((one: JsonSchema) => one.type === 'null');
  return Array.isArray(type) && type.includes('null') && (inOpen || !isScalar(type));
}

/** What Go's clients call the method that says whether a member is there that need not be; none may be called so. */
const hasName = (name: string): string => `has${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const isScalar = (types: readonly unknown[]): boolean =>
  !types.includes('array') && !types.includes('object');

/**
 * Null as one of the types of a schema, which every generator understands, where zod has it as an
 * alternative. A map that may be null is shown as a map: there are generators that have no words for it.
 */
function nullable(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const [one, ...others] = anyOf.filter((branch: JsonSchema) => branch.type !== 'null') as JsonSchema[];
  if (anyOf.length !== 2 || one === undefined || others.length > 0) return schema;
  // Of `anyOf` the generators would make a class for nothing.
  if (typeof one.type !== 'string') return { ...rest, oneOf: anyOf };
  if (one.type === 'object' && one.properties === undefined) return { ...one, ...rest };
  return {
    ...one,
    ...rest,
    type: [one.type, 'null'],
    ...(Array.isArray(one.enum) ? { enum: [...one.enum, null] } : {}),
  };
}

/** Of an object without a pattern, here that of every name, TypeScript's clients think that it has no members. */
const ANY_OBJECT = { type: 'object', patternProperties: { '^': {} } };

/**
 * A map of anything among alternatives is shown as any object: Java's clients do not compile with a map there, and
 * those of `typescript-fetch` send nothing in its place if the alternatives are exclusive.
 */
function withoutMaps(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const isMap = ({ type, properties, additionalProperties }: JsonSchema): boolean =>
    type === 'object' && properties === undefined && additionalProperties === true;
  return { ...rest, anyOf: anyOf.map((one: JsonSchema) => (isMap(one) ? ANY_OBJECT : one)) };
}

/** An object that takes both spellings, in the one of our documents' examples. */
function inCamelCase(schema: JsonSchema): JsonSchema {
  const { properties = {}, required, ...rest } = schema;
  const names = Object.keys(properties as JsonSchema);
  if (names.every((name) => camel(name) === name)) return schema;
  return {
    description: 'Names may also be spelled in snake_case.',
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties as JsonSchema).map(([name, member]) => [camel(name), member]),
    ),
    ...(required === undefined ? {} : { required: (required as string[]).map(camel) }),
  };
}

export const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Defaults are given as the text that a query would have. */
const parsed = (text: unknown, { type }: JsonSchema): unknown =>
  type === 'string' || typeof text !== 'string' ? text : JSON.parse(text);

/** zod bounds every whole number by what a double can tell apart; who reads one need not be told. */
const isSafeBound = (key: string, value: unknown): boolean =>
  (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
  (key === 'maximum' && value === Number.MAX_SAFE_INTEGER);
