import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentRequest } from '../../lib/agents/index.ts';
import { answer } from '../../lib/agents/run-agent.ts';
import { openFakeBedrock } from '../support/fake-bedrock.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { aPlatform, aRequest, aVersion, KEY, openAiAt, PROMPT } from './builders.ts';

let openAi: FakeModelServer;
let bedrock: FakeModelServer;
beforeAll(async () => {
  [openAi, bedrock] = await Promise.all([openFakeOpenAi(), openFakeBedrock()]);
});
afterAll(() => Promise.all([openAi.close(), bedrock.close()]));
const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
  vi.spyOn(console, method),
);
afterAll(() => vi.restoreAllMocks());
beforeEach(() => {
  for (const server of [openAi, bedrock]) {
    server.requests.length = 0;
    server.behave({});
  }
});
afterEach(() => {
  for (const method of printed) expect(method).not.toHaveBeenCalled();
});

const ask = (request: Partial<AgentRequest> = {}) =>
  answer(aRequest({ provider: openAiAt(openAi), ...request }), aPlatform());
const askBedrock = (request: Partial<AgentRequest> = {}) =>
  answer(
    aRequest({ provider: { type: 'bedrock', region: 'us-east-1' }, ...request }),
    aPlatform({ bedrockEndpoint: bedrock.url }),
  );

describe('answer, from an OpenAI-compatible server', () => {
  it('is a message of plain text with usage, reason and the model that answered', async () => {
    const text = 'Hello from the fake model.';

    expect(await ask()).toEqual({
      messages: [{ role: 'assistant', content: text }],
      text,
      usage: { inputTokens: 11, outputTokens: 5, totalTokens: 16 },
      finishReason: 'stop',
      modelId: 'fake-model-2026',
    });
  });

  it('sends key, model, one system message and the filled messages', async () => {
    await ask({
      version: aVersion({ instructions: 'Be brief, {{user_name}}.', temperature: 0.5, maxOutputTokens: 50 }),
      additionalInstructions: 'Answer {{user_name}} in French.',
      conversation: [{ role: 'user', content: 'Earlier {{user_name}}' }],
      extraMessages: [{ role: 'user', content: [{ type: 'text', text: 'Extra {{user_name}}' }] }],
    });

    const [request] = openAi.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.body).toMatchObject({ model: 'test-model', temperature: 0.5, max_tokens: 50 });
    expect(request?.body.messages).toEqual([
      { role: 'system', content: `Be brief, Ada.\n\n${PROMPT}\n\nAnswer {{user_name}} in French.` },
      { role: 'user', content: 'Hello Ada' },
      { role: 'user', content: 'Earlier {{user_name}}' },
      { role: 'user', content: 'Extra {{user_name}}' },
    ]);
  });

  it('lets a caller override model, temperature and limit', async () => {
    await ask({ overrides: { model: 'other', temperature: 0, maxOutputTokens: 7 } });

    expect(openAi.requests[0]?.body).toMatchObject({ model: 'other', temperature: 0, max_tokens: 7 });
  });

  it.each([
    ['https://api.openai.com/v1', 'max_completion_tokens'],
    ['https://res.openai.azure.com/openai/v1', 'max_completion_tokens'],
    ['https://api.openai.com.example/v1', 'max_tokens'],
  ])('names the limit of tokens as %s wants it: %s', async (baseUrl, member) => {
    const bodies: string[] = [];
    vi.stubGlobal('fetch', async (_: unknown, init: RequestInit) => {
      bodies.push(String(init.body));
      return Response.json({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] });
    });

    const provider = { type: 'openai-compatible' as const, baseUrl };
    await ask({ provider, overrides: { maxOutputTokens: 7 } }).finally(() => vi.unstubAllGlobals());

    const limits = Object.entries(JSON.parse(bodies[0] ?? '{}')).filter(([name]) => name.startsWith('max_'));
    expect(limits).toEqual([[member, 7]]);
  });

  it('sends the key under another header, and headers of the settings', async () => {
    const provider = { ...openAiAt(openAi), apiKeyHeader: 'api-key', headers: { 'X-Team': 'blue' } };

    await ask({ provider: provider as AgentRequest['provider'] });

    expect(openAi.requests[0]?.headers).toMatchObject({ 'api-key': KEY, 'x-team': 'blue' });
    expect(openAi.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('estimates the usage that a server does not report', async () => {
    openAi.behave({ silentUsage: true });

    const { usage } = await ask();

    expect(usage).toMatchObject({ estimated: true, outputTokens: 7 });
    expect(usage.inputTokens).toBeGreaterThan(10);
  });

  it('asks for JSON by the response format and takes it out of a code fence', async () => {
    openAi.behave({ text: '```json\n{"a": 1}\n```' });

    const { text } = await ask({ version: aVersion({ output: 'json' }) });

    expect(JSON.parse(text)).toEqual({ a: 1 });
    expect(openAi.requests[0]?.body.response_format).toEqual({ type: 'json_object' });
    expect(JSON.stringify(openAi.requests[0]?.body.messages)).toContain('JSON');
  });

  it('repeats once, and soon, when a gateway in front of the provider fails', async () => {
    openAi.behave({ status: 503, times: 1 });
    const startedAt = performance.now();

    expect((await ask()).text).toBe('Hello from the fake model.');
    expect(openAi.requests).toHaveLength(2);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('sends pictures, and asks an agent of system messages alone as the user', async () => {
    const image = 'data:image/png;base64,iVBORw0KGgo=';
    await ask({ version: aVersion({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] }) });
    await ask({ version: aVersion({ messages: [{ role: 'system', content: 'Tell a joke.' }] }) });

    expect(JSON.stringify(openAi.requests[0]?.body.messages)).toContain(image);
    expect(openAi.requests[1]?.body.messages).toEqual([{ role: 'user', content: 'Tell a joke.' }]);
  });
});

describe('answer, from Bedrock', () => {
  it('speaks Converse, signed, with the system apart', async () => {
    expect(await askBedrock({ version: aVersion({ temperature: 1.5 }) })).toMatchObject({
      text: 'Hello from the fake model.',
      usage: { inputTokens: 9, outputTokens: 5, totalTokens: 14 },
      finishReason: 'stop',
      modelId: 'test-model',
    });

    const [request] = bedrock.requests;
    expect(request?.path).toBe('/model/test-model/converse');
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/us-east-1\/bedrock/,
    );
    expect(request?.headers['x-amz-security-token']).toBe('token');
    expect(request?.body).toMatchObject({
      system: [{ text: PROMPT }],
      messages: [{ role: 'user', content: [{ text: 'Hello Ada' }] }],
      // Bedrock knows no more than 1; the SDK's warning about it is not printed.
      inferenceConfig: { temperature: 1 },
    });
  });

  it('has no JSON mode and is asked in words', async () => {
    bedrock.behave({ text: '{"a": 1}' });

    expect((await askBedrock({ version: aVersion({ output: 'json' }) })).text).toBe('{"a": 1}');
    expect(JSON.stringify(bedrock.requests[0]?.body.system)).toContain('JSON');
  });

  it('leaves out texts that an empty variable made blank', async () => {
    await askBedrock({
      version: aVersion({
        messages: [
          { role: 'user', content: '{{user_name}}' },
          { role: 'user', content: 'Hello' },
        ],
      }),
      variables: { user_name: '' },
    });

    expect(bedrock.requests[0]?.body.messages).toEqual([{ role: 'user', content: [{ text: 'Hello' }] }]);
  });
});
