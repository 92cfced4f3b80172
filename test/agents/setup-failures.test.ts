import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentRequest } from '../../lib/agents/index.ts';
import { answer } from '../../lib/agents/run-agent.ts';
import { openFakeBedrock } from '../support/fake-bedrock.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { aPlatform, aRequest, aVersion, expectNoSecrets, failureOf, openAiAt } from './builders.ts';

let openAi: FakeModelServer;
let bedrock: FakeModelServer;
beforeAll(async () => {
  [openAi, bedrock] = await Promise.all([openFakeOpenAi(), openFakeBedrock()]);
});
afterAll(() => Promise.all([openAi.close(), bedrock.close()]));
beforeEach(() => {
  openAi.requests.length = 0;
});

const ask = (request: Partial<AgentRequest> = {}) =>
  answer(aRequest({ provider: openAiAt(openAi), ...request }), aPlatform());

describe('a failure before the provider is asked', () => {
  it('of a picture that cannot be fetched from here', async () => {
    const image = 'https://127.0.0.1:1/sk-very-secret.png';
    const version = aVersion({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] });

    const failure = await failureOf(ask({ version }));

    expect(failure).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('image') });
    expectNoSecrets(failure, openAi);
    expect(openAi.requests).toHaveLength(0);
  });

  it('of a key that is not there, or is none', async () => {
    const provider = { ...openAiAt(openAi), apiKeyRef: 'other' } as AgentRequest['provider'];
    const missing = await failureOf(ask({ provider }));
    const broken = await failureOf(
      answer(aRequest({ provider }), aPlatform({ resolveSecret: async () => 'sk-very-secret\nX: 1' })),
    );

    for (const failure of [missing, broken]) {
      expect(failure).toMatchObject({ code: 'provider_unauthorized' });
      expectNoSecrets(failure, openAi);
    }
    expect(openAi.requests).toHaveLength(0);
  });

  it('of an address that may not be called', async () => {
    const failure = await failureOf(
      answer(aRequest({ provider: openAiAt(openAi) }), aPlatform({ mayCall: () => false })),
    );

    expect(failure).toMatchObject({ code: 'invalid_request' });
    expect(openAi.requests).toHaveLength(0);
  });

  it('of a port that belongs to another protocol, which no other try would help', async () => {
    const provider = { type: 'openai-compatible', baseUrl: 'http://127.0.0.1:25/v1' } as const;

    const failure = await failureOf(answer(aRequest({ provider }), aPlatform()));

    expect(failure).toMatchObject({
      code: 'invalid_request',
      isTransient: false,
      message: expect.stringContaining('port'),
    });
  });

  it('of AWS credentials that cannot be had', async () => {
    const awsCredentials = () => Promise.reject(new Error('sk-very-secret'));
    const platform = aPlatform({ bedrockEndpoint: bedrock.url, awsCredentials });

    const failure = await failureOf(
      answer(aRequest({ provider: { type: 'bedrock', region: 'eu-west-1' } }), platform),
    );

    expect(failure).toMatchObject({ code: 'provider_unauthorized' });
    expectNoSecrets(failure, bedrock);
  });
});
