import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDefinition, latestRun, makeAgent } from '../support/agents.ts';
import { type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let agentId: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  agentId = await makeAgent(platform);
});
afterAll(() => platform.close());

const VARIABLES = { user_name: 'Ada', topic: 'saffron' };
const run = (json: object, call: Call = {}) =>
  platform.call('POST', '/api/v1/run', {
    json: { agent_id: agentId, variables: VARIABLES, ...json },
    ...call,
  });
const get = (path: string, call: Call = {}) => platform.call('GET', `/api/v1/agents/${path}`, call);
const keepContent = (keeps: boolean) =>
  platform.call('PATCH', `/api/v1/workspaces/${platform.demo.workspaceId}`, {
    json: { keepAgentContent: keeps },
  });
const once = (key: string): Call => ({ headers: { 'idempotency-key': key } });

describe('the record of a run', () => {
  it('says who ran, how it went and what it cost, and nothing of what was said', async () => {
    const answer = await run({
      overrides: { temperature: 1 },
      extra_messages: [{ role: 'user', content: 'More.' }],
    });
    const runId = answer.headers.get('x-run-id');

    const read = await get(`${agentId}/runs/${runId}`);

    const { cost, ...record } = read.body;
    expect(cost).toMatchObject({ currency: 'USD', complete: true });
    expect(record).toEqual({
      ...{ id: runId, agentId, version: 1, status: 'succeeded', stream: false },
      variableNames: ['user_name', 'topic'],
      ...{ modelId: 'echo', finishReason: 'stop', costUsd: 0, failure: null },
      usage: { inputTokens: 9, outputTokens: 1, totalTokens: 10, estimated: false },
      msToFirstToken: expect.any(Number),
      ...{ createdAt: expect.any(String), startedAt: expect.any(String), completedAt: expect.any(String) },
      ...{ hasContent: false, content: null },
    });
    const stored = await platform.platform.runs.get({
      ...{ workspaceId: platform.demo.workspaceId, kind: 'agent', runId: runId ?? '' },
    });
    expect(JSON.stringify([stored, read.body])).not.toMatch(/Ada|saffron|More\./);
  });

  it('is listed newest first, page by page', async () => {
    const id = await makeAgent(platform);
    const made: (string | null)[] = [];
    for (let n = 0; n < 3; n += 1)
      made.push((await run({ agent_id: id, stream: n === 1 })).headers.get('x-run-id'));

    const first = (await get(`${id}/runs?limit=2`)).body;
    const second = (await get(`${id}/runs?limit=2&cursor=${first.nextCursor}`)).body;

    const listed = [...first.items, ...second.items];
    expect(listed.map((item: { id: string }) => item.id)).toEqual(made.toReversed());
    expect(listed.map((item: { stream: boolean }) => item.stream)).toEqual([false, true, false]);
    expect(second.nextCursor).toBeNull();
  });

  it('belongs to its agent and workspace', async () => {
    const runId = (await run({})).headers.get('x-run-id');
    const another = await makeAgent(platform);
    const notFound = { status: 404, body: { message: 'Run not found' } };

    expect(await get(`${another}/runs/${runId}`)).toMatchObject(notFound);
    expect(await get(`${agentId}/runs/nonsense`)).toMatchObject(notFound);
    expect(await get(`nobody/runs`)).toMatchObject({ status: 404, body: { message: 'Agent not found' } });
    const other = { key: platform.demo.otherApiKey };
    for (const path of [`${agentId}/runs`, `${agentId}/runs/${runId}`]) {
      expect(await get(path, other)).toMatchObject({
        status: 403,
        body: { message: 'Access denied to this agent' },
      });
    }
  });

  it('has the content when the workspace asks for it, streamed or not', async () => {
    await keepContent(true);
    for (const stream of [false, true]) {
      const runId = (await run({ stream })).headers.get('x-run-id');
      const read = await get(`${agentId}/runs/${runId}`);
      expect(read.body, String(runId)).toMatchObject({
        hasContent: true,
        content: { variables: VARIABLES, extraMessages: [], text: 'Hello Ada, saffron' },
      });
    }
    await keepContent(false);

    await run({});
    expect(await latestRun(platform, agentId)).toMatchObject({ hasContent: false });
  });

  it('keeps what the agent was when it ran', async () => {
    const id = await makeAgent(platform);
    await run({ agent_id: id });
    await platform.call('POST', `/api/v1/agents/${id}/versions`, {
      json: aDefinition('provider-of-test', 'New'),
    });
    await platform.call('PUT', `/api/v1/agents/${id}/deployment`, { json: { version: 2 } });
    await run({ agent_id: id });

    const { items } = (await get(`${id}/runs`)).body;
    expect(items.map((item: { version: number }) => item.version)).toEqual([2, 1]);
  });
});

describe('Idempotency-Key', () => {
  it('409: runs once, and says which run it was when the answer was not kept', async () => {
    const first = await run({}, once('not-kept'));
    const again = await run({}, once('not-kept'));

    expect(first.status).toBe(200);
    expect(again).toMatchObject({
      status: 409,
      body: { message: 'The request with this Idempotency-Key was answered, and its answer was not kept' },
    });
    expect(again.headers.get('x-run-id')).toBe(first.headers.get('x-run-id'));
  });

  it('200: answers the same again when the answer was kept', async () => {
    await keepContent(true);
    const first = await run({}, once('kept'));
    await keepContent(false);
    const again = await run({}, once('kept'));

    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('x-run-id')).toBe(first.headers.get('x-run-id'));
  });

  it('409: a stream happens once', async () => {
    expect(await run({ stream: true }, once('stream'))).toMatchObject({ status: 200 });
    expect(await run({ stream: true }, once('stream'))).toMatchObject({ status: 409 });
  });

  it('400: for another request; nothing is taken by one that was refused', async () => {
    await run({}, once('other'));
    expect(await run({ variables: {} }, once('other'))).toMatchObject({
      status: 400,
      body: { message: 'Idempotency-Key was already used with another request; choose a new key' },
    });
    const undeployed = { agent_id: platform.demo.undeployedAgentId };
    expect(await run(undeployed, once('refused'))).toMatchObject({ status: 404 });
    expect(await run({}, once('refused'))).toMatchObject({ status: 200 });
  });

  it('one of many at once is answered', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => run({}, once('many'))));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });
});
