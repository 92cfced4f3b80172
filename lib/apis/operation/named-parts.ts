import { COMPONENTS, isSchema, type JsonSchema } from './json-schema.ts';

type Schemas = Record<string, JsonSchema>;

/**
 * Components whose objects within are components too, named after where they were found. Generators make
 * better code of them: without names some forget which members of the whole may be null.
 * @throws TypeError when the name is that of another schema already; the one within needs an id of its own.
 */
export function withNamedParts(schemas: Schemas): Schemas {
  const parts: Schemas = {};
  const names = new Map<string, string>();

  const nameFor = (part: JsonSchema, wanted: string): string => {
    const text = JSON.stringify(part);
    const known = names.get(text);
    if (known !== undefined) return known;
    if (wanted in schemas || wanted in parts)
      throw new TypeError(`Two schemas would be called ${wanted}: give the one within another an id`);
    names.set(text, wanted);
    parts[wanted] = part;
    return wanted;
  };
  /** What is found at a place within a component: itself, or a reference if it is an object. */
  const within = (schema: unknown, place: string): unknown => {
    if (!isSchema(schema)) return schema;
    const types = [schema.type].flat();
    if (!types.includes('object') || !isSchema(schema.properties)) return whole(schema, place);
    const ref = { $ref: `${COMPONENTS}${nameFor({ ...whole(schema, place), type: 'object' }, place)}` };
    return types.includes('null') ? { oneOf: [ref, { type: 'null' }] } : ref;
  };
  const whole = (schema: JsonSchema, name: string): JsonSchema => ({
    ...schema,
    ...(isSchema(schema.properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([key, one]) => [key, within(one, name + pascal(key))]),
          ),
        }
      : {}),
    ...('items' in schema ? { items: within(schema.items, `${name}Item`) } : {}),
    ...('additionalProperties' in schema
      ? { additionalProperties: within(schema.additionalProperties, `${name}Value`) }
      : {}),
  });

  const wholes = Object.entries(schemas).map(([name, schema]) => [name, whole(schema, name)] as const);
  return Object.fromEntries(
    [...wholes, ...Object.entries(parts)].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

const pascal = (name: string): string =>
  name.replace(/(^|_)[a-z]/g, (start) => start.slice(-1).toUpperCase());
