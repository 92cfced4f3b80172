import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DevelopmentIssuer,
  openDevelopmentIssuer,
} from '../../lib/adapters/local/development-issuer.ts';
import { threadRunsOperations } from '../../lib/apis/thread-runs/operations.ts';
import { badTokens } from '../apis/thread-runs/bad-tokens.ts';
import { makeAgent } from '../support/agents.ts';
import { type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let issuer: DevelopmentIssuer;
let project: string;
let slowAgent: string;

const bearer = (token: string): Call => ({ key: null, headers: { authorization: `Bearer ${token}` } });
const as = (call: Call = {}): Call => {
  const { headers, key } = bearer(platform.demo.jwt);
  return { key: key ?? null, ...call, headers: { ...headers, ...call.headers } };
};
const get = (path: string, call: Call = as()) => platform.call('GET', `${project}${path}`, call);
const post = (path: string, json: unknown, call: Call = as()) =>
  platform.call('POST', `${project}${path}`, { ...call, json });

async function newThread(agentId?: string): Promise<string> {
  const { status, body } = await post('/threads', agentId === undefined ? {} : { agentId });
  expect(status).toBe(201);
  return body.threadId;
}

async function ended(threadId: string, runId: string) {
  for (;;) {
    const { body } = await get(`/threads/${threadId}/runs/${runId}`);
    if (!['queued', 'in_progress'].includes(body.status)) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

beforeAll(async () => {
  platform = await startTestPlatform();
  issuer = await openDevelopmentIssuer(platform.dataFolder, () => new Date());
  project = `/api/projects/${platform.demo.workspaceId}`;
  slowAgent = await makeAgent(platform, {
    providerId: 'slow',
    settings: { type: 'echo', msPerWord: 150 },
    definition: {
      model: { provider_id: 'slow', name: 'echo' },
      messages: [{ role: 'system', content: 'You are slow.' }],
    },
  });
});
afterAll(() => platform.close());

const KEYS = [
  'runId',
  'threadId',
  'status',
  'createdAt',
  'startedAt',
  'completedAt',
  'assistantId',
  'projectId',
  'instructions',
  'userMessage',
];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('POST and GET …/threads/{threadId}/runs', () => {
  it('201 with ten keys, then in progress, then completed, and the answer is in the thread', async () => {
    const threadId = await newThread(`asst_${slowAgent}`);
    const created = await post(`/threads/${threadId}/runs`, {
      message: 'one two three',
      instructions: 'Be brief.',
    });
    expect(created.status).toBe(201);
    expect(Object.keys(created.body)).toEqual(KEYS);
    expect(created.body).toEqual({
      runId: expect.stringMatching(/^run_[0-9a-z]{26}$/),
      threadId,
      status: 'queued',
      createdAt: expect.stringMatching(INSTANT),
      startedAt: null,
      completedAt: null,
      assistantId: `asst_${slowAgent}`,
      projectId: platform.demo.workspaceId,
      instructions: 'Be brief.',
      userMessage: 'one two three',
    });
    const { runId } = created.body;
    await expect
      .poll(async () => (await get(`/threads/${threadId}/runs/${runId}`)).body.status)
      .toBe('in_progress');

    const run = await ended(threadId, runId);

    expect(Object.keys(run)).toEqual(KEYS);
    expect(run).toMatchObject({ status: 'completed', instructions: null, userMessage: null });
    expect(Date.parse(run.completedAt) - Date.parse(run.startedAt)).toBeGreaterThanOrEqual(440);
    const { body } = await get(`/threads/${threadId}`);
    expect(body.messages).toEqual([
      expect.objectContaining({ role: 'user', content: 'one two three', userId: 'demo|developer' }),
      expect.objectContaining({ role: 'assistant', content: 'one two three', userId: null, metadata: null }),
    ]);
    expect(body).toMatchObject({
      projectId: platform.demo.workspaceId,
      thread: { threadId, messageCount: 2, firstMessage: 'one two three', isActive: true },
    });
  });

  it('the team in the path changes nothing, and an API key is as good as a token', async () => {
    const threadId = await newThread();
    const path = `/api/teams/any/projects/${platform.demo.workspaceId}/threads/${threadId}/runs`;
    const created = await platform.call('POST', path, { json: { Message: 'Hi', UNKNOWN: 1 } });

    expect(created).toMatchObject({ status: 201, body: { userMessage: 'Hi', instructions: null } });
    expect(await ended(threadId, created.body.runId)).toMatchObject({ status: 'completed' });
  });

  it('409 while a run is active; cancelled, it has failed and the next is taken', async () => {
    const threadId = await newThread(slowAgent);
    const { body } = await post(`/threads/${threadId}/runs`, { message: 'word '.repeat(50) });
    const second = await post(`/threads/${threadId}/runs`, { message: 'me too' });
    expect(second).toMatchObject({ status: 409, body: { message: 'Thread already has an active run' } });

    const cancelled = await post(`/threads/${threadId}/runs/${body.runId}/cancel`, {});
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'failed', errorMessage: 'Run cancelled by user' },
    });
    expect((await post(`/threads/${threadId}/runs`, { message: 'now' })).status).toBe(201);
    const { body: list } = await get(`/threads/${threadId}/runs`);
    expect(list).toMatchObject({
      threadId,
      hasMore: false,
      order: 'desc',
      runs: [{}, { runId: body.runId }],
    });
  });

  it('fifty creates at once make one run, again and again', async () => {
    const threadId = await newThread();
    for (let round = 1; round <= 3; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, no) =>
          post(`/threads/${threadId}/runs`, { message: `${round} ${no}` }),
        ),
      );
      const created = answers.filter(({ status }) => status === 201);
      // A run that ended meanwhile lets the next one in: what counts is that no two were open at once.
      expect(created.length).toBeGreaterThanOrEqual(1);
      expect(answers.filter(({ status }) => status !== 201).every(({ status }) => status === 409)).toBe(true);
      const runs = await Promise.all(created.map(({ body }) => ended(threadId, body.runId)));
      const spans = runs.map((run) => [run.createdAt, run.completedAt]).toSorted();
      for (const [index, [begin]] of spans.entries())
        if (index > 0) expect(String(begin) >= String(spans[index - 1]?.[1])).toBe(true);
    }
  });

  it('the same Idempotency-Key answers with the same run', async () => {
    const threadId = await newThread();
    const call = as({ headers: { 'idempotency-key': 'once' } });
    const first = await post(`/threads/${threadId}/runs`, { message: 'Hi' }, call);
    await ended(threadId, first.body.runId);
    const again = await post(`/threads/${threadId}/runs`, { message: 'Hi' }, call);
    const other = await post(`/threads/${threadId}/runs`, { message: 'Ho' }, call);

    expect(again).toMatchObject({ status: 201, body: { runId: first.body.runId } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(other).toMatchObject({
      status: 400,
      body: { errors: { 'Idempotency-Key': [expect.any(String)] } },
    });
  });
});

