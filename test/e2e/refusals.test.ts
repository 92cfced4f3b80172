import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { consumesOf, type Operation } from '../../lib/apis/operation/operation.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import type { Role } from '../../lib/apis/workspaces/workspaces.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
const keys: Record<string, string> = {};
const owner = { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' };

beforeAll(async () => {
  platform = await startTestPlatform();
  const { workspaceId } = platform.demo;
  const make = (role: Role, lifetimeMs?: number) =>
    createKey(platform.platform, { workspaceId, name: role, role, owner, lifetimeMs });
  keys.reader = (await make('reader')).token;
  keys.expired = (await make('owner', -1)).token;
  const revoked = await make('owner');
  keys.revoked = revoked.token;
  await platform.platform.keys.replace({ ...revoked.key, version: 2, revokedAt: '2026-01-01T00:00:00.000Z' });
  const [prefix = '', secret = ''] = platform.demo.apiKey.split('.');
  const another = (await make('owner')).token.split('.')[1];
  keys.wrongSecret = `${prefix}.${another}`;
  keys.mistyped = `${prefix}.${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`;
});
afterAll(() => platform.close());

const guarded = operations.filter(({ api, permission }) => api === 'workspace-runs' && permission !== null);
const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';

const pathOf = (op: Operation, workspaceId: string): string =>
  op.path
    .replace('{workspaceId}', workspaceId)
    .replace('{versionNo}', '1')
    .replace(/\{\w+\}/g, UNKNOWN);

/** Bodies of operations that have members which must be there. */
const BODIES: Record<string, object> = {
  editRunOutput: { rows: [] },
  proposeConfiguration: { documentId: UNKNOWN },
  correctColumn: { field: null },
  correctValue: { field: 'email', from: 'a', to: 'b' },
  tryConfiguration: { documentId: UNKNOWN },
};

/** A body that gets past its parser, so that what is refused is refused by a later check. */
const bodyOf = (op: Operation) => {
  if (consumesOf(op) !== 'multipart')
    return consumesOf(op) === 'json' ? { json: BODIES[op.operationId] ?? {} } : {};
  const form = new FormData();
  form.set('file', new Blob(['x']), 'file.txt');
  return { body: form };
};

const call = (op: Operation, workspaceId: string, key: string | null) =>
  platform.call(op.method, pathOf(op, workspaceId), { key, ...bodyOf(op) });

describe('every guarded route', () => {
  const refusals: [name: string, key: () => string | null, detail: string][] = [
    ['no key', () => null, 'Authentication required'],
    ['an empty key', () => '', 'Authentication required'],
    ['a key without a dot', () => 'nodot', "API key must contain a prefix separator '.'"],
    ['half a key', () => 'prefix.', 'API key prefix and secret must be non-empty'],
    ['a made-up key', () => 'abcdefghijkl.c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0', 'API key not recognized'],
    ['a mistyped key', () => keys.mistyped ?? '', 'API key not recognized'],
    ["another key's secret", () => keys.wrongSecret ?? '', 'API key not recognized'],
    ['an expired key', () => keys.expired ?? '', 'API key has expired'],
    ['a revoked key', () => keys.revoked ?? '', 'API key has been revoked'],
  ];

  for (const [name, key, detail] of refusals) {
    it(`401: ${name}`, async () => {
      for (const op of guarded) {
        const { status, body, headers } = await call(op, platform.demo.workspaceId, key());

        expect(status, op.operationId).toBe(401);
        expect(body, op.operationId).toEqual({
          type: 'unauthorized',
          title: 'Unauthorized',
          status: 401,
          detail,
          instance: pathOf(op, platform.demo.workspaceId),
          requestId: headers.get('x-request-id'),
        });
        expect(headers.get('content-type')).toBe('application/problem+json');
      }
    });
  }

  it('401: a key in Authorization is not accepted', async () => {
    const headers = { authorization: `Bearer ${platform.demo.apiKey}` };

    expect((await platform.call('GET', 'runs', { key: null, headers })).status).toBe(401);
  });

  it('403: another workspace, which exists', async () => {
    for (const op of guarded) {
      const { status, body } = await call(op, platform.demo.otherWorkspaceId, platform.demo.apiKey);

      expect(status, op.operationId).toBe(403);
      expect(body).toMatchObject({
        type: 'forbidden',
        title: 'Forbidden',
        detail: `Permission '${op.permission}' denied for scope 'workspace'`,
      });
    }
  });

  it('403: a key without the permission', async () => {
    for (const op of guarded.filter(({ permission }) => permission?.endsWith('.manage'))) {
      expect((await call(op, platform.demo.workspaceId, keys.reader ?? '')).status, op.operationId).toBe(403);
    }
  });

  it.each([UNKNOWN, 'not-a-uuid', '%00', encodeURIComponent("' OR 1=1")])(
    '404: workspace %s',
    async (workspaceId) => {
      for (const op of guarded) {
        const { status, body } = await call(op, workspaceId, platform.demo.apiKey);

        expect(status, op.operationId).toBe(404);
        expect(body).toMatchObject({ type: 'not_found', title: 'Not found' });
      }
    },
  );

  it('404 or 422, never 5xx: an id that does not exist, or is none', async () => {
    // Lists have names, which their callers choose: see `lists.test.ts`.
    for (const op of guarded.filter(({ path }) => /\{(?!workspaceId|name)/.test(path))) {
      const path = pathOf(op, platform.demo.workspaceId);
      expect((await platform.call(op.method, path, bodyOf(op))).status, op.operationId).toBe(404);

      const { status, body } = await platform.call(op.method, path.replace(UNKNOWN, 'nope'), bodyOf(op));
      expect(status, op.operationId).toBe(422);
      expect(body).toMatchObject({ detail: 'Invalid request', errors: [{ code: 'uuid_parsing' }] });
    }
  });

  it("404: another tenant's run", async () => {
    const { demo } = platform;
    const { body: run } = await platform.call('POST', 'runs', {
      json: { options: { operation: 'validate' } },
    });

    const path = `/api/v1/workspaces/${demo.otherWorkspaceId}/runs/${run.id}`;

    expect(await platform.call('GET', path, { key: demo.otherApiKey })).toMatchObject({
      status: 404,
      body: { detail: 'Run not found' },
    });
  });
});

describe('routes that do not exist', () => {
  it('404 for an unknown path, 405 with Allow for a wrong method, 307 without the slash', async () => {
    expect(await platform.call('GET', '/api/v2/nothing')).toMatchObject({
      status: 404,
      body: { type: 'not_found', title: 'Not found', status: 404, detail: 'Not Found' },
    });
    for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD']) {
      const answer = await platform.call(method, 'runs');
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, POST');
    }
    expect((await platform.call('PUT', 'runs')).body).toMatchObject({
      type: 'error',
      title: 'Error',
      status: 405,
      detail: 'Method Not Allowed',
    });
    const slashed = await platform.call('GET', 'runs/?limit=3');
    expect(slashed.status).toBe(307);
    expect(slashed.headers.get('location')).toBe(
      `/api/v1/workspaces/${platform.demo.workspaceId}/runs?limit=3`,
    );
  });

  it('X-Request-Id is echoed when it is harmless, and replaced when it is not', async () => {
    const ask = async (id: string) =>
      (await platform.call('GET', 'runs', { headers: { 'x-request-id': id } })).headers.get('x-request-id');

    expect(await ask('my-request-1')).toBe('my-request-1');
    expect(await ask('x'.repeat(500))).toMatch(/^req_/);
    expect(await ask('a "b"')).toMatch(/^req_/);
  });
});

describe('POST /runs with a bad body', () => {
  const errors = async (json: unknown) => {
    const { status, body } = await platform.call('POST', 'runs', { json });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'validation_error', title: 'Validation error' });
    return body;
  };

  it('422: malformed JSON, even before the key', async () => {
    expect(
      await platform.call('POST', 'runs', {
        key: null,
        body: '{"a":',
        headers: { 'content-type': 'application/json' },
      }),
    ).toMatchObject({
      status: 422,
      body: { detail: 'Invalid request', errors: [{ code: 'json_invalid' }] },
    });
  });

  it('422: JSON that is nested deeper than can be written again', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const headers = { 'content-type': 'application/json' };
    const body = `{"inputDocumentId":${deep},"input_document_id":1}`;

    expect(await platform.call('POST', 'runs', { body, headers })).toMatchObject({
      status: 422,
      body: { errors: [{ message: 'JSON is nested too deeply', code: 'json_invalid' }] },
    });
  });

  it.each<[unknown, string | undefined, string]>([
    [{ nope: 1 }, 'nope', 'extra_forbidden'],
    [{ options: { nope: 1 } }, 'options.nope', 'extra_forbidden'],
    [{ inputDocumentId: 'x' }, 'inputDocumentId', 'uuid_parsing'],
    [{ input_document_id: 5 }, 'input_document_id', 'string_type'],
    [{ options: null }, 'options', 'model_attributes_type'],
    [{ options: { operation: 'explode' } }, 'options.operation', 'enum'],
    [{ options: { log_level: 'LOUD' } }, 'options.log_level', 'literal_error'],
    [{ options: { logLevel: 'LOUD' } }, 'options.logLevel', 'literal_error'],
    [{ options: { dry_run: 'perhaps' } }, 'options.dry_run', 'bool_parsing'],
    [{ options: { input_sheet_names: 'S' } }, 'options.input_sheet_names', 'list_type'],
    [{ options: { input_sheet_names: [1] } }, 'options.input_sheet_names[0]', 'string_type'],
    [{ options: { metadata: { a: 1 } } }, 'options.metadata.a', 'string_type'],
    [[], undefined, 'model_attributes_type'],
    ['text', undefined, 'model_attributes_type'],
    [null, undefined, 'model_attributes_type'],
  ])('422: %j', async (json, path, code) => {
    const body = await errors(json);

    expect(body.detail).toBe('Invalid request');
    expect(body.errors).toEqual([
      { ...(path === undefined ? {} : { path }), message: expect.any(String), code },
    ]);
  });

  it('422: a member that JavaScript would not keep', async () => {
    const body = await errors(JSON.parse('{"__proto__":{"admin":true}}'));

    const message = 'A member must not be called __proto__';
    expect(body).toMatchObject({ detail: message, errors: [{ message, code: 'json_invalid' }] });
  });

  it('422: no body at all', async () => {
    expect(await platform.call('POST', 'runs')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'missing' }] },
    });
  });

  it('422: both sheet options, in either spelling', async () => {
    const message = 'Value error, active_sheet_only cannot be combined with input_sheet_names';
    for (const options of [
      { active_sheet_only: true, input_sheet_names: ['A'] },
      { activeSheetOnly: true, inputSheetNames: ['A'] },
    ]) {
      expect((await errors({ options })).errors).toEqual([{ path: 'options', message, code: 'value_error' }]);
    }
  });

  it('422: what cannot be of a text file, in either spelling, of a run and of a batch', async () => {
    const told = (csv: unknown) => errors({ options: { csv } });
    const bad = [
      [{ encoding: 'klingon' }, 'encoding', 'value_error'],
      [{ delimiter: '' }, 'delimiter', 'string_too_short'],
      [{ delimiter: ';;;;;' }, 'delimiter', 'string_too_long'],
      [{ delimiter: '\r' }, 'delimiter', 'value_error'],
      [{ quote: '""' }, 'quote', 'string_too_long'],
      [{ quote: ';', delimiter: ';' }, 'quote', 'value_error'],
      [{ escape: '/' }, 'escape', 'value_error'],
      [{ headerRow: 0 }, 'headerRow', 'greater_than_equal'],
      [{ header_row: 0 }, 'header_row', 'greater_than_equal'],
      [{ separator: ';' }, 'separator', 'extra_forbidden'],
    ] as const;
    for (const [csv, member, code] of bad) {
      expect((await told(csv)).errors).toEqual([
        { path: `options.csv.${member}`, message: expect.any(String), code },
      ]);
    }
    const json = { documentIds: [platform.demo.documentId], options: { csv: { encoding: 'klingon' } } };
    expect(await platform.call('POST', 'runs/batch', { json })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'options.csv.encoding' }] },
    });
  });

  it('422: one member in two spellings with different values; the same value is fine', async () => {
    const { documentId } = platform.demo;
    expect(
      (await errors({ inputDocumentId: documentId, input_document_id: randomUUID() })).errors[0].code,
    ).toBe('value_error');
    const json = { inputDocumentId: documentId, input_document_id: documentId };
    expect((await platform.call('POST', 'runs', { json })).status).toBe(201);
  });

  it('422: process without a document; 404: unknown ones, configuration first', async () => {
    const code = 'input_document_required_for_process';
    expect(await errors({})).toMatchObject({ detail: code, errors: [{ message: code, code }] });
    expect(await platform.call('POST', 'runs', { json: { inputDocumentId: UNKNOWN } })).toMatchObject({
      status: 404,
      body: { detail: `Document ${UNKNOWN} not found` },
    });
    const both = { inputDocumentId: UNKNOWN, configurationId: UNKNOWN };
    expect(await platform.call('POST', 'runs', { json: both })).toMatchObject({
      status: 404,
      body: { detail: UNKNOWN },
    });
  });

  it("404: another workspace's document", async () => {
    const { demo } = platform;
    const path = `/api/v1/workspaces/${demo.otherWorkspaceId}/runs`;

    expect(
      (
        await platform.call('POST', path, {
          key: demo.otherApiKey,
          json: { inputDocumentId: demo.documentId },
        })
      ).status,
    ).toBe(404);
  });

  it('409: publish of a configuration that is no draft', async () => {
    expect(
      await platform.call('POST', 'runs', { json: { options: { operation: 'publish' } } }),
    ).toMatchObject({
      status: 409,
      body: { detail: 'Configuration must be a draft before publishing' },
    });
  });
});

