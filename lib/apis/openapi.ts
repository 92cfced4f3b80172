import * as z from 'zod';
import { isStreaming, type Operation } from './operation.ts';
import type { RefusalCategory } from './refusal.ts';

type Json = Record<string, unknown>;

/** A category for each documented status, to show an example of how an API says it. */
const CATEGORY: Record<number, RefusalCategory> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'invalid',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
};

/** The OpenAPI 3.1 document of all operations: nothing in it is written a second time. */
export function openApiDocument(operations: readonly Operation[], info: { version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const op of operations)
    paths[op.path] = { ...paths[op.path], [op.method.toLowerCase()]: describe(op) };
  return {
    openapi: '3.1.0',
    info: { title: 'Runplane', version: info.version },
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** Every schema that has an id of its own, by that id. */
function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'output',
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, clean(schema)]));
}

function describe(op: Operation): Json {
  return {
    operationId: op.operationId,
    tags: [op.api],
    summary: op.summary,
    ...(op.permission === null
      ? { security: [] }
      : { security: securityOf(op), description: `Needs \`${op.permission}\`.` }),
    parameters: [...parameters('path', op.input.path), ...parameters('query', op.input.query)],
    ...requestBody(op),
    responses: {
      [op.success.status]: success(op),
      ...Object.fromEntries(op.errors.map((status) => [status, error(op, status)])),
    },
  };
}

/** What a caller may show: one of these. */
const securityOf = ({ acceptsTokens = false }: Operation): Json[] => [
  { apiKey: [] },
  ...(acceptsTokens ? [{ token: [] }] : []),
];

/** The members of an object schema as parameters. What a path names is always required and always text. */
function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inputSchema(schema) as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

function requestBody(op: Operation): Json {
  if (op.consumes === 'json' && op.input.body !== undefined) {
    return {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: inputSchema(op.input.body) } },
      },
    };
  }
  if (op.consumes !== 'multipart') return {};
  const schema = {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
  };
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
}

function success(op: Operation): Json {
  const { success } = op;
  if (success.body === 'empty') return { description: 'Done' };
  if (typeof success.body === 'string') {
    return {
      description: isStreaming(op) ? 'Sent while it is made' : 'OK',
      content: {
        [success.contentType]: {},
        ...(success.json ? { 'application/json': { schema: reference(success.json) } } : {}),
      },
    };
  }
  return { description: 'OK', content: { 'application/json': { schema: reference(success.body) } } };
}

/** A schema with an id is referred to by it, also as the items of a list. */
function reference(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodArray) return { type: 'array', items: reference(schema.element as z.ZodType) };
  const id = schema.meta()?.id;
  return id === undefined
    ? clean(z.toJSONSchema(schema, { io: 'output' }))
    : { $ref: `#/components/schemas/${id}` };
}

function error(op: Operation, status: number): Json {
  const category = CATEGORY[status];
  if (category === undefined)
    throw new TypeError(`${op.operationId} documents ${status}, which no refusal has`);
  const { headers, body } = op.dialect.refuse({ category }, { path: op.path, requestId: 'req_0' });
  const { title, message } = body as { title?: string; message?: string };
  const contentType = headers['content-type'] ?? 'application/json';
  return { description: title ?? message ?? String(status), content: { [contentType]: { example: body } } };
}

const inputSchema = (schema: z.ZodType): Json =>
  clean(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

/** JSON Schema's own dialect and id say nothing inside an OpenAPI document. */
function clean(schema: Json): Json {
  const { $schema: _dialect, $id: _id, id: _name, ...rest } = schema;
  return rest;
}
