import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const OURS = 'https://app.example.com';
const RUNS = 'runs';

let platform: TestPlatform;
/** A platform that no page may call. */
let closed: TestPlatform;
beforeAll(async () => {
  [platform, closed] = await Promise.all([
    startTestPlatform(undefined, { corsOrigins: [OURS, 'https://other.example.com'] }),
    startTestPlatform(),
  ]);
});
afterAll(() => Promise.all([platform.close(), closed.close()]));

const from = (origin: string) => ({ headers: { origin } });
const preflight = (origin: string) => ({
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-api-key,content-type',
  },
  key: null,
});

describe('a page of an origin that may call', () => {
  it('204: is told what it may send', async () => {
    const { status, headers } = await platform.call('OPTIONS', RUNS, preflight(OURS));

    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(OURS);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
    expect(headers.get('vary')).toBe('origin');
  });

  it.each([
    ['200', RUNS, {}],
    ['401', RUNS, { key: 'none' }],
    ['404', '/nowhere', {}],
  ])('%s: may read the answer, and the request id that came with it', async (status, path, call) => {
    const answer = await platform.call('GET', path, { ...call, ...from(OURS) });

    expect(answer.status).toBe(Number(status));
    expect(answer.headers.get('access-control-allow-origin')).toBe(OURS);
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it('200: may read a stream', async () => {
    const { body: run } = await platform.run(platform.demo.documentId);

    const answer = await platform.call('GET', `runs/${run.id}/events/stream`, from(OURS));

    expect(answer.headers.get('access-control-allow-origin')).toBe(OURS);
  });

  it('204: may post a larger document to its form, and read the answer', async () => {
    const { body: ticket } = await platform.call('POST', 'documents/uploads', {
      json: { name: 'large.csv' },
    });
    const form = new FormData();
    for (const [field, value] of Object.entries(ticket.fields)) form.set(field, String(value));
    form.set('file', new Blob(['name\nAda\n']), 'large.csv');

    const posted = await fetch(ticket.url, { method: 'POST', body: form, headers: { origin: OURS } });

    expect(posted.status).toBe(204);
    expect(posted.headers.get('access-control-allow-origin')).toBe(OURS);
  });

  it('200: what differs by origin and by encoding says both', async () => {
    const { headers } = await platform.call('GET', '/docs/swagger-ui.css', from(OURS));

    expect(headers.get('vary')).toBe('accept-encoding, origin');
  });
});

describe('a page of any other origin', () => {
  it('is told nothing, and no shared cache mixes them up', async () => {
    const { status, headers } = await platform.call('GET', RUNS, from('https://evil.example'));

    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('vary')).toBe('origin');
  });

  it('is told nothing where no page may call', async () => {
    const answer = await closed.call('GET', RUNS, from(OURS));

    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => /access-control|vary/.test(name))).toEqual([]);
  });
});
