import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timesIn } from '../support/lane.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** All at once, each over a connection of its own. */
const CREATES = timesIn({ change: 250, long: 1000 });
/** The routes share the code that decides, so the others need to show only that they go through it. */
const CREATES_ELSEWHERE = timesIn({ change: 50, long: 250 });
const createsOf = (name: string): number => (name === 'workspaceRun' ? CREATES : CREATES_ELSEWHERE);

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

interface Create {
  path: string;
  json: unknown;
  /** The ids of the runs that an answer names. */
  idsIn(answer: Answer): string[];
  /** How many runs there are now. */
  count(): Promise<number>;
  /** How many the request makes. */
  makes: number;
}

const items = async (path: string, name: string): Promise<unknown[]> =>
  (await platform.call('GET', path)).body[name];

async function workspaceRun(): Promise<Create> {
  const { body } = await platform.upload('single.csv', 'First Name\nAda\n');
  return {
    path: 'runs',
    json: { inputDocumentId: body.id },
    idsIn: (answer) => [answer.body.id],
    count: async () => (await items('runs?limit=200', 'items')).length,
    makes: 1,
  };
}

async function workspaceBatch(): Promise<Create> {
  const { body: one } = await platform.upload('batch-1.csv', 'First Name\nAda\n');
  const { body: two } = await platform.upload('batch-2.csv', 'First Name\nGrace\n');
  return {
    ...(await workspaceRun()),
    path: 'runs/batch',
    json: { documentIds: [one.id, two.id] },
    idsIn: (answer) => answer.body.runs.map(({ id }: { id: string }) => id),
    makes: 2,
  };
}

async function processRun(): Promise<Create> {
  const { agentId: agent_id, processId: process_id } = platform.demo;
  const query = new URLSearchParams({ agent_id, process_id, limit: '100' });
  return {
    path: '/runs',
    json: { agent_id, process_id, name: 'Once', stage: 'Published', inputs: { order_id: 1 } },
    idsIn: (answer) => [answer.body.id],
    count: async () => (await items(`/runs?${query}`, 'items')).length,
    makes: 1,
  };
}

async function threadRun(): Promise<Create> {
  const { workspaceId, threadId } = platform.demo;
  const path = `/api/projects/${workspaceId}/threads/${threadId}/runs`;
  return {
    path,
    json: { message: 'Hello' },
    idsIn: (answer) => [answer.body.runId],
    count: async () => (await items(path, 'runs')).length,
    makes: 1,
  };
}

async function chat(): Promise<Create> {
  const { workspaceId } = platform.demo;
  const path = `/api/projects/${workspaceId}`;
  return {
    path: `${path}/chat`,
    json: { message: 'Hello' },
    idsIn: (answer) => [answer.body.threadId],
    count: async () => (await items(`${path}/threads`, 'threads')).length,
    makes: 1,
  };
}

async function agentRun(): Promise<Create> {
  const { agentId } = platform.demo;
  return {
    path: '/api/v1/run',
    json: { agent_id: agentId, variables: { user_name: 'Ada', topic: 'runs' } },
    idsIn: (answer) => [answer.headers.get('x-run-id') ?? ''],
    count: async () => (await items(`/api/v1/agents/${agentId}/runs?limit=100`, 'items')).length,
    makes: 1,
  };
}

const CREATORS = { workspaceRun, workspaceBatch, processRun, threadRun, chat, agentRun };

describe('identical creates at once with one Idempotency-Key', () => {
  it.each(Object.entries(CREATORS))(
    '%s: happens once, and whoever is told of it is told the same',
    async (name, make) => {
      const { path, json, idsIn, count, makes } = await make();
      const before = await count();
      const headers = { 'idempotency-key': `one for ${name}` };

      const answers = await Promise.all(
        Array.from({ length: createsOf(name) }, () => platform.call('POST', path, { json, headers })),
      );

      const made = answers.filter(({ status }) => status < 300);
      const others = answers.filter(({ status }) => status >= 300);
      expect(new Set(made.map((answer) => idsIn(answer).join())).size).toBe(1);
      expect(new Set(others.map(({ status }) => status))).toEqual(new Set(others.length === 0 ? [] : [409]));
      expect(made.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
      expect((await count()) - before).toBe(makes);
    },
  );
});
