import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toFailure } from '../../lib/agents/classify.ts';
import { AgentFailure, type AgentRequest } from '../../lib/agents/index.ts';
import { answer, stream } from '../../lib/agents/run-agent.ts';
import { exception, openFakeBedrock } from '../support/fake-bedrock.ts';
import { type Behaviour, type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { aPlatform, aRequest, aVersion, expectNoSecrets, failureOf, openAiAt, partsOf } from './builders.ts';

let openAi: FakeModelServer;
let bedrock: FakeModelServer;
beforeAll(async () => {
  [openAi, bedrock] = await Promise.all([openFakeOpenAi(), openFakeBedrock()]);
});
afterAll(() => Promise.all([openAi.close(), bedrock.close()]));
beforeEach(() => {
  for (const server of [openAi, bedrock]) {
    server.requests.length = 0;
    server.behave({});
  }
});

const ask = (request: Partial<AgentRequest> = {}) =>
  answer(aRequest({ provider: openAiAt(openAi), ...request }), aPlatform());
const askBedrock = (request: Partial<AgentRequest> = {}) =>
  answer(
    aRequest({ provider: { type: 'bedrock', region: 'us-east-1' }, ...request }),
    aPlatform({ bedrockEndpoint: bedrock.url }),
  );
const said = (error: object): string => JSON.stringify({ error: { message: '', type: null, ...error } });

const openAiRefusals: [title: string, behaviour: Behaviour, failure: object][] = [
  ['a wrong key', { status: 401 }, { code: 'provider_unauthorized', isTransient: false }],
  [
    'a limit with a time to wait',
    { status: 429, headers: { 'retry-after': '7' } },
    { code: 'provider_rate_limited', retryAfterSeconds: 7, isTransient: true },
  ],
  [
    'a limit with milliseconds to wait',
    { status: 429, headers: { 'retry-after-ms': '1500' } },
    { code: 'provider_rate_limited', retryAfterSeconds: 2 },
  ],
  ['a limit without', { status: 429 }, { code: 'provider_rate_limited', retryAfterSeconds: undefined }],
  [
    'an account without credit',
    { status: 429, body: said({ code: 'insufficient_quota' }) },
    { code: 'provider_unauthorized', isTransient: false },
  ],
  [
    'its own fault',
    { status: 500 },
    { code: 'provider_unavailable', providerStatus: 500, isTransient: true },
  ],
  ['a gateway without a server', { status: 503 }, { code: 'provider_unavailable' }],
  ['a gateway that waited', { status: 504 }, { code: 'provider_timeout' }],
  ['an unknown model', { status: 404 }, { code: 'invalid_model', isTransient: false }],
  [
    'an unknown model, as a 400',
    { status: 400, body: said({ code: 'model_not_found' }) },
    { code: 'invalid_model' },
  ],
  [
    'too long a prompt',
    { status: 400, body: said({ code: 'context_length_exceeded' }) },
    { code: 'context_too_long', isTransient: false },
  ],
  [
    'a filtered prompt',
    { status: 400, body: said({ code: 'content_filter' }) },
    { code: 'content_filtered' },
  ],
  ['a setting it does not know', { status: 400 }, { code: 'invalid_request', isTransient: false }],
  ['a page of a proxy', { body: '<html>sk-very-secret</html>' }, { code: 'provider_unavailable' }],
  [
    'an error page of a proxy',
    { status: 500, body: '<html>sk-very-secret</html>' },
    { code: 'provider_unavailable' },
  ],
  ['no answer but a filter', { text: ' ', finishReason: 'content_filter' }, { code: 'content_filtered' }],
];

describe('a failure', () => {
  it.each(openAiRefusals)('of an OpenAI-compatible server: %s', async (_, behaviour, expected) => {
    openAi.behave(behaviour);

    const failure = await failureOf(ask());

    expect(failure).toBeInstanceOf(AgentFailure);
    expect(failure).toMatchObject(expected);
    expectNoSecrets(failure, openAi);
  });

  it.each<[string, Behaviour, object]>([
    [
      'no access',
      { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } },
      { code: 'provider_unauthorized' },
    ],
    [
      'throttling that speaks of tokens',
      { status: 429, body: JSON.stringify({ message: 'Too many tokens, please wait before trying again.' }) },
      { code: 'provider_rate_limited' },
    ],
    ['its own fault', { status: 500 }, { code: 'provider_unavailable' }],
    ['a model that failed', { status: 424 }, { code: 'provider_unavailable' }],
    [
      'an unknown model',
      { status: 400, body: JSON.stringify({ message: 'The provided model identifier is invalid.' }) },
      { code: 'invalid_model' },
    ],
    [
      'too long a prompt',
      { status: 400, body: JSON.stringify({ message: 'Input is too long for requested model.' }) },
      { code: 'context_too_long' },
    ],
    ['an answer that is no JSON', { body: '{"output": ' }, { code: 'provider_unavailable' }],
  ])('of Bedrock: %s', async (_, behaviour, expected) => {
    bedrock.behave(behaviour);

    const failure = await failureOf(askBedrock());

    expect(failure).toMatchObject(expected);
    expectNoSecrets(failure, bedrock);
  });

  it.each([
    ['throttlingException', 'provider_rate_limited'],
    ['serviceUnavailableException', 'provider_unavailable'],
    ['modelStreamErrorException', 'provider_unavailable'],
    ['validationException', 'invalid_request'],
  ])('of Bedrock inside a stream: %s', async (type, code) => {
    bedrock.behave({ garbageAfter: 2, garbage: exception(type, 'secret-role says no') });
    const run = stream(
      aRequest({ provider: { type: 'bedrock', region: 'us-east-1' } }),
      aPlatform({ bedrockEndpoint: bedrock.url }),
    );

    const parts = await partsOf(run);

    expect(parts.at(-1)).toMatchObject({ type: 'error' });
    expect(run.summary().failure).toMatchObject({ code });
    expectNoSecrets([parts, run.summary()], bedrock);
  });

  it('of an OpenAI-compatible server inside a stream', async () => {
    openAi.behave({
      garbageAfter: 2,
      garbage: `data: ${said({ type: 'rate_limit_exceeded', message: 'sk-very-secret' })}\n\n`,
    });
    const run = stream(aRequest({ provider: openAiAt(openAi) }), aPlatform());

    const parts = await partsOf(run);

    expect(run.summary().failure).toMatchObject({ code: 'provider_rate_limited' });
    expectNoSecrets([parts, run.summary()], openAi);
  });

  it('of a server that is not there', async () => {
    const gone = await openFakeOpenAi();
    await gone.close();

    const failure = await failureOf(ask({ provider: openAiAt(gone) }));

    expect(failure).toMatchObject({ code: 'provider_unavailable', reason: 'ECONNREFUSED' });
    expectNoSecrets(failure, gone);
  });

  it('of a server that redirects: it is not followed', async () => {
    openAi.behave({ status: 307, headers: { location: `${bedrock.url}/elsewhere` } });

    expect(await failureOf(ask())).toMatchObject({ code: 'provider_unavailable' });
    expect(bedrock.requests).toHaveLength(0);
  });

  it('of time: the provider is let go', async () => {
    openAi.behave({ hang: true });

    expect(await failureOf(ask({ timeoutMs: 500 }))).toMatchObject({
      code: 'provider_timeout',
      isTransient: true,
    });
    await expect.poll(() => openAi.requests[0]?.closedEarly).toBe(true);
  });

  it('of a caller that went away is a cancelled run', async () => {
    openAi.behave({ hang: true });

    const controller = new AbortController();
    void expect
      .poll(() => openAi.requests.length)
      .toBe(1)
      .then(() => controller.abort());

    expect(await failureOf(ask({ signal: controller.signal }))).toMatchObject({
      code: 'cancelled',
      isTransient: false,
    });
    await expect.poll(() => openAi.requests[0]?.closedEarly).toBe(true);
  });

  it('of JSON that is none, or was cut off', async () => {
    const version = aVersion({ output: 'json' });
    openAi.behave({ text: 'Certainly! {"a": 1}' });
    expect(await failureOf(ask({ version }))).toMatchObject({
      code: 'invalid_output',
      usage: { totalTokens: 14 },
    });

    openAi.behave({ text: '{"a": [1, 2', finishReason: 'length' });
    expect(await failureOf(ask({ version }))).toMatchObject({
      code: 'invalid_output',
      message: expect.stringContaining('limit of tokens'),
    });
  });

  it('of our own is internal, and an unknown one may pass', () => {
    expect(toFailure(new TypeError('x is not a function'))).toMatchObject({ code: 'internal_error' });
    const prompt = Object.assign(new Error('secret'), { name: 'AI_InvalidPromptError' });
    expect(toFailure(prompt)).toMatchObject({ code: 'internal_error', reason: 'AI_InvalidPromptError' });
    expect(toFailure('?')).toMatchObject({ code: 'provider_unavailable' });
  });

  it('reads Retry-After as a date too', () => {
    const headers = { 'retry-after': new Date(Date.now() + 30_000).toUTCString() };
    const { retryAfterSeconds } = toFailure({ statusCode: 429, responseHeaders: headers });

    expect(retryAfterSeconds).toBeGreaterThanOrEqual(28);
    expect(retryAfterSeconds).toBeLessThanOrEqual(31);
  });
});
