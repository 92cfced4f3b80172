import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestRun, makeAgent } from '../support/agents.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { readEvents } from '../support/sse.ts';

let platform: TestPlatform;
let server: FakeModelServer;
let echo: string;
let remote: string;
const SECRETS = ['sk-very-secret', 'saffron', 'header-secret', '127.0.0.1', 'Incorrect API key'];

beforeAll(async () => {
  process.env.RUNPLANE_SECRET_TEST_KEY = 'sk-very-secret';
  server = await openFakeOpenAi();
  platform = await startTestPlatform();
  echo = await makeAgent(platform, { id: 'agent-123' });
  const settings = { type: 'openai-compatible', baseUrl: `${server.url}/v1`, apiKeyRef: 'test/key' };
  remote = await makeAgent(platform, { settings, providerId: 'fake' });
});
afterAll(async () => {
  await platform.close();
  await server.close();
});

const post = (body: object, init: RequestInit = {}): Promise<Response> =>
  fetch(`${platform.url}/api/v1/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': platform.demo.apiKey },
    body: JSON.stringify(body),
    ...init,
  });

/** Whatever is sent, as the client of seed 004 reads it: chunk by chunk, without joining any. */
async function chunksOf(response: Response): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of response.body as ReadableStream<Uint8Array>)
    chunks.push(new TextDecoder().decode(chunk));
  return chunks;
}

describe('seed 004, as pasted', () => {
  const variables = { user_name: 'John', topic: 'AI' };

  /** The document's block with our address and key where it has its own. */
  async function block(language: string, no: number): Promise<string> {
    const document = await readFile(new URL('./seeds/004.md', import.meta.url), 'utf8');
    const blocks = [...document.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))];
    const text = blocks[no]?.[1] ?? '';
    expect(text).toContain('https://your-domain.com');
    return text;
  }

  async function curl(no: number): Promise<string> {
    const script = (await block('bash', no))
      .replace('https://your-domain.com', '"$BASE_URL"')
      .replace('your-api-key-here', '$API_KEY');
    const source = `source ${join(platform.dataFolder, 'demo.env')}`;
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `${source}\n${script.replace('curl', 'curl -sS')}`,
    ]);
    return stdout;
  }

  it('curl without streaming prints the messages', async () => {
    expect(JSON.parse(await curl(0))).toMatchObject({
      messages: [{ role: 'assistant', content: 'Hello John, AI' }],
    });
  });

  it('curl with streaming prints events', async () => {
    const printed = await curl(1);

    expect(printed).toContain('data: {"type":"start-step",');
    expect(printed).toContain('data: {"type":"text-delta","id":"0","text":"Hello "}\r\n\r\n');
    expect(printed).not.toContain('[DONE]');
  });

  it('the JavaScript prints the messages, and every part of the stream', async () => {
    const code = (await block('typescript', 0))
      .replaceAll('https://your-domain.com', platform.url)
      .replaceAll('your-api-key-here', platform.demo.apiKey);
    const [whole = '', streaming = ''] = code.split('// Streaming\n');
    const printed: Record<string, unknown>[] = [];
    const log = (value: Record<string, unknown>) => printed.push(value);
    const pasted = (text: string): Promise<void> =>
      runInNewContext(`(async () => {${text}})()`, { fetch, TextDecoder, console: { log } });

    await pasted(whole);
    expect(printed).toEqual([[{ role: 'assistant', content: 'Hello John, AI' }]]);
    printed.length = 0;
    await pasted(streaming);

    expect(printed.map(({ type }) => type)).toEqual(
      ['start', 'start-step', 'text-start', 'text-delta', 'text-delta', 'text-delta', 'text-end'].concat([
        'finish-step',
        'finish',
      ]),
    );
    expect(printed.map(({ text = '' }) => text).join('')).toBe('Hello John, AI');
  });

  it('runs the demo’s own agent too', async () => {
    const { agentId } = platform.demo;
    const answer = await (await post({ agent_id: agentId, variables })).json();

    expect(answer).toMatchObject({ text: expect.stringMatching(/John.*AI/) });
  });
});

describe('POST /api/v1/run with stream', () => {
  it('200: sends whole events, each in the documented form, and no prompt', async () => {
    server.behave({ tokenMs: 20 });
    const response = await post({ agent_id: remote, stream: true });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
    });

    const chunks = await chunksOf(response);

    for (const chunk of chunks) expect(chunk).toMatch(/^(data: \{.*\}\r\n\r\n)+$/);
    const parts = chunks.flatMap((chunk) => chunk.split('\r\n\r\n').filter(Boolean));
    const [, step, , ...rest] = parts.map((part) => JSON.parse(part.slice(6)));
    expect(step).toEqual({ type: 'start-step', request: {}, warnings: [] });
    expect(rest.at(-2)).toMatchObject({
      type: 'finish-step',
      response: expect.not.objectContaining({ headers: expect.anything() }),
    });
    expect(rest.at(-1)).toMatchObject({ type: 'finish', totalUsage: { inputTokens: 11 } });
    for (const secret of SECRETS) expect(chunks.join('')).not.toContain(secret);
  });

  it('sends the first token before the model has finished', async () => {
    server.behave({ tokenMs: 200 });
    const response = await post({ agent_id: remote, stream: true });
    for await (const { data } of readEvents(response.body as ReadableStream<Uint8Array>)) {
      if (JSON.parse(data).type !== 'text-delta') continue;
      expect(server.requests.at(-1)?.completed).toBe(false);
      break;
    }
  });

  it.each([
    ['before the first token', { status: 401 }, 0],
    ['in the middle', { breakAfter: 3 }, 1],
  ])('ends with one error part when the provider fails %s', async (_when, behaviour, least) => {
    server.behave(behaviour);
    const text = (await chunksOf(await post({ agent_id: remote, stream: true }))).join('');

    expect(
      text.endsWith('data: {"type":"error","error":{"message":"Error processing agent run"}}\r\n\r\n'),
    ).toBe(true);
    expect(text.match(/text-delta/g)?.length ?? 0).toBeGreaterThanOrEqual(least);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(await latestRun(platform, remote)).toMatchObject({ status: 'failed', stream: true });
  });

  it('refuses in JSON before anything is streamed', async () => {
    const response = await post({ agent_id: 'nobody', stream: true });

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Agent not found' });
  });

  it('cancels the model when its client goes away, and records what it cost by then', async () => {
    server.behave({ tokenMs: 100, text: 'word '.repeat(200) });
    const leaving = new AbortController();
    const response = await post({ agent_id: remote, stream: true }, { signal: leaving.signal });
    for await (const { data } of readEvents(response.body as ReadableStream<Uint8Array>)) {
      if (JSON.parse(data).type === 'text-delta') break;
    }
    leaving.abort();

    const run = await latestRun(platform, remote);

    expect(run).toMatchObject({
      id: response.headers.get('x-run-id'),
      status: 'cancelled',
      failure: { code: 'cancelled' },
      usage: { estimated: true, outputTokens: expect.any(Number) },
    });
    expect(run.usage.outputTokens).toBeGreaterThan(0);
    expect(server.requests.at(-1)?.closedEarly).toBe(true);
  });
});

describe('a client that does not wait for a whole answer', () => {
  it('cancels the model and the run', async () => {
    server.behave({ tokenMs: 100, text: 'word '.repeat(200) });
    const leaving = new AbortController();
    const before = server.requests.length;
    const answer = post({ agent_id: remote }, { signal: leaving.signal });
    while (server.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.abort();
    await expect(answer).rejects.toThrow();

    expect(await latestRun(platform, remote)).toMatchObject({ status: 'cancelled', stream: false });
    await expect.poll(() => server.requests.at(-1)?.closedEarly).toBe(true);
  });
});

describe('two at once', () => {
  it('do not mix', async () => {
    const ids = ['Ada', 'Bob', 'Cid', 'Dan'];
    const answers = await Promise.all(
      ids.map(async (user_name) => {
        const response = await post({ agent_id: echo, variables: { user_name, topic: 'x' }, stream: true });
        const parts = (await chunksOf(response)).join('').split('\r\n\r\n').filter(Boolean);
        return parts.map((part) => JSON.parse(part.slice(6)).text ?? '').join('');
      }),
    );

    expect(answers).toEqual(ids.map((name) => `Hello ${name}, x`));
  });
});
