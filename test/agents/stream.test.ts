import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentRequest, Part } from '../../lib/agents/index.ts';
import { stream } from '../../lib/agents/run-agent.ts';
import { openFakeBedrock } from '../support/fake-bedrock.ts';
import { type FakeModelServer, openFakeOpenAi, pause } from '../support/fake-openai.ts';
import {
  aPlatform,
  aRequest,
  aVersion,
  expectNoSecrets,
  openAiAt,
  partsOf,
  textOf,
  typesOf,
} from './builders.ts';

const servers: Record<string, FakeModelServer> = {};
const requests: Record<string, (server: FakeModelServer) => AgentRequest['provider']> = {
  'an OpenAI-compatible server': openAiAt,
  Bedrock: () => ({ type: 'bedrock', region: 'us-east-1' }),
};
const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
  vi.spyOn(console, method),
);
afterAll(() => vi.restoreAllMocks());

beforeAll(async () => {
  servers['an OpenAI-compatible server'] = await openFakeOpenAi();
  servers.Bedrock = await openFakeBedrock();
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));
afterEach(() => {
  for (const method of printed) expect(method).not.toHaveBeenCalled();
});

describe.each(Object.keys(requests))('stream, from %s', (name) => {
  let server: FakeModelServer;
  const open = (request: Partial<AgentRequest> = {}) =>
    stream(
      aRequest({ provider: requests[name]?.(server) ?? { type: 'echo' }, ...request }),
      aPlatform({ bedrockEndpoint: server.url }),
    );
  beforeEach(() => {
    server = servers[name] ?? expect.unreachable();
    server.requests.length = 0;
    server.behave({});
  });

  it('yields the parts of a plain answer in their order, and nothing of the request', async () => {
    const run = open();

    const parts = await partsOf(run);

    expect(typesOf(parts)).toEqual([
      'start',
      'start-step',
      'text-start',
      ...Array<string>(5).fill('text-delta'),
      'text-end',
      'finish-step',
      'finish',
    ]);
    expect(textOf(parts)).toBe('Hello from the fake model.');
    expect(parts[1]).toEqual({ type: 'start-step', request: {}, warnings: [] });
    expect(parts.at(-1)).toMatchObject({ finishReason: 'stop', totalUsage: { outputTokens: 5 } });
    expectNoSecrets(parts, server);
    // The provider's own report, `raw`, has whatever it likes to put there.
    expect(JSON.stringify(parts)).not.toMatch(/"raw"|prompt_tokens|headers|providerMetadata|"body"/);
    const usage =
      name === 'Bedrock' ? { inputTokens: 9, totalTokens: 14 } : { inputTokens: 11, totalTokens: 16 };
    expect(run.summary()).toEqual({
      status: 'succeeded',
      text: 'Hello from the fake model.',
      usage: { ...usage, outputTokens: 5 },
      msToFirstToken: expect.any(Number),
      finishReason: 'stop',
      modelId: name === 'Bedrock' ? 'test-model' : 'fake-model-2026',
    });
  });

  it('yields the first word before the provider has finished', async () => {
    server.behave({ tokenMs: 60 });
    let completedAtFirst: boolean | undefined;

    for await (const part of open())
      if (part.type === 'text-delta') completedAtFirst ??= server.requests[0]?.completed;

    expect(completedAtFirst).toBe(false);
  });

  it('is over when the answer is, though the connection stays open, which is then let go', async () => {
    server.behave({ hold: 'after usage' });
    const run = open();
    const startedAt = performance.now();

    const parts = await partsOf(run);

    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
    expect(run.summary()).toMatchObject({ status: 'succeeded', usage: { outputTokens: 5 } });
    expect(run.summary().usage.estimated).toBeUndefined();
    await vi.waitFor(() => expect(server.requests[0]?.closedEarly).toBe(true));
  });

  it('measures a slow first token', async () => {
    server.behave({ firstTokenMs: 250 });
    const run = open();

    await partsOf(run);

    expect(run.summary().msToFirstToken).toBeGreaterThanOrEqual(240);
  });

  it('aborts: one abort part, the connection of the provider closed, partial usage', async () => {
    server.behave({ tokenMs: 60, text: 'one two three four five six seven eight nine ten' });
    const controller = new AbortController();
    const run = open({ signal: controller.signal });
    const parts: Part[] = [];

    for await (const part of run) {
      parts.push(part);
      if (textOf(parts).includes('two')) controller.abort();
    }

    expect(typesOf(parts).at(-1)).toBe('abort');
    expect(typesOf(parts).filter((type) => type === 'abort' || type === 'error')).toEqual(['abort']);
    await expect.poll(() => server.requests[0]?.closedEarly).toBe(true);
    const summary = run.summary();
    expect(summary).toMatchObject({ status: 'cancelled', text: textOf(parts), usage: { estimated: true } });
    expect(summary.usage.inputTokens).toBeGreaterThan(0);
    expect(summary.usage.outputTokens).toBeGreaterThan(0);
  });

  it('cancels the call when the reader stops reading', async () => {
    server.behave({ tokenMs: 60 });
    const run = open();

    for await (const part of run) if (part.type === 'text-delta') break;

    await expect.poll(() => server.requests[0]?.closedEarly).toBe(true);
    expect(run.summary().status).toBe('cancelled');
  });

  it('reaches the provider with an abort after a garbage collection too', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    server.behave({ tokenMs: 60, text: 'one two three four five six seven eight nine ten' });
    const controller = new AbortController();

    for await (const part of open({ signal: controller.signal })) {
      if (part.type !== 'text-delta') continue;
      for (let round = 0; round < 4; round += 1) {
        collectGarbage();
        await pause(5);
      }
      controller.abort();
    }

    await expect.poll(() => server.requests[0]?.closedEarly).toBe(true);
  });

  it('aborts a provider that never answers', async () => {
    server.behave({ hang: true });
    const controller = new AbortController();
    void expect
      .poll(() => server.requests)
      .toHaveLength(1)
      .then(() => controller.abort());

    const run = open({ signal: controller.signal });

    expect(typesOf(await partsOf(run))).toEqual(['start', 'abort']);
    expect(run.summary()).toMatchObject({ status: 'cancelled', usage: { totalTokens: 0 } });
    await expect.poll(() => server.requests[0]?.closedEarly).toBe(true);
  });

  it('times out: an error, the connection closed', async () => {
    server.behave({ hang: true });
    const run = open({ timeoutMs: 500 });

    expect(typesOf(await partsOf(run))).toEqual(['start', 'error']);
    expect(run.summary()).toMatchObject({ status: 'failed', failure: { code: 'provider_timeout' } });
    await expect.poll(() => server.requests[0]?.closedEarly).toBe(true);
  });

  it.each([
    ['breaks in the middle', { breakAfter: 3 }],
    ['ends in the middle', { endAfter: 3 }],
    ['sends what is no part of its protocol', { garbageAfter: 3, garbage: 'data: {"nonsense\n\n' }],
  ])('fails when the provider %s', async (_, behaviour) => {
    server.behave(behaviour);
    const run = open();

    const parts = await partsOf(run);

    expect(typesOf(parts).filter((type) => type === 'error' || type === 'finish')).toEqual(['error']);
    expect(parts.at(-1)).toEqual({ type: 'error', error: { message: 'Error processing agent run' } });
    expect(textOf(parts)).toMatch(/^Hello from/);
    expect(run.summary()).toMatchObject({
      status: 'failed',
      failure: { code: 'provider_unavailable', isTransient: true },
    });
    expect(run.summary().usage.outputTokens).toBeGreaterThan(0);
    expectNoSecrets([parts, run.summary()], server);
  });

  it('fails before the first token when the provider refuses', async () => {
    server.behave({ status: 401 });
    const run = open();

    const parts = await partsOf(run);

    expect(typesOf(parts)).toEqual(['start', 'error']);
    expect(run.summary()).toMatchObject({
      status: 'failed',
      failure: { code: 'provider_unauthorized', providerStatus: 401 },
      usage: { totalTokens: 0 },
    });
    expectNoSecrets([parts, run.summary()], server);
  });

  it('streams JSON out of its fence, and fails at what is none', async () => {
    server.behave({ text: '```json\n{"answer": "a good one"}\n```' });
    const json = aVersion({ output: 'json' });
    expect(textOf(await partsOf(open({ version: json })))).toBe('{"answer": "a good one"}');

    server.behave({ text: 'I would rather not.' });
    const run = open({ version: json });
    expect(typesOf(await partsOf(run)).slice(-2)).toEqual(['text-end', 'error']);
    expect(run.summary().failure).toMatchObject({ code: 'invalid_output', usage: { outputTokens: 4 } });
  });

  it('lets nothing wait for a reader that is gone before it began', async () => {
    const run = open({ signal: AbortSignal.abort() });

    expect(typesOf(await partsOf(run))).toEqual(['start', 'abort']);
    await pause(20);
    expect(server.requests).toHaveLength(0);
  });
});
