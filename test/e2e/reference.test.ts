import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { openApiDocument } from '../../lib/apis/operation/openapi.ts';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  platform.call('GET', path, { key: null, headers });

describe('GET /openapi.json', () => {
  it('200: the description of every operation, to anybody', async () => {
    const answer = await get('/openapi.json');

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body).toEqual(openApiDocument(operations, { version: VERSION }));
  });

  it('200: the same as is committed', async () => {
    const { default: committed } = await import('../../docs/openapi.json', { with: { type: 'json' } });

    expect((await get('/openapi.json')).body).toEqual(committed);
  });
});

describe('GET /docs', () => {
  it('200: a page that may only run what came with it', async () => {
    const answer = await get('/docs');

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(answer.body).not.toMatch(/https?:/);
  });

  it('200: every file that the page names is there, as what it is', async () => {
    const { body } = await get('/docs');
    const named = [...String(body).matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => `/${path}`);

    const answers = await Promise.all(named.map((path) => get(path)));

    expect(
      named.map((path, at) => [path, answers[at]?.status, answers[at]?.headers.get('content-type')]),
    ).toEqual([
      ['/docs/favicon-32x32.png', 200, 'image/png'],
      ['/docs/swagger-ui.css', 200, 'text/css; charset=utf-8'],
      ['/docs/swagger-ui-bundle.js', 200, 'text/javascript; charset=utf-8'],
      ['/docs/start.js', 200, 'text/javascript; charset=utf-8'],
    ]);
  });

  it('200: compressed for those who take it so', async () => {
    const path = '/docs/swagger-ui.css';
    // `fetch` asks for compression itself and undoes it, so the one without has to refuse it.
    const [plain, compressed] = await Promise.all([
      get(path, { 'accept-encoding': 'identity' }),
      fetch(`${platform.url}${path}`, { headers: { 'accept-encoding': 'gzip' } }),
    ]);

    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(Buffer.from(await compressed.arrayBuffer())).toEqual(plain.bytes);
    expect(() => gunzipSync(plain.bytes)).toThrow(/incorrect header/);
  });

  it.each(['package.json', '..%2fpackage.json', 'swagger-ui.js', '__proto__'])('404: %s', async (name) => {
    const answer = await get(`/docs/${name}`);

    expect(answer).toMatchObject({ status: 404, body: { status: 404, title: 'Not found' } });
  });
});
