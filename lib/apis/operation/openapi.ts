import type * as z from 'zod';
import { EXAMPLES, type Examples } from './examples.ts';
import type { JsonSchema } from './json-schema.ts';
import { type ApiName, errorsOf, isStreaming, type Operation, type RequestHeader } from './operation.ts';
import { REFUSAL_CATEGORIES } from './refusal.ts';
import { MOST_SHOWN, namedSchemas, wireSchema } from './wire-schema.ts';

type Json = Record<string, unknown>;

const TAGS: Record<ApiName, string> = {
  'workspace-runs': 'A spreadsheet document in, a normalised workbook out, watched live.',
  'process-runs': 'Any Step Functions workflow of the account as a named, staged process.',
  'thread-runs': 'Conversations with an assistant: create a run, poll it, read the thread.',
  'agent-run': 'A deployed agent, answered as JSON or as a token stream; agents, versions and providers.',
  reference: 'This description of the platform.',
};

const DESCRIPTION = `One run core and four run APIs.

Send an API key as \`X-API-Key\`. Thread runs also take a token of the configured identity provider.
Every answer has an \`X-Request-Id\`; a request may bring one of its own. A request may be answered 429 or 503
with \`Retry-After\`, in seconds, before it has done anything: send it again after that.`;

const HEADERS: Record<RequestHeader, { description: string; schema: JsonSchema }> = {
  'Idempotency-Key': {
    description:
      'Any text of up to 255 characters. The same key with the same request answers with the same run for a day; with another request it is refused.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'If-Match': {
    description: 'The `ETag` that was read: refused with 412 if there was another one since.',
    schema: { type: 'string', minLength: 1 },
  },
  'If-None-Match': {
    description: 'The `ETag` of the file that is there already: answered with 304 while it is the same.',
    schema: { type: 'string', minLength: 1 },
  },
  Range: {
    description:
      'One range, such as `bytes=0-99`, `bytes=100-` or `bytes=-10`: answered with 206 and those bytes.',
    schema: { type: 'string' },
  },
  'If-Range': {
    description:
      'The `ETag` of the file that was begun: the whole file is answered if it is another one by now.',
    schema: { type: 'string' },
  },
  'Last-Event-ID': {
    description: 'The id of the last event that was seen: go on after it. It wins over `cursor`.',
    schema: { type: 'integer', minimum: 0, maximum: MOST_SHOWN },
  },
};

/** Headers of answers, by the header of the request that brings them about. */
const ANSWERED: Partial<Record<RequestHeader, [name: string, description: string]>> = {
  'Idempotency-Key': ['Idempotency-Replayed', '`true` when the run had been made by an earlier request'],
  'If-Match': ['ETag', 'What to send as `If-Match` with the next change'],
  'If-None-Match': ['ETag', 'What to send as `If-None-Match` next time, or as `If-Range` with the rest'],
};

