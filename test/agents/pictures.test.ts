import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentPlatform } from '../../lib/agents/index.ts';
import { answer } from '../../lib/agents/run-agent.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { openPublicServer, type PublicServer } from '../support/public-server.ts';
import { aPlatform, aRequest, aVersion, failureOf, openAiAt } from './builders.ts';

const MAX = 10 * 1024 * 1024;
const PNG = Buffer.from('iVBORw0KGgo=', 'base64');

let pictures: PublicServer;
let openAi: FakeModelServer;
beforeAll(async () => {
  openAi = await openFakeOpenAi();
  pictures = await openPublicServer((req, res) => {
    const size = Number(/^\/(\d+)/.exec(req.url ?? '')?.[1] ?? PNG.length);
    if (req.url === '/gone.png') res.writeHead(404).end();
    else if (req.url === '/moved.png') res.writeHead(302, { location: '/a.png' }).end();
    else if (req.url === '/text.png') res.writeHead(200, { 'content-type': 'text/html' }).end(PNG);
    else {
      const isTold = req.url?.includes('told') ?? false;
      res.writeHead(200, { 'content-type': 'image/png', ...(isTold ? { 'content-length': size } : {}) });
      res.end(Buffer.concat([PNG], size));
    }
  });
});
afterAll(() => Promise.all([pictures.close(), openAi.close()]));
beforeEach(() => {
  openAi.requests.length = 0;
});

const ask = (path: string, platform: Partial<AgentPlatform> = { fetchPicture: pictures.fetch }) => {
  const image = `https://pictures.example.com:${pictures.port}${path}`;
  const version = aVersion({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] });
  return answer(aRequest({ provider: openAiAt(openAi), version }), aPlatform(platform));
};
const sent = (): string => JSON.stringify(openAi.requests[0]?.body.messages);

describe('a picture that a message refers to', () => {
  it('is fetched, and reaches the model as it is', async () => {
    await ask('/a.png');

    expect(sent()).toContain(`data:image/png;base64,${PNG.toString('base64')}`);
  });

  it('is one by its bytes when its server says otherwise', async () => {
    await ask('/text.png');

    expect(sent()).toContain('data:image/png;base64,');
  });

  it.each([`/${MAX}`, `/${MAX}/told`])('may be as large as %s', async (path) => {
    await ask(path);

    expect(sent().length).toBeGreaterThan(MAX);
  });

  it.each([`/${MAX + 1}`, `/${MAX + 1}/told`, '/gone.png', '/moved.png'])('is refused: %s', async (path) => {
    const failure = await failureOf(ask(path));

    expect(failure).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('image') });
    expect(openAi.requests).toHaveLength(0);
  });

  it('is not fetched from here', async () => {
    const before = pictures.connections();

    const failure = await failureOf(ask('/a.png', { fetchPicture: pictures.guarded }));

    expect(failure).toMatchObject({ code: 'invalid_request', reason: 'AddressRefused' });
    expect(pictures.connections()).toBe(before);
    expect(openAi.requests).toHaveLength(0);
  });
});

describe('a provider', () => {
  it('whose name resolves to a private address is not asked', async () => {
    const provider = { ...openAiAt(openAi), baseUrl: `https://models.example.com:${pictures.port}/v1` };
    const platform = aPlatform({ fetchProvider: pictures.guarded });
    const before = pictures.connections();

    const failure = await failureOf(answer(aRequest({ provider } as never), platform));

    expect(failure).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('address') });
    expect(pictures.connections()).toBe(before);
  });
});
