import { describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { EXAMPLES } from '../../../lib/apis/operation/examples.ts';
import { openApiDocument } from '../../../lib/apis/operation/openapi.ts';
import { errorsOf } from '../../../lib/apis/operation/operation.ts';

interface Content {
  schema?: Record<string, unknown>;
  example?: unknown;
}
interface Described {
  operationId: string;
  parameters: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { required: boolean; content: Record<string, Content> };
  responses: Record<string, { $ref?: string; headers?: object; content?: Record<string, Content> }>;
}
const document = openApiDocument(operations, { version: '1.2.3' });
const paths = document.paths as Record<string, Record<string, Described>>;

function described(operationId: string): Described {
  const all = Object.values(paths).flatMap((methods) => Object.values(methods));
  const found = all.find((one) => one.operationId === operationId);
  if (found === undefined) throw new Error(`${operationId} is not described`);
  return found;
}

const RUNS = '/api/v1/workspaces/{workspaceId}/runs';

describe('the OpenAPI document', () => {
  it('lists every operation under its path and method, with its success and errors', () => {
    const listed = Object.values(paths).flatMap((methods) => Object.values(methods));

    expect(listed.map(({ operationId }) => operationId).toSorted()).toEqual(
      operations.map(({ operationId }) => operationId).toSorted(),
    );
    for (const op of operations) {
      const one = paths[op.path]?.[op.method.toLowerCase()];
      expect(Object.keys(one?.responses ?? {}), op.operationId).toEqual(
        [op.success.status, ...(op.headers?.includes('Range') ? [206, 304] : []), ...errorsOf(op)]
          .map(String)
          .toSorted(),
      );
      const named = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(one?.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    }
  });

  it('refers only to what it has, and keeps no mark of ours', () => {
    const text = JSON.stringify(document);
    const components = document.components as Record<string, Record<string, unknown>>;

    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      expect(Object.keys(components[kind] ?? {})).toContain(name);
    }
    expect(text).not.toContain('"#/$defs');
    expect(text).not.toMatch(/"x-/);
  });

  it("shows request bodies in the seeds' spelling, closed to anything else, and says that there is another", () => {
    const { schema } = described('createRun').requestBody?.content['application/json'] ?? {};

    expect(schema).toMatchObject({
      description: expect.stringContaining('snake_case'),
      additionalProperties: false,
      properties: {
        inputDocumentId: { type: ['string', 'null'], format: 'uuid' },
        options: { properties: { activeSheetOnly: { type: 'boolean', default: false } } },
      },
    });
    expect(Object.keys(schema ?? {})).not.toContain('anyOf');
  });

  it('shows numbers and booleans of a query as what they are, with bounds and defaults', () => {
    const { parameters } = described('listRuns');

    expect(parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    });
    expect(parameters).toContainEqual({
      name: 'includeTotal',
      in: 'query',
      required: false,
      schema: { type: 'boolean', default: false },
    });
    expect(described('getRunColumns').parameters.map(({ name }) => name)).toContain('mapped_field');
  });

  it('shows the headers that an operation reads, and those that they bring about', () => {
    const create = described('createRun');
    const update = described('updateConfiguration');

    expect(create.parameters).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
    );
    expect(Object.keys(create.responses['201']?.headers ?? {})).toEqual([
      'X-Request-Id',
      'Idempotency-Replayed',
    ]);
    expect(update.parameters.map(({ name }) => name)).toContain('If-Match');
    expect(Object.keys(update.responses['200']?.headers ?? {})).toContain('ETag');
  });

  it('shows forms with their file and their parts', () => {
    const { schema } = described('uploadDocument').requestBody?.content['multipart/form-data'] ?? {};

    expect(schema).toMatchObject({
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        metadata: { type: 'string' },
        run_options: { type: 'string' },
        conflictMode: { enum: ['reject', 'upload_new_version', 'keep_both'] },
      },
    });
  });

  it('shows every error with the schema of its API, and an example that has it', () => {
    const { responses } = document.components as {
      responses: Record<string, Described['responses'][string]>;
    };
    for (const op of operations) {
      for (const status of errorsOf(op)) {
        const name = described(op.operationId).responses[status]?.$ref?.replace(/^.*\//, '') ?? '';
        const [content] = Object.values(responses[name]?.content ?? {});
        expect(content?.schema, op.operationId).toEqual({
          $ref: `#/components/schemas/${op.dialect.problem.meta()?.id}`,
        });
        expect(op.dialect.problem.safeParse(content?.example).error, op.operationId).toBeUndefined();
      }
    }
  });

  it('shows a download as bytes, of the types that it may have', () => {
    for (const operationId of [
      ...['downloadRunOutput', 'downloadRunInput', 'downloadDocument'],
      ...['downloadOriginalDocument', 'downloadDocumentVersion'],
    ]) {
      const { content = {} } = described(operationId).responses['200'] ?? {};
      expect(Object.keys(content), operationId).toEqual([
        'application/octet-stream',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'text/csv',
        '*/*',
      ]);
      for (const { schema } of Object.values(content))
        expect(schema, operationId).toEqual({ type: 'string', format: 'binary' });
    }
  });

  it('is where it says: relative to itself', () => {
    expect(document.servers).toEqual([expect.objectContaining({ url: '.' })]);
    expect(Object.keys(paths)).toContain(RUNS);
  });
});

