import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Operation as Defined } from '../lib/apis/operation/operation.ts';
import { declarationOf, isJson, type Json, nameIn } from './schema-types.ts';

/** Where the text is to stand, relative to the repository's root. */
const CLIENT_TYPES = 'lib/client/types.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Json;
}

type Content = Record<string, { schema?: Json }>;

interface Described {
  operationId: string;
  tags: [string];
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
}

/** Of an OpenAPI 3.1 document, what the client is made from. */
interface OpenApi {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Json> };
}

/** What an operation takes beside what its path names. */
interface Taken {
  part: 'query' | 'body' | 'form';
  type: string;
  optional: boolean;
}

/** How a list goes on: where its items and the next page's name are, and which parameter takes that name. */
interface Pages {
  items: string;
  next: string;
  by: string;
  /** The TypeScript type of an item. */
  item: string;
}

interface Operation {
  id: string;
  api: string;
  method: string;
  path: string;
  summary: string;
  /** The names in the path, in its order, and their TypeScript types. */
  named: [name: string, type: string][];
  takes: Taken[];
  answers: 'json' | 'bytes' | 'nothing';
  /** The TypeScript type of the answer. */
  answer: string;
  /** Whether it honours `Idempotency-Key`. */
  keyed: boolean;
  pages: Pages | undefined;
}

/** What a client goes by that the document does not say. */
type Facts = Pick<Defined, 'operationId' | 'isRepeatable' | 'timeoutSeconds'>;

/** What a group of operations is bound to once, so that its methods need not name it again. */
const BOUND: Record<string, string> = { 'workspace-runs': 'workspaceId', 'thread-runs': 'projectId' };

/**
 * The types of the client from the OpenAPI 3.1 document, formatted: every schema, what each operation takes
 * and answers, a method for each, and the table that the client sends requests by, in which `facts` stand too.
 * @throws TypeError for an operation that is described in a way the client does not know.
 */
export async function clientTypes(document: object, facts: readonly Facts[] = []): Promise<string> {
  const { paths, components } = document as OpenApi;
  const declared = new Map(Object.entries(components.schemas));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) =>
      readOperation(method.toUpperCase(), path, described, declared),
    ),
  );
  const declarations: string[] = [];
  for (const [name, schema] of declared) declarations.push(await declarationOf(name, schema));
  const apis = [...new Set(operations.map(({ api }) => api))];
  return format(
    [
      '// Generated from the OpenAPI document by scripts/client-types.ts: change the operations, not this file.',
      `import type { OperationEntry, Paged, RequestOptions, StreamedAnswer } from './shapes.ts';`,
      ...declarations,
      shapesOf(operations),
      ...apis.map((api) => methodsOf(api, operations)),
      tableOf(operations, facts),
    ].join('\n\n'),
  );
}

/** Reads an operation; schemas that have no name are declared under one made from the operation's. */
function readOperation(
  method: string,
  path: string,
  described: Described,
  declared: Map<string, Json>,
): Operation {
  const { operationId: id, tags, summary, parameters = [] } = described;
  const declare = (suffix: string, schema: Json): string => {
    const name = `${pascal(id)}${suffix}`;
    if (declared.has(name)) throw new TypeError(`${id} needs the name ${name}, which a schema has already`);
    declared.set(name, schema);
    return name;
  };
  const ofPlace = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  const query = ofPlace('query');
  return {
    id,
    api: tags[0],
    method,
    path,
    summary,
    named: ofPlace('path').map(({ name, schema }) => [
      name,
      schema.type === 'integer' || schema.type === 'number' ? 'number' : 'string',
    ]),
    takes: [...takenFromBody(described, declare), ...takenFromQuery(query, declare)],
    ...answerOf(described, declare),
    keyed: ofPlace('header').some(({ name }) => name === 'Idempotency-Key'),
    pages: pagesOf(described, query, declared),
  };
}

type Declare = (suffix: string, schema: Json) => string;

function takenFromQuery(query: readonly Parameter[], declare: Declare): Taken[] {
  if (query.length === 0) return [];
  const required = query.filter((parameter) => parameter.required === true).map(({ name }) => name);
  const properties = Object.fromEntries(query.map(({ name, schema }) => [name, schema]));
  const schema = { type: 'object', properties, required, additionalProperties: false };
  return [{ part: 'query', type: declare('Query', schema), optional: required.length === 0 }];
}

function takenFromBody({ operationId, requestBody }: Described, declare: Declare): Taken[] {
  if (requestBody === undefined) return [];
  const { required = false, content } = requestBody;
  const json = content['application/json']?.schema;
  if (json !== undefined) return [{ part: 'body', type: declare('Body', json), optional: !required }];
  const form = content['multipart/form-data']?.schema;
  if (form !== undefined) return [{ part: 'form', type: declare('Form', form), optional: !required }];
  throw new TypeError(`${operationId} takes ${Object.keys(content)}, which the client does not know`);
}

function answerOf(described: Described, declare: Declare): Pick<Operation, 'answers' | 'answer'> {
  const { content } = successOf(described);
  if (content === undefined) return { answers: 'nothing', answer: 'undefined' };
  const schema = content['application/json']?.schema;
  if (schema === undefined) return { answers: 'bytes', answer: 'Response' };
  const items = isJson(schema.items) ? nameIn(schema.items) : undefined;
  const name = items === undefined ? nameIn(schema) : `${items}[]`;
  return { answers: 'json', answer: name ?? declare('Answer', schema) };
}

function successOf({ operationId, responses }: Described): { content?: Content } {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  if (success === undefined) throw new TypeError(`${operationId} has no success`);
  return success;
}

