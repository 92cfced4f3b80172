import { COMPONENTS, isSchema, type JsonSchema } from './json-schema.ts';

type Schemas = Record<string, JsonSchema>;

/**
 * Components that are one of several others, each of which has a constant of its own in the same member, name that
 * member: a client then reads which of them it has, where some would take the first that has all it must have.
 */
export const withDiscriminators = (schemas: Schemas): Schemas =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const discriminator = discriminatorOf(schema, schemas);
      return [name, discriminator === undefined ? schema : { ...schema, discriminator }];
    }),
  );

function discriminatorOf({ oneOf }: JsonSchema, schemas: Schemas): JsonSchema | undefined {
  if (!Array.isArray(oneOf) || !oneOf.every((one) => isSchema(one) && typeof one.$ref === 'string'))
    return undefined;
  const refs = oneOf.map(({ $ref }: { $ref: string }) => $ref);
  const [first = {}, ...others] = refs.map((ref) => constantsOf(schemas[ref.slice(COMPONENTS.length)]));
  const propertyName = Object.keys(first).find((name) => others.every((one) => name in one));
  if (propertyName === undefined) return undefined;
  const values = [first, ...others].map((one) => one[propertyName] ?? '');
  if (new Set(values).size < refs.length) return undefined;
  return { propertyName, mapping: Object.fromEntries(values.map((value, index) => [value, refs[index]])) };
}

/** The members of an object that are always the same text. */
function constantsOf({ properties }: JsonSchema = {}): Record<string, string> {
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, one]) =>
      isSchema(one) && typeof one.const === 'string' ? [[name, one.const]] : [],
    ),
  );
}
