import * as z from 'zod';
import { fieldName, headersOf } from './field-name.ts';
import { type ImportedField, type ImportedFields, ImportProblem } from './import-problem.ts';

const Types = z.enum(['string', 'integer', 'number', 'boolean', 'null', 'object', 'array']);

/** What is read of a schema: other members say nothing that a field could. */
const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([Types, z.array(Types).min(1)]).optional(),
  format: z.string().optional(),
  title: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Schema = z.infer<typeof Schema>;

const READ = new Set([...Object.keys(Schema.shape), '$schema', '$id', '$defs', 'definitions', '$comment']);
const REMARKS = new Set(['description', 'examples', 'default', 'readOnly', 'writeOnly', 'deprecated']);
/** References that lead to one another. */
const MAX_REFERENCES = 20;

const DTYPES: Record<string, string> = { integer: 'integer', number: 'number', boolean: 'boolean' };
const FORMATS: Record<string, string> = { date: 'date', 'date-time': 'datetime' };
const STEPS: Record<string, unknown> = { email: 'email', 'idn-email': 'email' };

function parse(value: unknown, place: string): Schema {
  const parsed = Schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = [place, ...(issue?.path ?? [])].join('.');
  throw new ImportProblem(at, `is not as in a JSON Schema: ${issue?.message ?? 'unknown'}`);
}

/** The schema that another one names within the same file. */
function resolved(root: unknown, value: unknown, place: string): Schema {
  let schema = parse(value, place);
  for (let count = 0; schema.$ref !== undefined; count += 1) {
    const { $ref } = schema;
    if (!$ref.startsWith('#/') || count === MAX_REFERENCES) {
      throw new ImportProblem(place, `${JSON.stringify($ref)} does not lead to a schema in this file`);
    }
    const keys = $ref
      .slice(2)
      .split('/')
      .map((key) => decodeURIComponent(key).replace(/~1/g, '/').replace(/~0/g, '~'));
    const found = keys.reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined,
      root,
    );
    if (found === undefined) {
      throw new ImportProblem(place, `${JSON.stringify($ref)} does not lead to a schema in this file`);
    }
    const { $ref: _followed, ...own } = schema;
    schema = { ...parse(found, place), ...own };
  }
  return schema;
}

const typesOf = ({ type }: Schema): string[] =>
  (type === undefined ? [] : Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');

function dtypeOf(schema: Schema, place: string): string {
  const types = typesOf(schema);
  const nested = types.find((type) => type === 'object' || type === 'array');
  if (nested !== undefined || schema.properties !== undefined) {
    throw new ImportProblem(
      place,
      `is ${nested === 'array' ? 'a list' : 'an object'}, which no cell holds: take it out, or write its members beside the others`,
    );
  }
  const numbers = types.every((type) => type === 'integer' || type === 'number') && types.length > 1;
  const [only] = types;
  if (numbers) return 'number';
  if (types.length > 1) return 'string';
  return DTYPES[only ?? ''] ?? FORMATS[schema.format ?? ''] ?? 'string';
}

function validatorsOf(schema: Schema, isRequired: boolean): unknown[] {
  const { pattern, minLength, maxLength, minimum: min, maximum: max } = schema;
  const allowed = (schema.const === undefined ? schema.enum : [schema.const])?.filter(
    (value) => value !== null,
  );
  return [
    ...(isRequired ? [{ required: true }] : []),
    ...(allowed === undefined ? [] : [{ oneOf: allowed.map(String) }]),
    ...(pattern === undefined ? [] : [{ pattern }]),
    ...(minLength === undefined || minLength === 0 ? [] : [{ minLength }]),
    ...(maxLength === undefined ? [] : [{ maxLength }]),
    ...(min === undefined && max === undefined
      ? []
      : [{ range: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } }]),
  ];
}

/**
 * The fields of a JSON Schema: of an object, or of a list of objects, each property is one.
 * @throws ImportProblem for what is none, and for properties that no cell holds.
 */
export function fieldsOfSchema(root: unknown): ImportedFields {
  const outer = resolved(root, root, 'schema');
  const schema =
    outer.properties === undefined && outer.items !== undefined
      ? resolved(root, outer.items, 'schema.items')
      : outer;
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) {
    throw new ImportProblem(
      'schema.properties',
      'is missing: a JSON Schema of a row has a property for each column',
    );
  }
  const ignored: string[] = [];
  const fields = properties.map(([name, value], at): ImportedField => {
    const place = `schema.properties.${name}`;
    const property = resolved(root, value, place);
    for (const member of Object.keys(property)) {
      if (!READ.has(member) && !REMARKS.has(member)) ignored.push(`${place}.${member}`);
    }
    const step = STEPS[property.format ?? ''];
    const validators = validatorsOf(property, schema.required?.includes(name) === true);
    return {
      name: fieldName(name, at + 1),
      ...(property.title === undefined ? {} : { label: property.title }),
      dtype: dtypeOf(property, place),
      headers: headersOf([property.title, name]),
      ...(step === undefined ? {} : { transforms: [step] }),
      ...(validators.length === 0 ? {} : { validators }),
    };
  });
  return { fields, ignored };
}
