import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAgent } from '../support/agents.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let project: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  project = `/api/projects/${platform.demo.workspaceId}`;
});
afterAll(() => platform.close());

const get = (path: string) => platform.call('GET', `${project}${path}`);
const post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
  platform.call('POST', `${project}${path}`, { json, headers });

describe('POST …/chat', () => {
  it('200: begins a thread, answers, and goes on in it', async () => {
    const first = await post('/chat', { message: 'Hello' });
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      response: 'Hello',
      threadId: expect.stringMatching(/^thread_[0-9a-z]{26}$/),
      generatedAt: expect.any(String),
      userMessage: 'Hello',
      isNewThread: true,
      projectId: platform.demo.workspaceId,
      metadata: null,
    });
    const { threadId } = first.body;
    const second = await post('/chat', { message: 'Again', threadId });
    expect(second.body).toMatchObject({ response: 'Again', threadId, isNewThread: false });

    const { body } = await get(`/threads/${threadId}`);
    expect(body.messages.map(({ content }: { content: string }) => content)).toEqual([
      'Hello',
      'Hello',
      'Again',
      'Again',
    ]);
    expect(body.thread).toMatchObject({ messageCount: 4, firstMessage: 'Hello', lastMessage: 'Again' });
  });

  it('repeated under its Idempotency-Key, it is the same turn of the same thread', async () => {
    const key = { 'idempotency-key': 'turn-1' };
    const first = await post('/chat', { message: 'Once' }, key);
    const again = await post('/chat', { message: 'Once' }, key);

    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('400, 404 and 409 are those of a run', async () => {
    expect(await post('/chat', { message: '' })).toMatchObject({ status: 400 });
    expect(await post('/chat', { message: 'x', threadId: 'thread_none' })).toMatchObject({
      status: 404,
      body: { message: 'Thread not found' },
    });
    const other = `/api/projects/${platform.demo.otherWorkspaceId}/chat`;
    expect(
      await platform.call('POST', other, { key: platform.demo.otherApiKey, json: { message: 'x' } }),
    ).toMatchObject({
      status: 409,
      body: { message: 'Project has no deployed assistant' },
    });
  });

  it('409 with the sentence and the address of the run that its assistant made fail', async () => {
    const agentId = await makeAgent(platform, { deploy: false });
    const { body: thread } = await post('/threads', { agentId });
    const failed = await post('/chat', { message: 'Hello?', threadId: thread.threadId });

    expect(failed).toMatchObject({
      status: 409,
      body: { message: 'No deployed version found for this agent' },
    });
    const run = await platform.call('GET', failed.headers.get('location') ?? '');
    expect(run.body).toMatchObject({
      status: 'failed',
      errorMessage: 'No deployed version found for this agent',
    });
  });

  it.each([
    ['not-there', 'http://127.0.0.1:2/v1', 502],
    ['never-called', 'http://127.0.0.1:25/v1', 409],
  ])('not 500 for a model that is %s', { timeout: 30_000 }, async (providerId, baseUrl, status) => {
    const agentId = await makeAgent(platform, {
      ...{ providerId, settings: { type: 'openai-compatible', baseUrl } },
      definition: {
        model: { provider_id: providerId, name: 'm' },
        messages: [{ role: 'system', content: 'Hi' }],
      },
    });
    const { body: thread } = await post('/threads', { agentId });
    const failed = await post('/chat', { message: 'Hello?', threadId: thread.threadId });

    expect(failed).toMatchObject({ status, body: { message: expect.stringContaining('model provider') } });
    const run = await platform.call('GET', failed.headers.get('location') ?? '');
    expect(run.body).toMatchObject({ status: 'failed', errorMessage: failed.body.message });
  });

  it('503 when the answer takes longer than a request may, and it comes all the same', async () => {
    const agentId = await makeAgent(platform, {
      providerId: 'sleepy',
      settings: { type: 'echo', msPerWord: 9_000 },
      definition: {
        model: { provider_id: 'sleepy', name: 'echo' },
        messages: [{ role: 'system', content: 'You are slow.' }],
      },
    });
    const { body: thread } = await post('/threads', { agentId });
    const late = await post('/chat', { message: 'one two three', threadId: thread.threadId });

    expect(late.status).toBe(503);
    expect(late.headers.get('retry-after')).toBe('5');
    expect(late.body.message).toContain(thread.threadId);
    await expect
      .poll(async () => (await platform.call('GET', late.headers.get('location') ?? '')).body.status)
      .toBe('completed');
  });
});

