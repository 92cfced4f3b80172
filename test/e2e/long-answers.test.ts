import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../lib/apis/operation/answer-size.ts';
import { fromThreadId } from '../../lib/apis/thread-runs/ids.ts';
import { Run } from '../../lib/runs/run.ts';
import { makeAgent } from '../support/agents.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { aPostedUpload } from './sent-documents.ts';

let platform: TestPlatform;
let workspaceId: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  workspaceId = platform.demo.workspaceId;
});
afterAll(() => platform.close());

/** What a function hands to the gateway: the answer's JSON as a string. */
const sentBytes = ({ bytes }: Answer): number =>
  Buffer.byteLength(JSON.stringify({ statusCode: 200, headers: {}, body: bytes.toString() }));

async function get(path: string): Promise<Answer> {
  const answer = await platform.call('GET', path);
  expect([path, answer.status]).toEqual([path, 200]);
  expect(sentBytes(answer)).toBeLessThan(MAX_ANSWER_BYTES);
  return answer;
}

/** All pages of a list, each of which must fit. */
async function pages<Item = { id: string; name: string; lastRun?: { id: string } }>(
  path: (cursor: string | undefined) => string,
  read: (body: Answer['body']) => { items: Item[]; next: string | null | undefined },
): Promise<Item[][]> {
  const found: Item[][] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = read((await get(path(cursor))).body);
    found.push(items);
    if (next == null) return found;
    cursor = encodeURIComponent(next);
  }
}

const stored = (run: Record<string, unknown>): Promise<void> => {
  const at = new Date().toISOString();
  const ended = {
    status: 'succeeded',
    version: 3,
    attempt: 1,
    createdAt: at,
    startedAt: at,
    completedAt: at,
  };
  return platform.platform.runs.insert(Run.parse({ workspaceId, ...ended, ...run }));
};

