import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { pathsOf } from '../../lib/apis/operation/operation.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const OURS = 'http://localhost:5555';
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform(undefined, { corsOrigins: [OURS] });
});
afterAll(() => platform.close());

const project = (path: string): string => `/api/projects/${platform.demo.workspaceId}/${path}`;

/** A body for one operation of each API, and what it answers to it. */
const BODIES: [api: string, path: () => string, body: () => object, status: number][] = [
  ['workspace runs', () => 'runs', () => ({ inputDocumentId: platform.demo.documentId }), 201],
  ['process runs', () => '/processes', () => ({}), 400],
  ['thread runs', () => project('threads'), () => ({ assistantId: platform.demo.agentId }), 201],
  ['agent run', () => '/api/v1/run', () => ({}), 400],
];
const WORDS: Record<string, (body: object) => boolean> = {
  'workspace runs': (body) => 'instance' in body && 'requestId' in body,
  'process runs': (body) => 'status_code' in body && 'message' in body,
  'thread runs': (body) => 'message' in body || ('traceId' in body && 'errors' in body),
  'agent run': (body) => Object.keys(body).join() === 'message',
};

const isOurWords = (api: string) => (body: object) => WORDS[api]?.(body) ?? false;

describe('a page’s preflight', () => {
  it.each(['runs', '/runs', '/api/v1/run', '/api/projects/p/threads'])(
    'of %s lets monitoring add its headers',
    async (path) => {
      const { headers } = await platform.call('OPTIONS', path, { headers: { origin: OURS }, key: null });
      const allowed = headers.get('access-control-allow-headers')?.toLowerCase().split(', ');

      expect(allowed).toEqual(
        expect.arrayContaining(['x-correlation-id', 'traceparent', 'tracestate', 'baggage', 'sentry-trace']),
      );
    },
  );

  it('of what a download redirects to lets the key along', async () => {
    const { body: run } = await platform.run(platform.demo.documentId);
    const redirect = await platform.call('GET', `runs/${run.id}/output/download?redirect=true`);
    const location = redirect.headers.get('location') ?? '';
    const asked = { origin: OURS, 'access-control-request-headers': 'x-api-key' };

    const preflight = await fetch(location, { method: 'OPTIONS', headers: asked });
    const answer = await fetch(location, { headers: { origin: OURS, 'x-api-key': platform.demo.apiKey } });

    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(OURS);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, OURS]);
  });
});

describe('methods', () => {
  it.each(['runs/batch', 'documents/uploads'])('405 but POST for %s', async (path) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await platform.call(method, path);

      expect([method, status, headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
  });

  it('of every path are its own', async () => {
    const methods = new Map<string, string[]>();
    for (const op of operations) {
      for (const path of pathsOf(op)) methods.set(path, [...(methods.get(path) ?? []), op.method]);
    }
    for (const [path, own] of methods) {
      const { status, headers } = await platform.call('OPTIONS', path.replace(/\{\w+\}/g, 'x'), {
        key: null,
      });

      expect([path, status, headers.get('allow')?.split(', ').sort()]).toEqual([path, 204, own.toSorted()]);
    }
  });
});

describe.each(BODIES)('a body of %s', (api, path, body, status) => {
  const send = (sent: Uint8Array, headers: Record<string, string> = {}) =>
    platform.call('POST', path(), {
      body: sent,
      headers: { 'content-type': 'application/json', origin: OURS, ...headers },
    });
  const json = () => Buffer.from(JSON.stringify(body()));
  const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

  it.each(['br', 'gzip', 'deflate', 'zstd', 'nonsense', 'identity, gzip', 'GZIP'])(
    '415: in %s',
    async (coding) => {
      const bytes = /gzip/i.test(coding) ? gzipSync(json()) : json();

      const answer = await send(bytes, { 'content-encoding': coding });

      expect(answer.status).toBe(415);
      expect(answer.body).toSatisfy(isOurWords(api));
      expect(answer.headers.get('access-control-allow-origin')).toBe(OURS);
      expect(answer.headers.get('accept-encoding')).toBe('identity');
    },
  );

  it('is read as it is, and with a mark at its beginning', async () => {
    const plain = await send(json());
    const marked = await send(Buffer.concat([MARK, json()]));
    const twice = await send(Buffer.concat([MARK, MARK, json()]));

    expect((await send(json(), { 'content-encoding': 'identity' })).status).toBe(status);
    expect([plain.status, marked.status]).toEqual([status, status]);
    expect([400, 422]).toContain(twice.status);
    expect(Object.keys(marked.body)).toEqual(Object.keys(plain.body));
  });
});

it('415: a form in an encoding', async () => {
  for (const path of ['documents', `documents/${platform.demo.documentId}/versions`]) {
    const body = new FormData();
    body.set('file', new Blob(['a']), 'a.csv');
    const { status } = await platform.call('POST', path, { body, headers: { 'content-encoding': 'br' } });
    expect(status).toBe(415);
  }
});

describe('a URL that is not encoded properly', () => {
  /** As it is: `fetch` would encode it. */
  const get = (target: string) =>
    new Promise<{ status: number; head: string; body: object }>((resolve, reject) => {
      const socket = connect(Number(new URL(platform.url).port), '127.0.0.1');
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => {
        const [head = '', body = ''] = received.split('\r\n\r\n');
        const text = body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1);
        resolve({ status: Number(head.split(' ')[1]), head, body: JSON.parse(text) });
      });
      const headers = `Host: x\r\nOrigin: ${OURS}\r\nX-API-Key: ${platform.demo.apiKey}\r\nConnection: close`;
      socket.end(`GET ${target} HTTP/1.1\r\n${headers}\r\n\r\n`);
    });

  it.each([
    ['workspace runs', () => `/api/v1/workspaces/${platform.demo.workspaceId}/runs/`],
    ['process runs', () => '/runs/'],
    ['thread runs', () => project('threads/')],
    ['agent run', () => '/api/v1/agents/'],
  ])('400: in the words of %s', async (api, base) => {
    for (const bad of ['%zz', '%', '%ff', 'a%E0%A4%A']) {
      const path = base() + bad + (api === 'agent run' ? '/runs' : '');
      const { status, head, body } = await get(path);

      expect([path, status]).toEqual([path, 400]);
      expect(body).toSatisfy(isOurWords(api));
      expect(head.toLowerCase()).toContain(`access-control-allow-origin: ${OURS}`);
      expect(head.toLowerCase()).toContain('x-request-id: ');
    }
  });

  it('400: also in its query', async () => {
    const { status, body } = await get(`/api/v1/workspaces/${platform.demo.workspaceId}/runs?limit=%zz`);

    expect(status).toBe(400);
    expect(body).toSatisfy(isOurWords('workspace runs'));
  });
});