describe('POST …/threads', () => {
  it('201: an empty thread with the assistant that is named in either spelling', async () => {
    const { agentId } = platform.demo;
    for (const named of [{}, { agentId }, { AgentId: `asst_${agentId}` }, { agentId: null }]) {
      expect(await post('/threads', named)).toMatchObject({
        status: 201,
        body: {
          messageCount: 0,
          firstMessage: null,
          lastMessage: null,
          lastActivityAt: null,
          isActive: true,
        },
      });
    }
    expect(await platform.call('POST', `${project}/threads`)).toMatchObject({ status: 201 });
  });

  it('400 for an assistant that the project does not have', async () => {
    for (const agentId of ['nobody', 'asst_', 'a b', '__proto__']) {
      expect(await post('/threads', { agentId })).toMatchObject({
        status: 400,
        body: { errors: { AgentId: ['The AgentId field must name an assistant of the project.'] } },
      });
    }
  });
});

describe('GET …/threads', () => {
  const made: string[] = [];
  let own: (query: string) => ReturnType<typeof get>;
  beforeAll(async () => {
    const { otherWorkspaceId, otherApiKey } = platform.demo;
    const key = otherApiKey;
    const base = `/api/projects/${otherWorkspaceId}/threads`;
    own = (query) => platform.call('GET', `${base}${query}`, { key });
    const agent = { name: 'Other', id: 'other-agent' };
    expect((await platform.call('POST', '/api/v1/agents', { key, json: agent })).status).toBe(201);
    for (let no = 0; no < 5; no += 1) {
      const { body } = await platform.call('POST', base, { key, json: { agentId: agent.id } });
      made.unshift(body.threadId);
    }
  });
  const idsOf = ({ body }: Awaited<ReturnType<typeof get>>): string[] =>
    body.threads.map(({ threadId }: { threadId: string }) => threadId);

  it('newest first unless asked otherwise, twenty at a time', async () => {
    const all = await own('');
    expect(idsOf(all)).toEqual(made);
    expect(all.body).toMatchObject({
      hasMore: false,
      limit: 20,
      order: 'desc',
      nextCursor: null,
      previousCursor: null,
    });
    expect(idsOf(await own('?order=asc'))).toEqual(made.toReversed());
    expect(idsOf(await own('?order=ASC&limit=2'))).toEqual(made.toReversed().slice(0, 2));
  });

  it.each(['desc', 'asc'])('%s: forward by one cursor and back by the other', async (order) => {
    const expected = order === 'desc' ? made : made.toReversed();
    const first = await own(`?order=${order}&limit=2`);
    expect(idsOf(first)).toEqual(expected.slice(0, 2));
    expect(first.body).toMatchObject({ hasMore: true, nextCursor: expected[1], previousCursor: null });
    const second = await own(`?order=${order}&limit=2&after=${first.body.nextCursor}`);
    expect(idsOf(second)).toEqual(expected.slice(2, 4));
    const third = await own(`?order=${order}&limit=2&after=${second.body.nextCursor}`);
    expect(idsOf(third)).toEqual(expected.slice(4));
    expect(third.body).toMatchObject({ hasMore: false, nextCursor: null, previousCursor: expected[4] });

    const back = await own(`?order=${order}&limit=2&before=${third.body.previousCursor}`);
    expect(idsOf(back)).toEqual(expected.slice(2, 4));
    expect(back.body).toMatchObject({ hasMore: true, nextCursor: expected[3], previousCursor: expected[2] });
    const start = await own(`?order=${order}&limit=2&before=${back.body.previousCursor}`);
    expect(idsOf(start)).toEqual(expected.slice(0, 2));
    expect(start.body).toMatchObject({ hasMore: false, previousCursor: null });
  });

  it.each([
    ['limit=0', { Limit: ['The field Limit must be between 1 and 100.'] }],
    ['limit=101', { Limit: ['The field Limit must be between 1 and 100.'] }],
    ['limit=many', { Limit: ["The value 'many' is not valid."] }],
    ['order=up', { Order: ["The value 'up' is not valid."] }],
    ['after=x', { After: ["The value 'x' is not valid."] }],
    ['before=run_abc', { Before: ["The value 'run_abc' is not valid."] }],
  ])('400 for %s', async (query, errors) => {
    const { status, body } = await own(`?${query}`);

    expect({ status, errors: body.errors }).toEqual({ status: 400, errors });
  });

  it('400 for both cursors at once', async () => {
    expect(await own(`?after=${made[0]}&before=${made[1]}`)).toMatchObject({ status: 400 });
  });
});