const REQUIRED = { Message: ['The Message field is required.'] };
const TOO_LONG = { Message: ['Message must be between 1 and 4000 characters'] };

describe('400, as ASP.NET Core says it', () => {
  it.each([
    ['no message', {}, REQUIRED],
    ['null', { message: null }, REQUIRED],
    ['blanks', { message: ' \n ' }, REQUIRED],
    ['nothing in it', { message: '' }, { Message: [...REQUIRED.Message, ...TOO_LONG.Message] }],
    ['4001 characters', { message: 'x'.repeat(4001) }, TOO_LONG],
    [
      'long instructions',
      { message: 'x', instructions: 'y'.repeat(2001) },
      { Instructions: ['Instructions must not exceed 2000 characters'] },
    ],
    [
      'both',
      { instructions: 'y'.repeat(2001) },
      { ...REQUIRED, Instructions: ['Instructions must not exceed 2000 characters'] },
    ],
    [
      'a number',
      { message: 5 },
      { '$.message': [expect.stringContaining('System.String')], request: [expect.any(String)] },
    ],
    ['a list', [], { $: [expect.any(String)], request: [expect.any(String)] }],
    [
      'null for everything',
      null,
      { '': ['A non-empty request body is required.'], request: [expect.any(String)] },
    ],
  ])('%s', async (_what, json, errors) => {
    const answer = await post(`/threads/${platform.demo.threadId}/runs`, json);

    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer).toMatchObject({
      status: 400,
      body: {
        type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
        title: 'One or more validation errors occurred.',
        status: 400,
      },
    });
    expect(answer.body.errors).toEqual(errors);
  });

  it('a body that is no JSON, and none at all', async () => {
    const path = `${project}/threads/${platform.demo.threadId}/runs`;
    const malformed = await platform.call('POST', path, as({ body: '{"message":' }));
    const empty = await platform.call('POST', path, as());

    expect(malformed).toMatchObject({ status: 400, body: { errors: { $: [expect.any(String)] } } });
    expect(empty).toMatchObject({
      status: 400,
      body: { errors: { '': ['A non-empty request body is required.'] } },
    });
  });

  it('the longest that is allowed is taken, in any letters', async () => {
    const message = '🚀'.repeat(2000);
    const threadId = await newThread();
    const { status, body } = await post(`/threads/${threadId}/runs`, {
      message,
      instructions: 'y'.repeat(2000),
    });
    await ended(threadId, body.runId);

    expect(status).toBe(201);
    expect((await get(`/threads/${threadId}`)).body.messages[1].content).toBe(message);
  });
});

