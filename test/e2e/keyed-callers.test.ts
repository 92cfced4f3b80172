import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../lib/adapters/local/development-issuer.ts';
import { operations } from '../../lib/apis/index.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { makeAgent } from '../support/agents.ts';
import { type Answer, type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let ofOtherAgent: string;
let ofSomebodyElse: string;
let people: Record<'ada' | 'bob', Call>;

beforeAll(async () => {
  platform = await startTestPlatform();
  const { workspaceId } = platform.demo;
  await platform.call('PATCH', `/api/v1/workspaces/${workspaceId}`, { json: { keepAgentContent: true } });
  const agentId = await makeAgent(platform);
  ofOtherAgent = (await platform.call('POST', 'api-keys', { json: { role: 'owner', agentId } })).body.secret;
  const owner = { id: randomUUID(), email: 'else@example.com' };
  const key = { workspaceId, name: 'Else', role: 'owner' as const, owner };
  ofSomebodyElse = (await createKey(platform.platform, key)).token;
  const issuer = await openDevelopmentIssuer(platform.dataFolder, () => new Date());
  const token = async (sub: string): Promise<Call> => {
    await platform.call('POST', 'members', { json: { sub, role: 'member' } });
    return { key: null, headers: { authorization: `Bearer ${await issuer.sign({ sub })}` } };
  };
  people = { ada: await token('ada'), bob: await token('bob') };
});
afterAll(() => platform.close());

type Send = (call: Call) => Promise<Answer>;

const aFile = (name: string): FormData => {
  const form = new FormData();
  form.set('file', new Blob(['Email\nada@example.com\n']), name);
  return form;
};

const aDocument = async (): Promise<string> => {
  const { body } = await platform.call('POST', 'documents', { body: aFile(`${randomUUID()}.csv`) });
  return body.id;
};

/** Each operation that takes a key, as a request that is the same however often it is sent. */
const REQUESTS: Record<string, () => Promise<Send>> = {
  createRun: async () => {
    const json = { inputDocumentId: await aDocument() };
    return (call) => platform.call('POST', 'runs', { ...call, json });
  },
  createRunsBatch: async () => {
    const json = { documentIds: [await aDocument(), await aDocument()] };
    return (call) => platform.call('POST', 'runs/batch', { ...call, json });
  },
  uploadDocument: async () => {
    const name = `${randomUUID()}.csv`;
    return (call) => platform.call('POST', 'documents', { ...call, body: aFile(name) });
  },
  addDocumentVersion: async () => {
    const id = await aDocument();
    return (call) => platform.call('POST', `documents/${id}/versions`, { ...call, body: aFile('two.csv') });
  },
  uploadRunOutput: async () => {
    const { body: run } = await platform.run(await aDocument());
    return (call) => platform.call('POST', `runs/${run.id}/output`, { ...call, body: aFile('by hand.csv') });
  },
  editRunOutput: async () => {
    const { body: run } = await platform.run(await aDocument());
    const json = { rows: [['Name'], ['Ada']] };
    return (call) => platform.call('POST', `runs/${run.id}/output/edit`, { ...call, json });
  },
  startProcessRun: async () => {
    const { agentId: agent_id, processId: process_id } = platform.demo;
    const json = { agent_id, process_id, name: 'Once', stage: 'Draft' };
    return (call) => platform.call('POST', '/runs', { ...call, json });
  },
  createThreadRun: async () => {
    const project = `/api/projects/${platform.demo.workspaceId}`;
    const { body: thread } = await platform.call('POST', `${project}/threads`, { json: {} });
    const path = `${project}/threads/${thread.threadId}/runs`;
    return (call) => platform.call('POST', path, { ...call, json: { message: 'Hello' } });
  },
  chat: async () => {
    const path = `/api/projects/${platform.demo.workspaceId}/chat`;
    return (call) => platform.call('POST', path, { ...call, json: { message: 'Hello' } });
  },
  runAgent: async () => {
    const agent_id = await makeAgent(platform);
    const json = { agent_id, variables: { user_name: 'Ada', topic: 'saffron' }, stream: false };
    return (call) => platform.call('POST', '/api/v1/run', { ...call, json });
  },
};

const keyed = operations.filter(({ headers }) => headers?.includes('Idempotency-Key'));
/** What a refusal says, without what every request has of its own. */
const saidBy = ({ bytes }: Answer): string => bytes.toString().replace(/req_\w+/g, '');
const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true';
const requestOf = (operationId: string): Promise<Send> => {
  const make = REQUESTS[operationId];
  if (make === undefined) throw new Error(`No request shows who may repeat ${operationId}: add one`);
  return make();
};

describe.each(keyed.map((op) => [op.operationId, op] as const))('%s under a key', (operationId, op) => {
  it('is answered again to whoever sent it, and to no key of another agent', async () => {
    const send = await requestOf(operationId);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await send({ headers });
    expect([first.status, isReplay(first)], first.bytes.toString()).toEqual([op.success.status, false]);
    expect(isReplay(await send({ headers }))).toBe(true);

    const refused = await send({ key: ofOtherAgent });
    const stranger = await send({ key: ofOtherAgent, headers });

    expect([403, 404]).toContain(refused.status);
    expect([stranger.status, saidBy(stranger), isReplay(stranger)]).toEqual([
      refused.status,
      saidBy(refused),
      false,
    ]);
    expect(stranger.headers.get('x-run-id')).toBeNull();
  });

  it('is a request of its own when somebody else sends the same', async () => {
    const send = await requestOf(operationId);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await send({ headers });
    if (operationId === 'createThreadRun') await ended(first);

    const other = await send({ key: ofSomebodyElse, headers });

    // A document's name is taken by then; all others are made.
    expect(other.status).toBe(operationId === 'uploadDocument' ? 409 : op.success.status);
    expect(isReplay(other)).toBe(false);
  });
});

async function ended({ body: { projectId, threadId, runId } }: Answer): Promise<void> {
  const path = `/api/projects/${projectId}/threads/${threadId}/runs/${runId}`;
  while (['queued', 'in_progress'].includes((await platform.call('GET', path)).body.status))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('two people', () => {
  it('with the same key and the same words have threads of their own', async () => {
    const send = await requestOf('chat');
    const headers = { 'idempotency-key': 'order-1' };
    const as = ({ headers: who, ...call }: Call) => send({ ...call, headers: { ...headers, ...who } });

    const [ada, bob] = [await as(people.ada), await as(people.bob)];
    const again = [await as(people.ada), await as(people.bob)];

    expect([ada.status, bob.status]).toEqual([200, 200]);
    expect(ada.body.threadId).not.toBe(bob.body.threadId);
    expect(again.map(({ body }) => body.threadId)).toEqual([ada.body.threadId, bob.body.threadId]);
    expect([...again.map(isReplay), isReplay(bob)]).toEqual([true, true, false]);
  });
});