describe('queries', () => {
  it.each([
    ['runs?limit=0', 'limit', 'greater_than_equal'],
    ['runs?limit=201', 'limit', 'less_than_equal'],
    ['runs?limit=x', 'limit', 'int_parsing'],
    ['runs?nope=1', 'nope', 'extra_forbidden'],
    ['documents?limit=-1', 'limit', 'greater_than_equal'],
  ])('422: %s', async (path, field, code) => {
    expect(await platform.call('GET', path)).toMatchObject({
      status: 422,
      body: { errors: [{ path: field, code }] },
    });
  });

  it.each(['garbage', 'W10', '%00', Buffer.from('{"v":1,"before":"x"}').toString('base64url')])(
    '422: a cursor from nowhere: %s',
    async (cursor) => {
      expect(await platform.call('GET', `runs?cursor=${cursor}`)).toMatchObject({
        status: 422,
        body: { detail: 'Invalid cursor token.' },
      });
    },
  );

  it('422: a cursor of the event stream that is no offset; columns filters', async () => {
    const { body: run } = await platform.call('POST', 'runs', {
      json: { options: { operation: 'validate' } },
    });
    for (const [path, field, code] of [
      ['events/stream?cursor=-1', 'cursor', 'greater_than_equal'],
      ['events/stream?cursor=x', 'cursor', 'int_parsing'],
      ['columns?nope=1', 'nope', 'extra_forbidden'],
      ['columns?mapping_status=MAPPED', 'mapping_status', 'literal_error'],
      ['columns?sheet_index=-1', 'sheet_index', 'greater_than_equal'],
    ]) {
      expect(await platform.call('GET', `runs/${run.id}/${path}`)).toMatchObject({
        status: 422,
        body: { errors: [{ path: field, code }] },
      });
    }
  });
});