/** What the schemas of the document are, with the place at which each stands. */
function* schemasIn(value: unknown, place = ''): Generator<[place: string, schema: Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [place, value as Record<string, unknown>];
  for (const [key, one] of Object.entries(value)) {
    if (key !== 'example' && key !== 'examples') yield* schemasIn(one, `${place}/${key}`);
  }
}

/** What generators of clients cannot read, or make code of that does not compile; each was seen in one. */
describe('what generators of clients are spared', () => {
  const all = [...schemasIn(paths), ...schemasIn(document.components)];
  const places = (isWrong: (schema: Record<string, unknown>) => boolean): string[] =>
    all.filter(([, schema]) => isWrong(schema)).map(([place]) => place);

  it('a default that is an object or a list', () => {
    expect(places((schema) => typeof schema.default === 'object')).toEqual([]);
  });

  it('a media type with a parameter', () => {
    expect(places(({ content }) => /;/.test(Object.keys(content ?? {}).join()))).toEqual([]);
  });

  it('a member in two spellings', () => {
    const spelled = (name: string): string => name.replace(/_/g, '').toLowerCase();
    expect(
      places(({ properties }) => {
        const names = Object.keys(properties ?? {});
        return new Set(names.map(spelled)).size < names.length;
      }),
    ).toEqual([]);
  });

  it('a schema whose name is one of their own', () => {
    const { schemas } = document.components as { schemas: object };
    expect(Object.keys(schemas)).not.toEqual(expect.arrayContaining(['Configuration']));
  });

  it('a choice between null and something without a name, or more than one thing', () => {
    const isNull = (one: unknown): boolean => JSON.stringify(one) === '{"type":"null"}';
    expect(
      places(({ anyOf, oneOf }) => {
        const choices = [anyOf, oneOf].flat().filter((one) => typeof one === 'object');
        if (!choices.some(isNull)) return false;
        const [one, ...others] = choices.filter((choice) => !isNull(choice));
        return anyOf !== undefined || others.length > 0 || !('$ref' in (one as object));
      }),
    ).toEqual([]);
  });

  it('nothing but null, except as a choice', () => {
    expect(
      places(({ properties = {} }) =>
        Object.values(properties as Record<string, { type?: unknown }>).some(({ type }) => type === 'null'),
      ),
    ).toEqual([]);
  });

  it('a pattern beside a format', () => {
    expect(places((schema) => 'pattern' in schema && 'format' in schema)).toEqual([]);
  });

  it('guessing which of several objects one is', () => {
    const isRef = (one: object): boolean => '$ref' in one;
    expect(
      places(
        ({ oneOf, discriminator }) =>
          Array.isArray(oneOf) && oneOf.every(isRef) && discriminator === undefined,
      ),
    ).toEqual([]);
    const { schemas } = document.components as { schemas: Record<string, unknown> };
    expect(schemas.ProviderSettings).toMatchObject({
      discriminator: {
        propertyName: 'type',
        mapping: {
          echo: '#/components/schemas/EchoSettings',
          bedrock: '#/components/schemas/BedrockSettings',
          'openai-compatible': '#/components/schemas/OpenAiCompatibleSettings',
        },
      },
    });
  });

  it('one of several objects without a name', () => {
    expect(places(({ oneOf }) => Array.isArray(oneOf) && oneOf.some((one) => 'properties' in one))).toEqual(
      [],
    );
  });

  it('a list or an object that must be there and may be null', () => {
    expect(
      places(({ properties = {}, required = [] }) =>
        Object.entries(properties as Record<string, { type?: unknown; oneOf?: { type?: string }[] }>).some(
          ([name, { type, oneOf = [] }]) =>
            (required as string[]).includes(name) &&
            // Go's clients have no room for `content` beside `hasContent` unless it must be there.
            name !== 'content' &&
            (oneOf.some((one) => one.type === 'null') ||
              (Array.isArray(type) && (type.includes('array') || type.includes('object')))),
        ),
      ),
    ).toEqual([]);
  });

  it('a map whose values are the empty schema, or one that may be null', () => {
    expect(places(({ additionalProperties }) => JSON.stringify(additionalProperties) === '{}')).toEqual([]);
    expect(
      places(({ type, properties }) => Array.isArray(type) && type.includes('object') && !properties),
    ).toEqual([]);
  });

  it('an object within a component that has no name of its own', () => {
    const { schemas } = document.components as { schemas: Record<string, { properties?: object }> };
    for (const [name, { properties = {} }] of Object.entries(schemas)) {
      expect(
        [...schemasIn(properties)].filter(([place, one]) => place !== '' && 'required' in one),
        name,
      ).toEqual([]);
    }
  });
});