/** The OpenAPI 3.1 document of all operations: nothing in it is written a second time. */
export function openApiDocument(operations: readonly Operation[], info: { version: string }): Json {
  const paths: Record<string, Json> = {};
  const errors = new Errors();
  for (const op of operations)
    paths[op.path] = { ...paths[op.path], [op.method.toLowerCase()]: describe(op, errors) };
  const tags = [...new Set(operations.map(({ api }) => api))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Runplane',
      version: info.version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative to this document, so that it holds on a laptop and behind the stage of an API alike.
    servers: [{ url: '.', description: 'Where this document was read' }],
    tags: tags.map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: namedSchemas(),
      responses: errors.responses,
      headers: {
        RequestId: {
          description: 'What to name when asking about this answer',
          schema: { type: 'string' },
        },
        RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
      },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

function describe(op: Operation, errors: Errors): Json {
  const examples = EXAMPLES[op.operationId] ?? {};
  return {
    operationId: op.operationId,
    tags: [op.api],
    summary: op.summary,
    ...(op.permission === null
      ? { security: [] }
      : { security: securityOf(op), description: `Needs \`${op.permission}\`.` }),
    parameters: [
      ...parameters('path', op.input.path),
      ...parameters('query', op.input.query),
      ...(op.headers ?? []).map((name) => ({ name, in: 'header', required: false, ...HEADERS[name] })),
    ],
    ...requestBody(op, examples),
    responses: {
      [op.success.status]: success(op, examples),
      ...(op.headers?.includes('Range') ? { 206: success(op, examples) } : {}),
      ...(op.headers?.includes('If-None-Match')
        ? { 304: { description: 'Not modified', headers: headersOf(op) } }
        : {}),
      ...Object.fromEntries(errorsOf(op).map((status) => [status, errors.of(op, status)])),
    },
  };
}

/** What a caller may show: one of these. */
const securityOf = ({ acceptsTokens = false }: Operation): Json[] => [
  { apiKey: [] },
  ...(acceptsTokens ? [{ token: [] }] : []),
];

/**
 * The members of an object schema as parameters. What a path names is always required and always text. Names
 * that may be spelled in two ways are shown in snake_case, which is how the original has them in a query.
 */
function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = wireSchema(schema, 'input', 'snake_case') as {
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

function requestBody(op: Operation, { requests }: Examples): Json {
  const [contentType, schema] =
    op.form === undefined ? ['application/json', op.input.body] : ['multipart/form-data', op.form];
  if (schema === undefined) return {};
  const examples = requests === undefined ? {} : { examples: requests };
  const required = !schema.safeParse(undefined).success;
  return {
    requestBody: {
      required,
      content: { [mediaType(contentType)]: { schema: reference(schema, 'input'), ...examples } },
    },
  };
}

function success(op: Operation, { response, events }: Examples): Json {
  const { success } = op;
  const headers = { headers: headersOf(op) };
  if (success.body === 'empty') return { description: 'Done', ...headers };
  const example = response === undefined ? {} : { example: response };
  if (typeof success.body !== 'string') {
    const json = { schema: reference(success.body), ...example };
    return { description: 'OK', ...headers, content: { 'application/json': json } };
  }
  const isText = success.body === 'events' || success.contentType.startsWith('text/');
  const schema = isText ? { type: 'string' } : { type: 'string', format: 'binary' };
  const types = [success.contentType, ...(success.otherContentTypes ?? [])].map(mediaType);
  return {
    description: isStreaming(op) ? 'Sent while it is made' : 'OK',
    ...headers,
    content: {
      ...(success.json ? { 'application/json': { schema: reference(success.json), ...example } } : {}),
      ...Object.fromEntries(
        types.map((type) => [type, { schema, ...(events === undefined ? {} : { example: events }) }]),
      ),
    },
  };
}

/** A media type without its parameters, which make it another one to generators. */
const mediaType = (contentType: string): string => contentType.replace(/;.*/, '');

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

const headersOf = ({ headers = [] }: Operation): Json => ({
  ...REQUEST_ID,
  ...Object.fromEntries(
    headers.flatMap((header) => {
      const [name, description] = ANSWERED[header] ?? [];
      return name === undefined ? [] : [[name, { description, schema: { type: 'string' } }]];
    }),
  ),
});

/** A schema with an id is referred to by it. */
function reference(schema: z.ZodType, io: 'input' | 'output' = 'output'): unknown {
  const id = schema.meta()?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  return wireSchema(schema, io);
}

/** Errors as components: most operations of an API say no in the same words. */
class Errors {
  readonly #names = new Map<string, string>();
  readonly responses: Record<string, Json> = {};

  /** How an operation answers with this status, as a reference. */
  of(op: Operation, status: number): Json {
    const response = errorOf(op, status);
    const text = JSON.stringify(response);
    const name = this.#names.get(text) ?? this.#nameFor(`${op.dialect.problem.meta()?.id}${status}`);
    this.#names.set(text, name);
    this.responses[name] = response;
    return { $ref: `#/components/responses/${name}` };
  }

  #nameFor(wanted: string): string {
    const alike = Object.keys(this.responses).filter((name) => name.replace(/_\d+$/, '') === wanted).length;
    return alike === 0 ? wanted : `${wanted}_${alike + 1}`;
  }
}

/** Stands for the request. */
const SOME_REQUEST = { path: '/the/path', requestId: 'req_0' };

/** @throws TypeError for a status that the operation's dialect never answers with. */
function errorOf({ operationId, dialect }: Operation, status: number): Json {
  const refused = REFUSAL_CATEGORIES.map((category) =>
    dialect.refuse({ category, isAnonymous: true }, SOME_REQUEST),
  ).find((one) => one.status === status);
  if (refused === undefined) throw new TypeError(`${operationId} documents ${status}, which no refusal has`);
  const { headers, body } = refused;
  const { title, message } = body as { title?: string; message?: string };
  const contentType = headers['content-type'] ?? 'application/json';
  const retryAfter = status === 503 ? { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } : {};
  return {
    description: title ?? message ?? String(status),
    headers: { ...REQUEST_ID, ...retryAfter },
    content: { [mediaType(contentType)]: { schema: reference(dialect.problem), example: body } },
  };
}