describe('uploads', () => {
  it('201 for 25 MiB, 413 for one byte more, with both numbers', async () => {
    const limit = 26_214_400;
    expect((await platform.upload('limit.bin', Buffer.alloc(limit))).status).toBe(201);
    expect(await platform.upload('over.bin', Buffer.alloc(limit + 1))).toMatchObject({
      status: 413,
      body: {
        type: 'error',
        title: 'Error',
        detail: expect.stringContaining(
          'Uploaded file is 26,214,401 bytes which exceeds the allowed maximum of 26,214,400 bytes.',
        ),
      },
    });
  });

  it('422: no file part, no form, an unknown conflict mode', async () => {
    const form = new FormData();
    form.set('metadata', '{}');
    const missing = { status: 422, body: { errors: [{ path: 'file', code: 'missing' }] } };
    expect(await platform.call('POST', 'documents', { body: form })).toMatchObject(missing);
    expect(await platform.call('POST', 'documents', { json: {} })).toMatchObject(missing);
    expect(await platform.call('POST', 'documents')).toMatchObject(missing);
    expect((await platform.upload('a.csv', 'x', { conflictMode: 'perhaps' })).status).toBe(422);
  });

  it('400: metadata and run options that are no JSON objects, a form without boundary or cut in the middle', async () => {
    const refused = async (fields: Record<string, string>) =>
      platform.upload(`${randomUUID()}.csv`, 'x', fields);
    expect((await refused({ metadata: '{' })).body).toMatchObject({
      status: 400,
      detail: 'metadata must be valid JSON',
    });
    expect((await refused({ metadata: '[]' })).body).toMatchObject({
      status: 400,
      detail: 'metadata must be a JSON object',
    });
    expect((await refused({ run_options: 'x' })).body).toMatchObject({
      status: 400,
      detail: 'run_options must be valid JSON',
    });
    const both = await refused({ run_options: '{"activeSheetOnly":true,"inputSheetNames":["A"]}' });
    expect(both.body).toMatchObject({ status: 400, errors: [{ code: 'value_error' }] });
    expect(both.body).not.toHaveProperty('detail');

    const cut = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nhalf';
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=b']) {
      const { status } = await platform.call('POST', 'documents', {
        body: cut,
        headers: { 'content-type': type },
      });
      expect(status).toBe(400);
    }
  });

  it('400: a boundary longer than can be looked for; 422: a large part that is no form field', async () => {
    const long = 'b'.repeat(300);
    const sent = (boundary: string, disposition: string) =>
      platform.call('POST', 'documents', {
        body: `--${boundary}\r\nContent-Disposition: ${disposition}\r\n\r\n${'x'.repeat(300_000)}\r\n--${boundary}--\r\n`,
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      });

    expect(await sent(long, 'form-data; name="file"; filename="a.csv"')).toMatchObject({ status: 400 });
    expect(await sent('b', 'attachment; name="file"; filename="a.csv"')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'file', code: 'missing' }] },
    });
  });

  it('400: metadata and run options that are nested deeper than can be written again', async () => {
    const deep = `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`;
    for (const field of ['metadata', 'run_options']) {
      expect((await platform.upload('deep.csv', 'x', { [field]: deep })).body).toMatchObject({
        status: 400,
        detail: `${field} is nested too deeply`,
      });
    }
  });

  it('names: paths, control characters, CR/LF and Unicode cannot leave their place', async () => {
    const boundary = 'b';
    const named = async (name: string) => {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
      const { body } = await platform.call('POST', 'documents', {
        body: Buffer.from(`${head}a,b\r\n--${boundary}--\r\n`),
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      });
      const download = await platform.call('GET', `documents/${body.id}/download`);
      return [body.name, download.headers.get('content-disposition')];
    };

    expect(await named('../../etc/passwd')).toEqual(['passwd', 'attachment; filename="passwd"']);
    expect(await named('My Résult: v1.csv')).toEqual([
      'My Résult: v1.csv',
      `attachment; filename="My R_sult_ v1.csv"; filename*=UTF-8''My%20R%C3%A9sult%3A%20v1.csv`,
    ]);
  });
});