describe('the examples', () => {
  it('belong to operations that there are', () => {
    const ids = operations.map(({ operationId }) => operationId);

    expect(ids).toEqual(expect.arrayContaining(Object.keys(EXAMPLES)));
  });

  it.each(Object.entries(EXAMPLES))('of %s are as its schemas have it', (operationId, examples) => {
    const op = operations.find((one) => one.operationId === operationId);
    const { success, input } = op ?? {};

    for (const { value } of Object.values(examples.requests ?? {})) {
      expect(input?.body?.safeParse(value).error).toBeUndefined();
    }
    if (examples.response !== undefined && success !== undefined) {
      const schema =
        typeof success.body !== 'string' ? success.body : 'json' in success ? success.json : undefined;
      expect(schema?.parse(examples.response)).toEqual(examples.response);
    }
    if (examples.events !== undefined) expect(success?.body).toBe('events');
  });

  it("are the seeds' own", () => {
    const valuesOf = (operationId: string) =>
      Object.values(EXAMPLES[operationId]?.requests ?? {}).map(({ value }) => value);

    expect(valuesOf('createRun')).toEqual([
      { inputDocumentId: expect.any(String), options: { operation: 'process' } },
    ]);
    expect(valuesOf('createThreadRun')[0]).toEqual({
      message: 'Can you help me understand the authentication flow in this project?',
    });
    expect(valuesOf('runAgent')).toEqual([
      { agent_id: 'agent-123', variables: { user_name: 'John', topic: 'AI' }, stream: false },
      { agent_id: 'agent-123', variables: { user_name: 'John', topic: 'AI' }, stream: true },
    ]);
  });
});
