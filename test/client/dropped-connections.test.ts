import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient, type FollowedEvent, RunplaneError } from '../../lib/client/index.ts';
import { CUTS, type DroppingServer, startDropping } from './dropping-server.ts';
import { impatientClock } from './impatient.ts';
import { TinyPlatform } from './tiny-platform.ts';

/** A server that drops every third connection, in each of the four ways in turn. */
let server: DroppingServer;
let platform: TinyPlatform;
let client: Client;

beforeEach(async () => {
  platform = new TinyPlatform();
  server = await startDropping(platform.answer);
  platform.url = server.url;
  client = createClient({ baseUrl: server.url, apiKey: 'key', clock: impatientClock() });
});
afterEach(() => server.close());

/** So often that every way of being dropped meets every step of what is done. */
const OFTEN = 36;

async function often<T>(act: (no: number) => Promise<T>): Promise<T[]> {
  const came: T[] = [];
  for (let no = 0; no < OFTEN; no += 1) came.push(await act(no));
  // It has been through all of it, or it has shown nothing.
  expect([...new Set(server.cuts.map((cut) => cut.split(' ').at(-1)))].toSorted()).toEqual(
    [...CUTS].toSorted(),
  );
  return came;
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* nothing(): AsyncGenerator<never> {}

describe('when every third connection is dropped', () => {
  it.each<[string, (client: Client, no: number) => Promise<unknown>, number]>([
    ['createRun', (c, no) => c.workspaceRuns('w').createRun({ inputDocumentId: `d${no}` }), 1],
    ['createRunsBatch', (c) => c.workspaceRuns('w').createRunsBatch({ documentIds: ['a', 'b'] }), 2],
    [
      'startProcessRun',
      (c) => c.processRuns.startProcessRun({ agent_id: 'a', process_id: 'p', name: 'n', stage: 'Draft' }),
      1,
    ],
    ['createThreadRun', (c) => c.threadRuns('p').createThreadRun('t', { message: 'Hi' }), 1],
    ['chat', (c) => c.threadRuns('p').chat({ message: 'Hi' }), 1],
    ['runAgent', (c) => c.agentRun.runAgent({ agent_id: 'a' }), 1],
  ])('%s makes one run a call', async (_name, create, each) => {
    await often((no) => create(client, no));

    expect(platform.runs.size).toBe(OFTEN * each);
  });

  it('every run is followed to its end, and each event comes once', async () => {
    const followed = await often(async () => collected(client.workspaceRuns('w').followRun('r')));

    let at = 0;
    const messages = platform.lines.map((line): FollowedEvent => {
      at += Buffer.byteLength(line) + 1;
      return { type: 'message', cursor: at, line: JSON.parse(line) };
    });
    for (const events of followed) {
      expect(events).toEqual([
        { type: 'ready', runId: 'r', status: 'running', cursor: 0 },
        ...messages,
        { type: 'end', runId: 'r', status: 'succeeded', cursor: at, reason: 'run_complete' },
      ]);
    }
  });

  it('lists give each item once, in all four forms', async () => {
    const { processRuns, agentRun } = client;
    const lists: (() => AsyncIterable<unknown>)[] = [
      () => client.workspaceRuns('w').listRuns(),
      () => processRuns.listProcessRuns({ agent_id: 'a', process_id: 'p' }),
      () => client.threadRuns('p').listThreadRuns('t'),
      () => agentRun.listAgents(),
    ];
    const all = await often((no) => collected(lists[no % lists.length]?.() ?? nothing()));

    const items = Array.from({ length: 7 }, (_, no) => ({ id: `item-${no}` }));
    for (const list of all) expect(list).toEqual(items);
  });

  it('runs are waited for in all three APIs', async () => {
    const runs = client.workspaceRuns('w');
    const threads = client.threadRuns('p');
    const ended = await often(async (no) => {
      if (no % 3 === 0) return runs.waitForRun((await runs.createRun({ inputDocumentId: 'd' })).id);
      if (no % 3 === 1)
        return threads.waitForRun('t', (await threads.createThreadRun('t', { message: 'Hi' })).runId);
      const started = await client.processRuns.startProcessRun({
        agent_id: 'a',
        process_id: 'p',
        name: 'n',
        stage: 'Draft',
      });
      return client.processRuns.waitForRun(started.id);
    });

    expect(ended.map(({ status }) => status)).toEqual(
      ended.map((_, no) => ['succeeded', 'completed', 'Succeeded'][no % 3]),
    );
    expect(platform.runs.size).toBe(OFTEN);
  });

  /** Every fourth is more than one request carries. */
  const LARGE = 'x'.repeat(4 * 1024 * 1024 + 1);
  const contentOf = (no: number) => (no % 4 === 0 ? LARGE : `content ${no}`);
  const sizes = Array.from({ length: OFTEN }, (_, no) => contentOf(no).length);

  it.each([
    ['reject', (no: number) => `d${no}.csv`],
    ['keep_both', () => 'd.csv'],
  ] as const)('documents arrive once, in one request and by a form: %s', async (conflictMode, nameOf) => {
    const runs = client.workspaceRuns('w');

    const uploaded = await often((no) =>
      runs.uploadDocument({ name: nameOf(no), bytes: contentOf(no) }, { conflictMode }),
    );

    expect(uploaded.map(({ id, name }) => [id, name])).toEqual(
      [...platform.documents].map(([id, { name }]) => [id, name]),
    );
    expect(uploaded.map(({ byteSize }) => byteSize)).toEqual(sizes);
    expect(uploaded.map(({ currentVersionNo }) => currentVersionNo)).toEqual(Array(OFTEN).fill(1));
  });

  it('documents arrive once, in one request and by a form: upload_new_version', async () => {
    const runs = client.workspaceRuns('w');

    const uploaded = await often((no) =>
      runs.uploadDocument({ name: 'd.csv', bytes: contentOf(no) }, { conflictMode: 'upload_new_version' }),
    );

    expect([...platform.documents.keys()]).toEqual([...new Set(uploaded.map(({ id }) => id))]);
    expect(uploaded.map(({ currentVersionNo, byteSize }) => [currentVersionNo, byteSize])).toEqual(
      sizes.map((size, at) => [at + 1, size]),
    );
  });

  it('versions of a document arrive once, in one request and by a form', async () => {
    platform.documents.set('d', { name: 'd.csv', bytes: '', versionNo: 1 });

    const added = await often((no) =>
      client.workspaceRuns('w').addDocumentVersion('d', { name: 'd.csv', bytes: contentOf(no) }),
    );

    expect(added.map(({ id, currentVersionNo, byteSize }) => [id, currentVersionNo, byteSize])).toEqual(
      sizes.map((size, at) => ['d', at + 2, size]),
    );
  });

  it('files of process runs arrive whole', async () => {
    const files = await often((no) =>
      client.processRuns.uploadFile({ name: `f${no}.pdf`, bytes: `file ${no}` }),
    );

    expect(files.map(({ id }) => platform.stored.get(id))).toEqual(files.map((_, no) => `file ${no}`));
  });

  it('downloads come whole', async () => {
    const texts = await often(() => client.workspaceRuns('w').downloadRunOutput('r').text());

    expect(new Set(texts)).toEqual(new Set(['The output, byte for byte.']));
  });

  it('what is deleted is deleted, also when the answer to that was lost', async () => {
    const ids = Array.from({ length: OFTEN }, (_, no) => `d${no}`);
    for (const id of ids) platform.documents.set(id, { name: id, bytes: '', versionNo: 1 });

    await often((no) => client.workspaceRuns('w').deleteDocument(ids[no] ?? ''));

    expect(platform.deleted).toEqual(ids);
  });

  it('an answer of an agent comes whole, or says that it was cut off and which run it was', async () => {
    const outcomes = await often(async () => {
      try {
        return await collected(client.agentRun.streamAgent({ agent_id: 'a' }));
      } catch (error) {
        return error as RunplaneError;
      }
    });

    const cut = outcomes.filter((outcome) => outcome instanceof RunplaneError);
    for (const error of cut) {
      expect(['cut', 'conflict']).toContain(error.code);
      expect(platform.runs.has(error.runId ?? '')).toBe(true);
    }
    const whole = outcomes.filter((outcome) => Array.isArray(outcome));
    for (const parts of whole) {
      expect(parts.map((part) => ('text' in part ? part.text : part.type))).toEqual([
        'start',
        'Hello ',
        'there',
        'finish',
      ]);
    }
    expect([cut.length > 0, whole.length > cut.length]).toEqual([true, true]);
    expect(platform.runs.size).toBe(OFTEN);
  });
});