describe('who is let in', () => {
  const unauthorized = { status: 401, body: { message: 'Unauthorized access' } };
  const denied = { status: 403, body: { message: 'Access denied to project' } };

  it('401 for every bad token, on every operation for a few', async () => {
    const key = JSON.parse(await readFile(join(platform.dataFolder, 'issuer.json'), 'utf8')) as JWK;
    const corpus = await badTokens(issuer, key, 'demo|developer');
    for (const [wrong, token] of Object.entries(corpus)) {
      const answer = await get('/threads', bearer(token));
      expect({ status: answer.status, body: answer.body }, wrong).toEqual(unauthorized);
    }
    for (const { method, path } of threadRunsOperations) {
      const named = path.replace('{projectId}', platform.demo.workspaceId).replace(/\{\w+\}/g, 'x');
      for (const call of [
        bearer('bad'),
        { key: null },
        { key: 'bad.key' },
        { key: null, headers: { authorization: 'Basic YTpi' } },
      ]) {
        const { status, body } = await platform.call(method, named, call);
        expect({ status, body }).toEqual(unauthorized);
      }
    }
  });

  it('a bad token is not made good by a good key beside it', async () => {
    const call = { headers: { authorization: 'Bearer bad' } };
    expect(await get('/threads', call)).toMatchObject(unauthorized);
  });

  it('403 for somebody who is no member, for projects of others, unknown ones and what is no id', async () => {
    const stranger = await issuer.sign({ sub: 'stranger' });
    expect(await get('/threads', bearer(stranger))).toMatchObject(denied);
    for (const id of [platform.demo.otherWorkspaceId, crypto.randomUUID(), 'x', 'constructor', '__proto__']) {
      for (const call of [as(), {}]) {
        expect(await platform.call('GET', `/api/projects/${id}/threads`, call)).toMatchObject(denied);
      }
    }
  });

  it('readers read, and do not ask', async () => {
    const members = await platform.call('POST', 'members', { json: { sub: 'reader', role: 'reader' } });
    expect(members.status).toBe(201);
    const reader = bearer(await issuer.sign({ sub: 'reader' }));

    expect(await get('/threads', reader)).toMatchObject({ status: 200 });
    expect(await post('/threads', {}, reader)).toMatchObject(denied);
  });

  it('people of the organisation that the workspace belongs to are members', async () => {
    const token = bearer(await issuer.sign({ sub: 'colleague', org_id: 'org_7' }));
    expect(await get('/threads', token)).toMatchObject(denied);
    await platform.call('PATCH', `/api/v1/workspaces/${platform.demo.workspaceId}`, {
      json: { organizationId: 'org_7' },
    });

    expect(await post('/threads', {}, token)).toMatchObject({ status: 201 });
    expect(await get('/threads', bearer(await issuer.sign({ sub: 'x', org_id: 'org_8' })))).toMatchObject(
      denied,
    );
  });

  it('answers what is wrong first: token, body, project, thread, run', async () => {
    const elsewhere = `/api/projects/${platform.demo.otherWorkspaceId}/threads/none/runs`;
    const bad = { json: {} };
    const good = { json: { message: 'x' } };
    const statusOf = async (call: Call, path = elsewhere) => (await platform.call('POST', path, call)).status;
    expect(await statusOf({ key: null, ...bad })).toBe(401);
    expect(await statusOf(as(bad))).toBe(400);
    expect(await statusOf(as(good))).toBe(403);
    expect(await post('/threads/none/runs', good.json)).toMatchObject({
      status: 404,
      body: { message: 'Thread not found' },
    });
    expect(await get('/threads/none/runs/none')).toMatchObject({ body: { message: 'Thread not found' } });
    for (const id of ['none', 'run_', 'run_abc123', `run_${'z'.repeat(26)}`, crypto.randomUUID()]) {
      expect(await get(`/threads/${platform.demo.threadId}/runs/${id}`)).toMatchObject({
        status: 404,
        body: { message: 'Run not found' },
      });
    }
  });

  it("another thread's run is not found", async () => {
    const [one, other] = [await newThread(), await newThread()];
    const { body } = await post(`/threads/${one}/runs`, { message: 'Hi' });
    await ended(one, body.runId);

    expect(await get(`/threads/${other}/runs/${body.runId}`)).toMatchObject({ status: 404 });
    expect((await get(`/threads/${other}`)).body.messages).toEqual([]);
  });
});