/** A page is an answer with a list in it and the name of the next page, which a parameter takes. */
function pagesOf(
  described: Described,
  query: readonly Parameter[],
  declared: ReadonlyMap<string, Json>,
): Pages | undefined {
  const page = membersOf(successOf(described).content?.['application/json']?.schema, declared);
  const items = Object.keys(page).find((name) => itemsIn(page[name]) !== undefined);
  const next = NEXT.find((path) => {
    const [first = '', second] = path.split('.');
    return second === undefined ? first in page : second in membersOf(page[first], declared);
  });
  const by = BY.find((name) => query.some((parameter) => parameter.name === name));
  if (items === undefined || next === undefined || by === undefined) return undefined;
  const item = itemsIn(page[items])?.items;
  const type = isJson(item) ? nameIn(item) : undefined;
  if (type === undefined) throw new TypeError(`${described.operationId} lists items without a name`);
  return { items, next, by, item: type };
}

/** What the APIs call the name of the next page, and the parameter that takes it. */
const NEXT = ['continuation_token', 'nextCursor', 'meta.nextCursor'];
const BY = ['continuation_token', 'cursor', 'after'];

/** The list that a schema is, or may be. */
function itemsIn(schema: unknown): Json | undefined {
  if (!isJson(schema)) return undefined;
  if ([schema.type].flat().includes('array')) return schema;
  return Array.isArray(schema.anyOf)
    ? schema.anyOf.filter(isJson).find(({ type }) => type === 'array')
    : undefined;
}

function membersOf(schema: unknown, declared: ReadonlyMap<string, Json>): Json {
  if (!isJson(schema)) return {};
  const name = nameIn(schema);
  const { properties } = (name === undefined ? schema : declared.get(name)) ?? {};
  return isJson(properties) ? properties : {};
}

const pascal = (text: string): string =>
  text.replace(/(^|-)[a-z]/g, (start) => start.slice(-1).toUpperCase());

const camel = (text: string): string => text.replace(/_[a-z]/g, (start) => start.slice(-1).toUpperCase());

/** What each operation takes, part by part, and what it answers. */
function shapesOf(operations: readonly Operation[]): string {
  const members = operations.map(({ id, named, takes, answer }) => {
    const path = `{ ${named.map(([name, type]) => `${name}: ${type}`).join('; ')} }`;
    const parts = [
      ...(named.length === 0 ? [] : [`path: ${path}`]),
      ...takes.map(({ part, type, optional }) => `${part}${optional ? '?' : ''}: ${type}`),
      `answer: ${answer}`,
    ];
    return `${id}: { ${parts.join('; ')} };`;
  });
  return `/** What each operation takes and answers. */\nexport interface Operations {\n${members.join('\n')} }`;
}

/** The operations of one API as methods. */
function methodsOf(api: string, operations: readonly Operation[]): string {
  const methods = operations
    .filter((operation) => operation.api === api)
    .map((operation) => {
      const parameters = [
        ...argumentsIn(operation).map(([name, type]) => `${camel(name)}: ${type}`),
        ...operation.takes.map(parameterOf),
        'options?: RequestOptions',
      ];
      return `/** ${operation.summary} */\n${operation.id}(${parameters.join(', ')}): ${returned(operation)};`;
    });
  return `export interface ${pascal(api)}Operations {\n${methods.join('\n')} }`;
}

/** What a method takes of the path: what its group is not bound to. */
const argumentsIn = ({ api, named }: Operation): Operation['named'] =>
  named.filter(([name]) => name !== BOUND[api]);

/** What need not be given must be said not to be while something after it must. */
function parameterOf({ part, type, optional }: Taken, at: number, takes: readonly Taken[]): string {
  if (!optional) return `${part}: ${type}`;
  const isLast = takes.slice(at + 1).every((later) => later.optional);
  return isLast ? `${part}?: ${type}` : `${part}: ${type} | undefined`;
}

function returned({ answers, answer, pages }: Operation): string {
  if (answers === 'nothing') return 'Promise<void>';
  if (answers === 'bytes') return 'StreamedAnswer';
  if (pages === undefined) return `Promise<${answer}>`;
  return `Paged<${answer}, ${pages.item}>`;
}

/** What the client sends requests by. */
function tableOf(operations: readonly Operation[], facts: readonly Facts[]): string {
  const entries = operations.map((operation) => {
    const { id, api, method, path, takes, answers, keyed, pages } = operation;
    const { isRepeatable = false, timeoutSeconds } =
      facts.find(({ operationId }) => operationId === id) ?? {};
    const entry = {
      api,
      method,
      path,
      named: argumentsIn(operation).map(([name]) => name),
      takes: takes.map(({ part }) => part),
      answers,
      ...(keyed ? { keyed } : {}),
      ...(isRepeatable ? { repeatable: true } : {}),
      ...(timeoutSeconds === undefined ? {} : { timeoutMilliseconds: timeoutSeconds * 1000 }),
      ...(pages === undefined ? {} : { pages: { items: pages.items, next: pages.next, by: pages.by } }),
    };
    return `${id}: ${JSON.stringify(entry)},`;
  });
  const type = 'Readonly<Record<keyof Operations, OperationEntry>>';
  return `/** How each operation is called. */\nexport const OPERATIONS: ${type} = {\n${entries.join('\n')} };`;
}

/** Formatted as everything here is. @throws Error with what the formatter says of text that it cannot read. */
function format(text: string): Promise<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const root = fileURLToPath(new URL('..', import.meta.url));
  return new Promise((resolve, reject) => {
    const formatting = execFile(
      process.execPath,
      [biome, 'format', `--stdin-file-path=${CLIENT_TYPES}`],
      { cwd: root, maxBuffer: 64 * text.length },
      (error, formatted) => (error === null ? resolve(formatted) : reject(error)),
    );
    formatting.stdin?.end(text);
  });
}
