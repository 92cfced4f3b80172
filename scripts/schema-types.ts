import { compile, type JSONSchema } from 'json-schema-to-typescript';

export type Json = Record<string, unknown>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const REFERENCE = '#/components/schemas/';

/** The name of the schema that is referred to. */
export const nameIn = ({ $ref }: Json): string | undefined =>
  typeof $ref === 'string' && $ref.startsWith(REFERENCE) ? $ref.slice(REFERENCE.length) : undefined;

/** The declaration of a schema of an OpenAPI document, as a type of TypeScript under its name. */
export const declarationOf = async (name: string, schema: Json): Promise<string> =>
  (
    await compile(typed(schema) as JSONSchema, name, {
      additionalProperties: false,
      bannerComment: '',
      format: false,
      unknownAny: true,
    })
  ).trim();

/** Keywords that a type has no words for, or that would make further types with names of their own. */
const UNSAID = new Set(['title', 'default', 'examples', '$defs', 'minItems', 'maxItems', 'propertyNames']);
/** Keywords whose members are names of the schema's own. */
const NAMED = new Set(['properties', 'patternProperties']);

/** A schema as the compiler of types wants it: other schemas by the names of their types, files as blobs. */
function typed(schema: Json): Json {
  const name = nameIn(schema);
  if (name !== undefined) return { tsType: name };
  const { description } = schema;
  if (schema.format === 'binary') return { tsType: 'Blob', description };
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) =>
      UNSAID.has(key) ? [] : [[key, typedMember(key, value)]],
    ),
  );
}

function typedMember(key: string, value: unknown): unknown {
  if (key === 'enum' || key === 'const') return value;
  if (Array.isArray(value)) return value.map((one) => (isJson(one) ? typed(one) : one));
  if (!isJson(value)) return value;
  if (!NAMED.has(key)) return typed(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isJson(one) ? typed(one) : one]),
  );
}
