import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { aDefinition, latestRun, makeAgent } from '../support/agents.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let server: FakeModelServer;
let agentId: string;
const run = (json: unknown, call: Call = {}) => platform.call('POST', '/api/v1/run', { json, ...call });

beforeAll(async () => {
  process.env.RUNPLANE_SECRET_TEST_KEY = 'sk-very-secret';
  server = await openFakeOpenAi();
  platform = await startTestPlatform();
  agentId = await makeAgent(platform);
});
afterAll(async () => {
  await platform.close();
  await server.close();
});

const SECRETS = ['sk-very-secret', 'saffron', 'header-secret', '127.0.0.1', 'Incorrect API key'];
const openAi = () => ({ type: 'openai-compatible', baseUrl: `${server.url}/v1`, apiKeyRef: 'test/key' });

describe('POST /api/v1/run', () => {
  it('200: answers with the messages and their text', async () => {
    const answer = await run({ agent_id: agentId, variables: { user_name: 'Ada', topic: 'hi' } });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body).toEqual({
      messages: [{ role: 'assistant', content: 'Hello Ada, hi' }],
      text: 'Hello Ada, hi',
    });
  });

  it('checks the key, then the body, then the rest in the documented order', async () => {
    const nobody = { key: null };
    expect(await run({}, nobody)).toMatchObject({ status: 401, body: { message: 'API key is required' } });
    expect(await run({}, { key: '' })).toMatchObject({
      status: 401,
      body: { message: 'API key is required' },
    });
    for (const key of ['nonsense', `${platform.demo.apiKey}x`, platform.demo.apiKey.replace('.', '.A')]) {
      expect(await run({}, { key })).toMatchObject({ status: 401, body: { message: 'Invalid API key' } });
    }
    const malformed = await platform.call('POST', '/api/v1/run', { body: '{', key: null });
    expect(malformed.body).toEqual({ message: 'API key is required' });
    // An unknown agent with a bad body: the body comes first.
    expect(await run({ agent_id: 'no-such-agent', stream: 'false' })).toMatchObject({ status: 400 });
  });

  it.each([
    [{}, 'agent_id is required'],
    [{ agent_id: '' }, 'agent_id is required'],
    [{ agent_id: null }, 'agent_id is required'],
    [{ agent_id: 7 }, 'agent_id must be a string'],
    [[], 'agent_id is required'],
    ['text', 'agent_id is required'],
    [null, 'agent_id is required'],
    [{ agent_id: 'a', stream: 'false' }, 'stream must be a boolean'],
    [{ agent_id: 'a', stream: 1 }, 'stream must be a boolean'],
    [{ agent_id: 'a', variables: [] }, 'variables must be an object of strings, numbers and booleans'],
    [{ agent_id: 'a', variables: 'x' }, 'variables must be an object of strings, numbers and booleans'],
    [{ agent_id: 'a', variables: { b: {} } }, 'variables.b must be a string, a number or a boolean'],
    [{ agent_id: 'a', variables: { b: null } }, 'variables.b must be a string, a number or a boolean'],
    [
      { agent_id: 'a', variables: { ['x'.repeat(201)]: 'b' } },
      'variables must have at most 200 names of at most 200 characters',
    ],
    [{ agent_id: 'a', overrides: [] }, 'overrides must be an object'],
    [
      { agent_id: 'a', overrides: { temperature: 'hot' } },
      'overrides.temperature must be a number from 0 to 2',
    ],
    [{ agent_id: 'a', extra_messages: {} }, 'extra_messages must be a list of messages'],
  ])('400: %j is told %s', async (body, message) => {
    expect(await run(body)).toMatchObject({ status: 400, body: { message } });
  });

  it('400: for a body that is no JSON or is not there', async () => {
    const post = (body?: string) => platform.call('POST', '/api/v1/run', body === undefined ? {} : { body });

    expect(await post('{"agent_id"')).toMatchObject({
      status: 400,
      body: { message: 'Request body is not valid JSON' },
    });
    expect(await post()).toMatchObject({ status: 400, body: { message: 'agent_id is required' } });
  });

  it('404, 403: for an agent that is nobody’s or somebody else’s', async () => {
    for (const unknown of ['no-such-agent', 'a/b', 'x'.repeat(5000), '../EVERY']) {
      expect(await run({ agent_id: unknown })).toMatchObject({
        status: 404,
        body: { message: 'Agent not found' },
      });
    }
    expect(await run({ agent_id: agentId }, { key: platform.demo.otherApiKey })).toMatchObject({
      status: 403,
      body: { message: 'Access denied to this agent' },
    });
  });

  it('403: for a key of another agent, and for one that may only read', async () => {
    const make = async (role: 'owner' | 'reader', only?: string) =>
      (
        await createKey(platform.platform, {
          ...{ workspaceId: platform.demo.workspaceId, name: role, role, agentId: only },
          owner: { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' },
        })
      ).token;
    const [mine, others, reader] = [
      await make('owner', agentId),
      await make('owner', 'another'),
      await make('reader'),
    ];

    expect(await run({ agent_id: agentId }, { key: mine })).toMatchObject({ status: 200 });
    expect(await run({ agent_id: agentId }, { key: others })).toMatchObject({
      status: 403,
      body: { message: 'Access denied to this agent' },
    });
    expect(await run({ agent_id: agentId }, { key: reader })).toMatchObject({ status: 403 });
  });

  it('404: without a deployed version', async () => {
    expect(await run({ agent_id: platform.demo.undeployedAgentId })).toMatchObject({
      status: 404,
      body: { message: 'No deployed version found for this agent' },
    });
  });

  it('400, 404: for a version that cannot run, and a provider that is not there or not known', async () => {
    const empty = await makeAgent(platform, { definition: { messages: [] } });
    const gone = await makeAgent(platform, { definition: aDefinition('never-put') });
    const odd = await makeAgent(platform, { providerId: 'odd' });
    const { workspaceId } = platform.demo;
    const record = await platform.platform.providers.get(workspaceId, 'odd');
    if (record === undefined) throw new Error('The provider is not there');
    await platform.platform.providers.replace(workspaceId, {
      ...{ ...record, version: record.version + 1 },
      settings: { type: 'xai' },
    });

    expect(await run({ agent_id: empty })).toMatchObject({
      status: 400,
      body: { message: 'Invalid agent configuration' },
    });
    expect(await run({ agent_id: gone })).toMatchObject({
      status: 404,
      body: { message: 'Provider not found' },
    });
    expect(await run({ agent_id: odd })).toMatchObject({
      status: 400,
      body: { message: 'Unsupported provider type: xai' },
    });
  });

  it.each([401, 429, 500])(
    '500: when the provider answers %i, and nothing of it gets out',
    async (status) => {
      const failing = await makeAgent(platform, { settings: openAi(), providerId: 'fake' });
      server.behave({ status });

      const answer = await run({ agent_id: failing });

      expect(answer).toMatchObject({ status: 500, body: { message: 'Error processing agent run' } });
      const recorded = await latestRun(platform, failing);
      expect(recorded).toMatchObject({
        status: 'failed',
        failure: { code: expect.stringMatching(/^provider_/) },
      });
      expect(answer.headers.get('x-run-id')).toBe(recorded.id);
      const seen = JSON.stringify([answer.body, [...answer.headers], recorded]);
      for (const secret of SECRETS) expect(seen).not.toContain(secret);
    },
  );

  it('405, 413: in the same words', async () => {
    const got = await platform.call('GET', '/api/v1/run');
    expect(got).toMatchObject({ status: 405, body: { message: 'Method not allowed' } });

    const long = { agent_id: agentId, variables: { topic: 'x'.repeat(260_000) } };
    const answer = await run(long);
    expect(answer).toMatchObject({ status: 413, body: { message: expect.stringContaining('stream') } });
    expect(await run({ ...long, stream: true })).toMatchObject({ status: 200 });
  });

  it('reaches the provider with what the caller overrides and adds, and ignores what it does not know', async () => {
    const id = await makeAgent(platform, { settings: openAi(), providerId: 'fake' });
    server.behave({});
    await run({
      agent_id: id,
      environment: 'staging',
      overrides: { model: { name: 'other-model' }, temperature: 0.5, maxOutputTokens: 7, unknown: 1 },
      extra_messages: [{ role: 'user', content: 'and {{user_name}}?' }],
      variables: { user_name: 'Ada' },
    });

    const { body = {}, headers = {} } = server.requests.at(-1) ?? {};
    expect(headers.authorization).toBe('Bearer sk-very-secret');
    expect(body).toMatchObject({ model: 'other-model', temperature: 0.5, max_tokens: 7 });
    expect(JSON.stringify(body.messages)).toContain('and {{user_name}}?');
    expect(JSON.stringify(body.messages)).toContain('Hello Ada, {{topic}}');
  });

  it.each([
    [{ topic: '$$5 $& "quoted"\nline' }, 'Hello {{user_name}}, $$5 $& "quoted"\nline'],
    [{ user_name: '{{topic}}', topic: 'x' }, 'Hello {{topic}}, x'],
    [{ user_name: 42, topic: true }, 'Hello 42, true'],
    [{ 'user.name': 'a', 'a(': 'b' }, 'Hello {{user_name}}, {{topic}}'],
    [{ User_Name: 'Ada', topic: '' }, 'Hello {{user_name}}, '],
  ])('fills %j in literally', async (variables, text) => {
    expect((await run({ agent_id: agentId, variables })).body.text).toBe(text);
  });

  it('AWS allows 256 KB a payload: an answer that is too long for an execution is passed on', async () => {
    const id = await makeAgent(platform, { definition: aDefinition('provider-of-test', '{{a}}{{a}}') });
    const a = 'x'.repeat(150_000);

    const answer = await run({ agent_id: id, variables: { a } });

    expect(answer.status).toBe(200);
    expect(answer.body.text).toHaveLength(300_000);
  });
});
