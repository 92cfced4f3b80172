import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPublicFetch, isPublicHttps } from '../../lib/outbound/index.ts';
import { openPublicServer, type PublicServer } from '../support/public-server.ts';
import { HOSTILE_ADDRESSES, HOSTILE_URLS } from './hostile-addresses.ts';

const seen: {
  host: string | undefined;
  name: string | undefined;
  method: string | undefined;
  body: string;
}[] = [];
let server: PublicServer;
beforeAll(async () => {
  server = await openPublicServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const { servername } = req.socket as { servername?: string };
    seen.push({ host: req.headers.host, name: servername, method: req.method, body });
    const status = /^\/redirect\/(\d+)/.exec(req.url ?? '')?.[1];
    if (status !== undefined) {
      res.writeHead(Number(status), { location: `https://pictures.example.com:${server.port}/` }).end();
    } else if (req.url === '/gzip') {
      res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'));
    } else if (req.url === '/slow') res.writeHead(200).write('first ');
    else if (req.url === '/cut') {
      res.writeHead(200, { 'content-length': 10 }).write('first', () => res.destroy());
    } else if (req.url === '/empty') res.writeHead(204).end();
    else res.writeHead(200, { 'content-type': 'text/plain', 'x-seen': 'yes' }).end('hello');
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen.length = 0;
  server.resolved.length = 0;
});
const at = (path: string): string => `https://models.example.com:${server.port}${path}`;

describe('an address that may not be called', () => {
  it('is any of a corpus, and nothing is resolved or connected to', async () => {
    expect(new Set(HOSTILE_URLS).size).toBeGreaterThanOrEqual(150);
    const before = server.connections();

    for (const url of HOSTILE_URLS) {
      if (URL.canParse(url)) expect(isPublicHttps(new URL(url)), url).toBe(false);
      await expect(server.guarded(url), url).rejects.toThrow();
      // And on the port where somebody listens.
      const there = url.replace(/^(https:\/\/[^/@:]+)\/v1$/, `$1:${server.port}/`);
      await expect(server.guarded(there), there).rejects.toThrow();
    }

    expect(server.connections()).toBe(before);
    expect(server.resolved).toEqual([]);
  });

  it.each(HOSTILE_ADDRESSES)('is one that resolves to %j, also beside a public one', async (address) => {
    const family = address.includes(':') ? 6 : 4;
    const bad = { address, family };
    const good = { address: '93.184.216.34', family: 4 };
    for (const addresses of [[bad], [good, bad], [bad, good]]) {
      let asked = 0;
      const call = createPublicFetch({
        lookup: (_name, _options, callback) => {
          asked += 1;
          callback(null, addresses);
        },
      });

      await expect(call('https://rebound.example.com/')).rejects.toMatchObject({ name: 'AddressRefused' });
      expect(asked).toBe(1);
    }
  });

  it('is a name without an address, and one that resolves here', async () => {
    const none = createPublicFetch({ lookup: (_name, _options, callback) => callback(null, []) });
    const before = server.connections();

    await expect(none('https://empty.example.com/')).rejects.toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
    await expect(server.guarded(at('/'))).rejects.toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
    expect(server.connections()).toBe(before);
  });

  it.each([301, 302, 303, 307, 308])('is one that a %i leads to', async (status) => {
    await expect(server.fetch(at(`/redirect/${status}`))).rejects.toThrow('fetch failed');
    expect(seen).toHaveLength(1);
  });
});

describe('an address that may be called', () => {
  it.each([
    'https://api.openai.com/v1',
    'https://8.8.8.8/',
    'https://llm.example.com:8443/v1',
    'https://example.com./',
    'https://[2606:4700:4700::1111]/',
    'https://[2001:4860:4860::8888]/',
    'https://a_b.example.com/',
    'https://127.example.com/',
    'https://bücher.example/',
  ])('is %s', (url) => {
    expect(isPublicHttps(new URL(url))).toBe(true);
  });

  it('is connected to at the address that was checked, under its own name', async () => {
    let asked = 0;
    const rebinding = createPublicFetch({
      lookup: (_name, _options, callback) => {
        asked += 1;
        callback(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
      },
      isSpecial: (address) => address !== '127.0.0.1',
      ca: server.certificate,
    });

    const response = await rebinding(at('/'), { method: 'POST', body: 'asked' });

    expect(await response.text()).toBe('hello');
    expect(asked).toBe(1);
    expect(seen).toEqual([
      {
        host: `models.example.com:${server.port}`,
        name: 'models.example.com',
        method: 'POST',
        body: 'asked',
      },
    ]);
  });

  it('shows a certificate of its name', async () => {
    const other = `https://others.example.com:${server.port}/`;

    await expect(server.fetch(other)).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  it('answers like one that `fetch` has asked', async () => {
    const response = await server.fetch(at('/'));

    expect(response.status).toBe(200);
    expect(response.headers.get('x-seen')).toBe('yes');
    expect(await (await server.fetch(at('/gzip'))).text()).toBe('unpacked');
    expect((await server.fetch(at('/empty'))).status).toBe(204);
    await expect((await server.fetch(at('/cut'))).text()).rejects.toThrow();
  });

  it('is left when the caller has gone, before and in the middle of the answer', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(server.fetch(at('/'), { signal: gone })).rejects.toThrow('gone');

    const leaving = new AbortController();
    const response = await server.fetch(at('/slow'), { signal: leaving.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
  });
});
