import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { LOCAL_TABLE } from '../../lib/adapters/local/local-platform.ts';
import { RUN_LIMIT_SECONDS } from '../../lib/runs/service.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { timesIn } from '../support/lane.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import { KilledPlatform, SLOW_PROCESS_ARN, type Told } from './killed-platform.ts';

/** `RUNPLANE_SEED` kills at other moments, `RUNPLANE_KILLS` oftener. */
const SEED = Number(process.env.RUNPLANE_SEED ?? 20_260_101);
/** Platforms that are killed side by side, and how often each. */
const PLATFORMS = timesIn({ change: 1, long: 2 });
const KILLS = Number(process.env.RUNPLANE_KILLS ?? timesIn({ change: 1, long: 4 }));
/** The longest that one lives, in milliseconds: some runs are over by then, and others at work. */
const LIFE_MS = 700;
/**
 * In the first rounds the time runs from the first request on, so that creates are cut off; a key that was
 * taken and not used is free after half a minute. In the others it runs from the last answer on.
 */
const HASTY_ROUNDS = timesIn({ change: 0, long: 3 });

const opened: KilledPlatform[] = [];
afterAll(() => Promise.all(opened.map((platform) => platform.close())));

/** One request that creates a run, repeated under its key until it is answered. */
interface Create {
  key: string;
  path: string;
  json: unknown;
  idIn(told: Told): string | undefined;
  /** Where its run is read. */
  runAt(id: string): string;
  id?: string;
}

interface Scene {
  documents: string[];
  agentId: string;
  processId: string;
}

const SLOW = 'slow';

/** What is there before the first kill. */
async function prepare(platform: KilledPlatform): Promise<Scene> {
  const document = async (name: string, rows: number): Promise<string> => {
    const lines = Array.from({ length: rows }, (_, row) => `Ada ${row},a${row}@example.com`);
    const form = new FormData();
    form.set('file', new Blob([`First Name,Email\n${lines.join('\n')}\n`]), name);
    return (await platform.ask('POST', 'documents', { body: form })).body.id;
  };
  await platform.ask('PUT', '/api/v1/providers/slow', { json: { type: 'echo', msPerWord: 100 } });
  await platform.ask('POST', '/api/v1/agents', { json: { id: SLOW, name: 'Slow' } });
  const definition = {
    model: { provider_id: 'slow', name: 'echo' },
    messages: [{ role: 'user', content: 'one two three four' }],
  };
  const { body: version } = await platform.ask('POST', '/api/v1/agents/slow/versions', { json: definition });
  await platform.ask('PUT', '/api/v1/agents/slow/deployment', { json: { version: version.no } });
  const process = { agent_id: SLOW, name: 'Slow', stage: 'Published', state_machine_arn: SLOW_PROCESS_ARN };
  const { body: registered } = await platform.ask('POST', '/processes', { json: process });
  const documents = await Promise.all([document('small.csv', 3), document('large.csv', 20_000)]);
  return { documents, agentId: SLOW, processId: registered.id };
}

/** What clients ask for between two kills: runs of every kind. */
async function someCreates(platform: KilledPlatform, scene: Scene, round: number): Promise<Create[]> {
  const { documents, agentId, processId } = scene;
  const { PROJECT_ID } = platform.demo;
  const project = `/api/projects/${PROJECT_ID}`;
  const { body: thread } = await platform.ask('POST', `${project}/threads`, { json: { agentId } });
  const runs = `${project}/threads/${thread.threadId}/runs`;
  const ofDocument = documents.map(
    (inputDocumentId, no): Create => ({
      key: `document ${no} of ${round}`,
      path: 'runs',
      json: { inputDocumentId, options: { metadata: { round: String(round) } } },
      idIn: ({ body }) => body.id,
      runAt: (id) => `runs/${id}`,
    }),
  );
  return [
    ...ofDocument,
    {
      key: `process of ${round}`,
      path: '/runs',
      json: { agent_id: agentId, process_id: processId, name: `Round ${round}`, stage: 'Published' },
      idIn: ({ body }) => body.id,
      runAt: (id) => `/runs/${id}`,
    },
    {
      key: `thread of ${round}`,
      path: runs,
      json: { message: `Round ${round}` },
      idIn: ({ body }) => body.runId,
      runAt: (id) => `${runs}/${id}`,
    },
    {
      key: `agent of ${round}`,
      path: '/api/v1/run',
      json: { agent_id: agentId },
      idIn: ({ headers }) => headers.get('x-run-id') ?? undefined,
      runAt: (id) => `/api/v1/agents/${agentId}/runs/${id}`,
    },
  ];
}