describe('lists of what is large come back short, with a cursor', () => {
  it('process runs with outputs of 245 kB', async () => {
    const { agentId, processId } = platform.demo;
    const output = { text: 'x'.repeat(245_000) };
    for (let no = 0; no < 30; no += 1) {
      const id = platform.platform.newId();
      const outputsKey = `${workspaceId}/runs/${id}/outputs.json`;
      await platform.platform.files.put(outputsKey, Buffer.from(JSON.stringify(output)), {
        contentType: 'application/json',
      });
      const files = { fileIds: null, files: [], bucket: 'local', inputs: {} };
      const named = { agentId, processId, stage: 'Draft', name: `Run ${no}`, stateMachineArn: 'arn:x' };
      const input = { ...named, ...files };
      await stored({ id, kind: 'process', parentId: processId, input, result: { outputsKey } });
    }

    const query = `/runs?process_id=${processId}&agent_id=${agentId}&limit=100`;
    const found = await pages(
      (token) => (token === undefined ? query : `${query}&continuation_token=${token}`),
      ({ items, continuation_token: next }) => ({ items, next }),
    );

    expect(found.length).toBeGreaterThan(1);
    expect(found.flat().map(({ name }) => name)).toEqual(
      Array.from({ length: 30 }, (_, no) => `Run ${29 - no}`),
    );
  });

  it('documents with 64 kB of metadata, in every order', async () => {
    const { documents } = platform.platform;
    const [first] = (await documents.list(workspaceId, { limit: 1 })).records;
    if (first === undefined) throw new Error('There is no document');
    const metadata = { text: '"'.repeat(32_000) };
    for (let no = 0; no < 110; no += 1) {
      const document = { ...first, version: 1, id: platform.platform.newId(), name: `${no}.csv`, metadata };
      await documents.insert(workspaceId, { ...document, runs: {}, lastRunId: undefined });
    }

    for (const sort of ['createdAt', 'name', '-createdAt']) {
      const order = encodeURIComponent(
        JSON.stringify([{ id: sort.replace('-', ''), desc: sort[0] === '-' }]),
      );
      const query = `documents?limit=200&sort=${order}`;
      const found = await pages(
        (cursor) => (cursor === undefined ? query : `${query}&cursor=${cursor}`),
        ({ items, meta }) => ({ items, next: meta.nextCursor }),
      );
      const names = found.flat().map(({ id }) => id);
      expect(found.length).toBeGreaterThan(1);
      expect([names.length, new Set(names).size]).toEqual([111, 111]);
    }
  });

  it('runs that name many sheets', async () => {
    const sheetNames = Array.from({ length: 500 }, (_, no) => `表${no}`.padEnd(30, '字'));
    for (let no = 0; no < 150; no += 1) {
      const input = { operation: 'process', configurationId: randomUUID(), sheetNames };
      const id = platform.platform.newId();
      await stored({ id, kind: 'document', parentId: randomUUID(), input, result: {} });
    }
    const found = await pages(
      (cursor) => `runs?limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      ({ items, meta }) => ({ items, next: meta.nextCursor }),
    );

    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.flat().map(({ id }) => id)).size).toBe(150);
  });

  it('agent runs of many variables', async () => {
    const agentId = await makeAgent(platform);
    const variableNames = Array.from({ length: 200 }, (_, no) => `${no}`.padEnd(200, '字'));
    for (let no = 0; no < 60; no += 1) {
      const input = { version: 1, variableNames, stream: false, keepContent: false };
      await stored({ id: platform.platform.newId(), kind: 'agent', parentId: agentId, input, result: {} });
    }
    const path = `/api/v1/agents/${agentId}/runs?limit=100`;
    const found = await pages(
      (cursor) => (cursor === undefined ? path : `${path}&cursor=${cursor}`),
      ({ items, nextCursor: next }) => ({ items, next }),
    );

    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.flat().map(({ id }) => id)).size).toBe(60);
  });

  it('columns of a run, by the address that the header Link names', async () => {
    const { body: run } = await platform.run(platform.demo.documentId);
    const record = await platform.platform.runs.get({ workspaceId, kind: 'document', runId: run.id });
    const reportKey = String(Reflect.get(Reflect.get(record ?? {}, 'result') ?? {}, 'reportKey'));
    const report = JSON.parse(await textOf(reportKey));
    const columns = Array.from({ length: 20_000 }, (_, column_index) => ({
      ...report.columns[0],
      column_index,
      header_raw: '字'.repeat(100),
    }));
    await platform.platform.files.put(reportKey, Buffer.from(JSON.stringify({ ...report, columns })), {
      contentType: 'application/json',
    });

    const found: number[] = [];
    let asked = 0;
    for (let path: string | undefined = `runs/${run.id}/columns?sheet_index=0`; path !== undefined; ) {
      const answer = await get(path);
      asked += 1;
      found.push(...answer.body.map((column: { column_index: number }) => column.column_index));
      path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }

    expect(asked).toBeGreaterThan(1);
    expect(found).toEqual(columns.map(({ column_index }) => column_index));
    const query = 'documents?includeRunTableColumns=true&includeRunFields=true&limit=200';
    const listed = await pages(
      (cursor) => (cursor === undefined ? query : `${query}&cursor=${cursor}`),
      ({ items, meta }) => ({ items, next: meta.nextCursor }),
    );
    const row = listed.flat().find(({ lastRun }) => lastRun?.id === run.id);
    expect(row).toHaveProperty('lastRunFields');
    expect(row).not.toHaveProperty('lastRunTableColumns');
  });
});

async function textOf(key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await platform.platform.files.get(key))?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a long thread', () => {
  const TURNS = 400;
  const project = () => `/api/projects/${workspaceId}`;
  let threadId: string;
  beforeAll(async () => {
    const { body: thread } = await platform.call('POST', `${project()}/threads`, { json: {} });
    threadId = thread.threadId;
    const parentId = fromThreadId(threadId) ?? '';
    let last: string | undefined;
    for (let no = 0; no < TURNS; no += 1) {
      const id = platform.platform.newId();
      const text = `${no} `.padEnd(3990, '字');
      const previous = last === undefined ? {} : { previousRunId: last };
      const input = { agentId: platform.demo.agentId, message: text, ...previous };
      const answer = { createdAt: new Date().toISOString(), text };
      const result = { answer, agentVersion: 1, modelId: 'echo', usage: {} };
      await stored({ id, kind: 'thread', parentId, input, result });
      last = id;
    }
    const record = await platform.platform.threads.get(workspaceId, parentId);
    if (record === undefined || last === undefined) throw new Error('The thread is not there');
    const lastRun = { runId: last, at: new Date().toISOString() };
    const before = { messageCount: 2 * (TURNS - 1) };
    const named = { ...record, version: record.version + 1, lastRun, before };
    await platform.platform.threads.replace(workspaceId, named);
  });

  const turnOf = ({ content }: { content: string }): number => Number.parseInt(content, 10);

  it('is read with its newest messages, and the older ones page by page', async () => {
    const { body } = await get(`${project()}/threads/${threadId}`);
    expect(body.thread.messageCount).toBe(2 * TURNS);
    expect(body.messages.length).toBeLessThan(2 * TURNS);
    expect(turnOf(body.messages.at(-1))).toBe(TURNS - 1);

    const older = await pages<{ content: string }>(
      (cursor) => `${project()}/threads/${threadId}/messages?limit=100&after=${cursor ?? body.nextCursor}`,
      ({ messages, nextCursor, hasMore }) => ({ items: messages, next: hasMore ? nextCursor : null }),
    );

    const turns = [...body.messages.toReversed(), ...older.flat()].map(turnOf);
    expect(turns).toEqual(Array.from({ length: 2 * TURNS }, (_, no) => TURNS - 1 - Math.floor(no / 2)));
  });

  it('is listed in either order, forwards and backwards', async () => {
    const list = async (query: string) =>
      (await get(`${project()}/threads/${threadId}/messages?${query}`)).body;
    const first = await list('limit=2&order=asc');
    expect(first.messages.map(({ role }: { role: string }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
    expect(first.messages.map(turnOf)).toEqual([0, 0, 1, 1]);
    const second = await list(`limit=2&order=asc&after=${first.nextCursor}`);
    expect(second.messages.map(turnOf)).toEqual([2, 2, 3, 3]);
    const back = await list(`limit=2&order=asc&before=${second.previousCursor}`);
    expect(back.messages).toEqual(first.messages);
    const all = await list('limit=100');
    expect(all.messages.map(turnOf).slice(0, 4)).toEqual([399, 399, 398, 398]);
    expect(all.messages[0].role).toBe('assistant');
  });

  it('400 for a cursor that is none; 404 for an unknown thread', async () => {
    const path = (id: string) => `${project()}/threads/${id}/messages`;
    expect((await platform.call('GET', `${path(threadId)}?after=nonsense`)).status).toBe(400);
    expect((await platform.call('GET', path('thread_none'))).status).toBe(404);
  });

  it('a short one says nothing of cursors', async () => {
    const { body: chat } = await platform.call('POST', `${project()}/chat`, { json: { message: 'Hi' } });
    const { body } = await get(`${project()}/threads/${chat.threadId}`);

    expect(Object.keys(body)).toEqual(['thread', 'messages', 'projectId']);
    expect(body.thread.messageCount).toBe(2);
  });
});

describe('metadata of a document', () => {
  const of = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
  const files = async () => (await platform.call('GET', 'documents?limit=1&includeTotal=true')).body.meta;

  it('422 beyond 65,536 bytes, whichever way it comes; nothing is stored', async () => {
    const { totalCount } = await files();
    for (const bytes of [65_537, 410_000, 900_000]) {
      const url = await aPostedUpload(platform, randomUUID());
      const refused = await platform.call('POST', url, { json: { metadata: of(bytes) } });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'metadata' }] } });
      // The upload is as good as before.
      expect((await platform.call('POST', url, { json: { metadata: of(100) } })).status).toBe(201);
    }
    const sent = await platform.upload('a.csv', 'Email\n', { metadata: JSON.stringify(of(65_537)) });
    expect(sent.status).toBe(400); // a part of a form is no longer than that
    expect((await files()).totalCount).toBe(totalCount + 3);
  });

  it('201 up to 65,536 bytes', async () => {
    const url = await aPostedUpload(platform, randomUUID());
    const { status, body } = await platform.call('POST', url, { json: { metadata: of(65_536) } });
    expect([status, body.metadata]).toEqual([201, of(65_536)]);
  });
});

describe('refusals', () => {
  it.each([
    ['runs/batch', { document_ids: Array(200_000).fill('x') }],
    ['runs', Object.fromEntries(Array.from({ length: 60_000 }, (_, no) => [`m${no}`, 1]))],
    ['/runs', { inputs: Array(100_000).fill(1), file_ids: Array(200_000).fill(1) }],
    ['/api/v1/run', { agent_id: 'a', extra_messages: Array(200_000).fill(1) }],
  ])('name the first members that are wrong: POST %s', async (path, json) => {
    const answer = await platform.call('POST', path, { json });

    expect([400, 422]).toContain(answer.status);
    expect(sentBytes(answer)).toBeLessThan(200_000);
  });

  it('so does the check of a configuration', async () => {
    const definition = { fields: Array(400).fill({ a: 1 }) };
    const { body: draft } = await platform.call('POST', 'configurations', {
      json: { name: 'X', definition },
    });
    const checked = await platform.call('POST', `configurations/${draft.id}/validate`);

    expect(checked.body.errors).toHaveLength(100);
    expect(await platform.call('POST', `configurations/${draft.id}/publish`)).toMatchObject({ status: 422 });
  });
});
