import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { isStreamToken, readStreamToken, streamToken } from '../../lib/apis/workspaces/stream-links.ts';
import type { ApiKey } from '../../lib/apis/workspaces/workspaces.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const PAGE = 'http://localhost:5555';
let platform: TestPlatform;
let runId: string;
let otherRunId: string;
beforeAll(async () => {
  platform = await startTestPlatform(undefined, { corsOrigins: [PAGE] });
  const { documentId } = platform.demo;
  runId = (await platform.run(documentId)).body.id;
  otherRunId = (await platform.run(documentId)).body.id;
});
afterAll(() => platform.close());

const ask = (key?: string | null, id = runId) =>
  platform.call('POST', `runs/${id}/events/link`, key === undefined ? {} : { key });
/** As an EventSource asks: without any header of ours. */
const open = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { accept: 'text/event-stream', origin: PAGE, ...headers } });

describe('POST /runs/{runId}/events/link', () => {
  it('201: an address that shows the whole stream to who has no key, for five minutes', async () => {
    const { status, body } = await ask();
    const withKey = await platform.call('GET', `runs/${runId}/events/stream`);
    const answer = await open(body.url);
    const text = await answer.text();
    const [, second] = [...text.matchAll(/^id: (\d+)/gm)].map(([, id]) => id);
    const rest = await (await open(body.url, { 'last-event-id': second ?? '' })).text();

    expect(status).toBe(201);
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(290_000);
    expect(Date.parse(body.expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(text).toBe(withKey.body);
    expect(text).toContain('event: end');
    expect(rest.startsWith(`id: ${second}\r\nevent: ready`)).toBe(true);
    expect(rest.length).toBeLessThan(text.length);
    expect(body.url.startsWith(`${platform.url}/api/v1/workspaces/`)).toBe(true);
  });

  it('is for this run and its stream only', async () => {
    const { body } = await ask();
    const url = new URL(body.url);
    const at = (path: string) => {
      const other = new URL(url);
      other.pathname = path;
      return open(other.href);
    };
    const token = url.searchParams.get('token') ?? '';

    expect((await at(url.pathname.replace(runId, otherRunId))).status).toBe(401);
    expect((await at(url.pathname.replace(runId, runId.toUpperCase()))).status).not.toBe(500);
    for (const path of ['', '/events/download', '/output', '/output/download']) {
      expect((await at(url.pathname.replace('/events/stream', path))).status).toBe(401);
    }
    for (const [at, char] of [...token].entries()) {
      const changed = token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1);
      url.searchParams.set('token', changed);
      expect([at, (await open(url.href)).status]).toEqual([at, 401]);
    }
    for (const none of ['', '.', 'a.b.c', 'x'.repeat(10_000)]) {
      url.searchParams.set('token', none);
      expect((await open(url.href)).status).toBe(401);
    }
  });

  it('401, 403, 404: without a key, for others, for a run that is not there', async () => {
    expect((await ask(null)).status).toBe(401);
    expect((await ask('none')).status).toBe(401);
    expect([403, 404]).toContain((await ask(platform.demo.otherApiKey)).status);
    expect((await ask(undefined, '018f0000-0000-7000-8000-0000000000ff')).status).toBe(404);
  });

  it('ends with its key', async () => {
    const { workspaceId } = platform.demo;
    const owner = { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' };
    const made = await createKey(platform.platform, { workspaceId, name: 'page', role: 'reader', owner });
    const { body } = await ask(made.token);
    const { key } = made;
    await platform.platform.keys.replace({
      ...key,
      version: key.version + 1,
      revokedAt: new Date().toISOString(),
    });
    const [token] = [new URL(body.url).searchParams.get('token') ?? ''];
    const read = readStreamToken(token);
    const revoked = await platform.platform.keys.get(key.prefix);

    expect(read && revoked && isStreamToken(revoked, read, { workspaceId, runId }, new Date())).toBe(false);
  });
});

it('a token is good until its moment, and not for another key', () => {
  const key = { prefix: 'abcdefghijkl', secretHash: 'one' } as ApiKey;
  const of = { workspaceId: 'W', runId: 'R' };
  const token = readStreamToken(streamToken(key, { ...of, until: 1_800_000_000 }));
  const at = (seconds: number, with_: ApiKey = key, what = of) =>
    token !== undefined && isStreamToken(with_, token, what, new Date(seconds * 1000));

  expect(at(1_799_999_999)).toBe(true);
  expect(at(1_800_000_000)).toBe(false);
  expect(at(1_799_999_999, { ...key, secretHash: 'two' })).toBe(false);
  expect(at(1_799_999_999, key, { ...of, runId: 'other' })).toBe(false);
  expect(at(1_799_999_999, { ...key, expiresAt: '2020-01-01T00:00:00.000Z' })).toBe(false);
});