/** True once it is answered. A platform that dies meanwhile has said nothing. */
async function isCreated(platform: KilledPlatform, create: Create): Promise<boolean> {
  try {
    const headers = { 'idempotency-key': create.key };
    const told = await platform.ask('POST', create.path, { json: create.json, headers });
    const id = create.idIn(told);
    if (id === undefined) return false;
    expect(id, `${create.key}, told ${create.id} before`).toBe(create.id ?? id);
    create.id = id;
    return true;
  } catch (error) {
    // What `fetch` throws when the connection breaks.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

const OPEN = ['queued', 'running', 'in_progress', 'Created', 'Pending', 'Running'];

async function untilOver(platform: KilledPlatform, { runAt, id = '' }: Create): Promise<string> {
  for (;;) {
    const { status, body } = await platform.ask('GET', runAt(id));
    if (status !== 200 || !OPEN.includes(body.status)) return `${status} ${body.status}`;
    await sleep(100);
  }
}

/** Lines of a log that say that the run has ended. */
async function closingsOf(platform: KilledPlatform, path: string): Promise<number> {
  const { status, body } = await platform.ask('GET', path);
  if (status === 404) return 0;
  const lines: { event: string }[] = String(body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.filter(({ event }) => event === 'run.complete').length;
}

/**
 * Whoever waited for an agent died with it, and nobody can tell until its time is over: an hour later the
 * sweeper ends such runs.
 */
async function sweepAnHourLater(dataFolder: string): Promise<number> {
  const database = await startEmbeddedDynamo({ folder: join(dataFolder, 'database') });
  const client = new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS });
  try {
    const stores = dynamoStores(DynamoDBDocumentClient.from(client), LOCAL_TABLE);
    const now = () => new Date(Date.now() + 10 * RUN_LIMIT_SECONDS.agent * 1000);
    const executor = {
      start: async () => undefined,
      stop: async () => undefined,
      describe: async () => ({ status: 'none' as const }),
    };
    await sweepRuns({ ...stores, now, newId: () => crypto.randomUUID(), executor });
    return (await stores.runs.listOpen({ leaseBefore: '9999', limit: 100 })).length;
  } finally {
    client.destroy();
    await database.close();
  }
}

async function survive(platform: KilledPlatform, dice: Dice): Promise<void> {
  await platform.boot();
  const scene = await prepare(platform);
  const creates: Create[] = [];
  for (let round = 1; round <= KILLS; round += 1) {
    creates.push(...(await someCreates(platform, scene, round)));
    const unanswered = creates.filter(({ id }) => id === undefined);
    const asked = unanswered.map((create) => isCreated(platform, create));
    if (round > HASTY_ROUNDS) await Promise.all(asked);
    await sleep(dice.below(round > HASTY_ROUNDS ? LIFE_MS : LIFE_MS / 3));
    await platform.kill();
    await Promise.all(asked);
    await platform.boot();
  }

  for (;;) {
    const missing = creates.filter(({ id }) => id === undefined);
    if (missing.length === 0) break;
    await Promise.all(missing.map((create) => isCreated(platform, create)));
    await sleep(500);
  }
  const ends = await Promise.all(
    creates.filter(({ path }) => path !== '/api/v1/run').map((create) => untilOver(platform, create)),
  );
  expect(new Set(ends.map((end) => end.split(' ')[0]))).toEqual(new Set(['200']));
  for (const create of creates) expect(await isCreated(platform, create), create.key).toBe(true);

  const { AGENT_ID: _agent, ...demo } = platform.demo;
  const listed = async (path: string, name: string): Promise<string[]> => {
    const { body } = await platform.ask('GET', path);
    return body[name].map(({ id, runId }: { id?: string; runId?: string }) => id ?? runId);
  };
  const told = (path: string): string[] =>
    [...new Set(creates.filter((create) => create.path === path).map(({ id = '' }) => id))].toSorted();
  const query = new URLSearchParams({ agent_id: SLOW, process_id: scene.processId, limit: '100' });
  expect((await listed('runs?limit=200', 'items')).toSorted()).toEqual(told('runs'));
  expect((await listed(`/runs?${query}`, 'items')).toSorted()).toEqual(told('/runs'));
  expect((await listed(`/api/v1/agents/${SLOW}/runs?limit=100`, 'items')).toSorted()).toEqual(
    told('/api/v1/run'),
  );
  for (const { path, id, runAt } of creates.filter((create) =>
    create.path.startsWith(`/api/projects/${demo.PROJECT_ID}`),
  )) {
    expect(await listed(path, 'runs')).toEqual([id]);
    expect(
      (await platform.ask('GET', path.replace(/\/runs$/, ''))).body.messages[0].content,
      runAt(id ?? ''),
    ).toMatch(/^Round/);
  }
  for (const id of told('runs')) {
    const [closings, { body: run }] = [
      await closingsOf(platform, `runs/${id}/events/download`),
      await platform.ask('GET', `runs/${id}`),
    ];
    const { body: output } = await platform.ask('GET', `runs/${id}/output`);
    expect(closings, `the log of ${id}`).toBeLessThanOrEqual(1);
    expect(output.ready, `the output of ${id}, which ${run.status}`).toBe(run.status === 'succeeded');
  }
  for (const id of told('/runs'))
    expect(await closingsOf(platform, `/runs/${id}/events`)).toBeLessThanOrEqual(1);
  await platform.kill();
  expect(await sweepAnHourLater(platform.dataFolder)).toBe(0);
}

describe('kill -9', () => {
  it(`${PLATFORMS * KILLS} times at any moment: everything that was accepted ends once`, async () => {
    const survivals = Array.from({ length: PLATFORMS }, async (_, no) => {
      const platform = await KilledPlatform.open();
      opened.push(platform);
      await survive(platform, diceOf(SEED + no));
    });

    await Promise.all(survivals);
  });
});
