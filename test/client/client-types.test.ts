import { describe, expect, it } from 'vitest';
import { clientTypes } from '../../scripts/client-types.ts';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const parameter = (name: string, where: string, schema: object = { type: 'string' }, required = true) => ({
  ...{ name, in: where, schema, required },
});
const inWorkspace = parameter('workspaceId', 'path');

/** A document with one of each. */
const DOCUMENT = {
  openapi: '3.1.0',
  paths: {
    '/w/{workspaceId}/things': {
      get: {
        operationId: 'listThings',
        tags: ['workspace-runs'],
        summary: 'List things',
        parameters: [inWorkspace, parameter('cursor', 'query', undefined, false)],
        responses: { 200: json(reference('ThingPage')), 401: {} },
      },
      post: {
        operationId: 'createThing',
        tags: ['workspace-runs'],
        summary: 'Create a thing',
        parameters: [inWorkspace, parameter('Idempotency-Key', 'header', undefined, false)],
        requestBody: {
          required: true,
          ...json({
            anyOf: [
              {
                title: 'camelCase',
                type: 'object',
                properties: { isBig: { type: 'boolean', default: false } },
              },
              {
                title: 'snake_case',
                type: 'object',
                properties: { is_big: { type: 'boolean', default: false } },
              },
            ],
          }),
        },
        responses: { 201: json(reference('Thing')) },
      },
    },
    '/w/{workspaceId}/things/{thing_id}/{no}': {
      get: {
        operationId: 'downloadThing',
        tags: ['workspace-runs'],
        summary: 'Download a thing',
        parameters: [
          inWorkspace,
          parameter('thing_id', 'path'),
          parameter('no', 'path', { type: 'integer' }),
        ],
        responses: { 200: { content: { 'application/octet-stream': {} } } },
      },
      delete: {
        operationId: 'deleteThing',
        tags: ['workspace-runs'],
        summary: 'Delete a thing',
        parameters: [inWorkspace, parameter('thing_id', 'path')],
        responses: { 204: { description: 'Done' } },
      },
    },
    '/files': {
      post: {
        operationId: 'sendFile',
        tags: ['agent-run'],
        summary: 'Send a file',
        parameters: [parameter('limit', 'query', { type: 'integer' }, true)],
        requestBody: {
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                properties: { file: { type: 'string', format: 'binary', description: 'What to keep' } },
                required: ['file'],
              },
            },
          },
        },
        responses: { 200: json({ type: 'array', items: reference('Thing') }) },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        properties: {
          kind: { type: 'string', const: 'thing' },
          size: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
          parts: { type: 'array', minItems: 1, items: reference('Thing') },
        },
        required: ['kind', 'size'],
        additionalProperties: false,
      },
      ThingPage: {
        type: 'object',
        properties: {
          things: { type: 'array', items: reference('Thing') },
          meta: { type: 'object', properties: { nextCursor: { type: 'string' } } },
        },
        required: ['things', 'meta'],
      },
    },
  },
};

describe('the types of the client', () => {
  it('are every schema, what operations take and answer, their methods and the table', async () => {
    expect(
      await clientTypes(DOCUMENT, [
        { operationId: 'createThing', timeoutSeconds: 90 },
        { operationId: 'sendFile', isRepeatable: true },
      ]),
    ).toBe(`// Generated from the OpenAPI document by scripts/client-types.ts: change the operations, not this file.

import type { OperationEntry, Paged, RequestOptions, StreamedAnswer } from './shapes.ts';

export interface Thing {
  kind: 'thing';
  size: number | null;
  parts?: Thing[];
}

export interface ThingPage {
  things: Thing[];
  meta: {
    nextCursor?: string;
  };
}

export interface ListThingsQuery {
  cursor?: string;
}

export type CreateThingBody =
  | {
      isBig?: boolean;
    }
  | {
      is_big?: boolean;
    };

export interface SendFileForm {
  /**
   * What to keep
   */
  file: Blob;
}

export interface SendFileQuery {
  limit: number;
}

/** What each operation takes and answers. */
export interface Operations {
  listThings: { path: { workspaceId: string }; query?: ListThingsQuery; answer: ThingPage };
  createThing: { path: { workspaceId: string }; body: CreateThingBody; answer: Thing };
  downloadThing: { path: { workspaceId: string; thing_id: string; no: number }; answer: Response };
  deleteThing: { path: { workspaceId: string; thing_id: string }; answer: undefined };
  sendFile: { form?: SendFileForm; query: SendFileQuery; answer: Thing[] };
}

export interface WorkspaceRunsOperations {
  /** List things */
  listThings(query?: ListThingsQuery, options?: RequestOptions): Paged<ThingPage, Thing>;
  /** Create a thing */
  createThing(body: CreateThingBody, options?: RequestOptions): Promise<Thing>;
  /** Download a thing */
  downloadThing(thingId: string, no: number, options?: RequestOptions): StreamedAnswer;
  /** Delete a thing */
  deleteThing(thingId: string, options?: RequestOptions): Promise<void>;
}

export interface AgentRunOperations {
  /** Send a file */
  sendFile(form: SendFileForm | undefined, query: SendFileQuery, options?: RequestOptions): Promise<Thing[]>;
}

/** How each operation is called. */
export const OPERATIONS: Readonly<Record<keyof Operations, OperationEntry>> = {
  listThings: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/w/{workspaceId}/things',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'things', next: 'meta.nextCursor', by: 'cursor' },
  },
  createThing: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/w/{workspaceId}/things',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
    timeoutMilliseconds: 90000,
  },
  downloadThing: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/w/{workspaceId}/things/{thing_id}/{no}',
    named: ['thing_id', 'no'],
    takes: [],
    answers: 'bytes',
  },
  deleteThing: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/w/{workspaceId}/things/{thing_id}/{no}',
    named: ['thing_id'],
    takes: [],
    answers: 'nothing',
  },
  sendFile: {
    api: 'agent-run',
    method: 'POST',
    path: '/files',
    named: [],
    takes: ['form', 'query'],
    answers: 'json',
    repeatable: true,
  },
};
`);
  });

  it.each([
    [
      'takes what the client cannot send',
      { requestBody: { content: { 'text/plain': {} } } },
      /sendIt takes text\/plain/,
    ],
    ['has no success', { responses: { 400: {} } }, /sendIt has no success/],
    [
      'lists what has no name',
      { responses: { 200: json(reference('Nameless')) } },
      /sendIt lists items without a name/,
    ],
  ])('are not made for an operation that %s', async (_what, more, says) => {
    const operation = {
      operationId: 'sendIt',
      tags: ['agent-run'],
      summary: 'Send it',
      parameters: [parameter('cursor', 'query')],
      responses: { 204: {} },
      ...more,
    };
    const Nameless = {
      properties: { items: { type: 'array', items: { type: 'object' } }, nextCursor: { type: 'string' } },
    };

    const made = clientTypes({
      paths: { '/it': { post: operation } },
      components: { schemas: { Nameless } },
    });

    await expect(made).rejects.toThrow(says);
  });
});
