import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentPart, type Client, createClient, type FollowedEvent } from '../../lib/client/index.ts';
import { startDroppingProxy } from '../client/dropping-proxy.ts';
import type { DroppingServer } from '../client/dropping-server.ts';
import { makeAgent } from '../support/agents.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let proxy: DroppingServer;
let agent: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  proxy = await startDroppingProxy(platform.url);
  agent = await makeAgent(platform);
  // So that an answer that was lost can be given again.
  await platform.call('PATCH', `/api/v1/workspaces/${platform.demo.workspaceId}`, {
    json: { keepAgentContent: true },
  });
});
afterAll(async () => {
  await proxy.close();
  await platform.close();
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const CSV = 'First Name,E-mail,Ünïcödé\nAda,ada@example.com,é\n';
/** Few rows, much text: more than one request carries. */
const LARGE = `First Name,Notes\n${Array.from({ length: 180 }, () => `Ada,${'x'.repeat(30_000)}\n`).join('')}`;

describe.each([
  ['that speaks to the platform', () => platform.url],
  ['behind a proxy that drops every third connection', () => proxy.url],
])('a client %s', (where, url) => {
  let client: Client;
  beforeAll(() => {
    client = createClient({ baseUrl: url(), apiKey: platform.demo.apiKey });
  });
  const workspace = () => client.workspaceRuns(platform.demo.workspaceId);

  it('uploads a document, runs it, follows the run and reads what came out', async () => {
    const runs = workspace();
    const document = await runs.uploadDocument({ name: `small, ${where}.csv`, bytes: CSV });
    const created = await runs.createRun({ inputDocumentId: document.id });
    const events = await collected(runs.followRun(created.id));
    const run = await runs.waitForRun(created.id);

    expect(run).toMatchObject({ id: created.id, status: 'succeeded', output: { ready: true } });
    const log = await runs.downloadRunEvents(run.id).text();
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const messages = events.filter((event) => event.type === 'message');
    expect(messages.map(({ line }) => line)).toEqual(lines);
    expect([events[0]?.type, events.at(-1)]).toEqual([
      'ready',
      {
        type: 'end',
        runId: run.id,
        status: 'succeeded',
        cursor: Buffer.byteLength(log),
        reason: 'run_complete',
      } satisfies FollowedEvent,
    ]);
    expect(
      (await runs.getRunColumns(run.id, { mapping_status: 'mapped' })).map((column) => column.mapped_field),
    ).toEqual(['first_name', 'email']);
    expect(await runs.getRunMetrics(run.id)).toMatchObject({ table_count: 1 });
    expect((await runs.previewRunOutput(run.id, { maxRows: 1 })).rows[0]?.slice(0, 3)).toEqual([
      'first_name',
      'email',
      'Ünïcödé',
    ]);
    const output = await runs.downloadRunOutput(run.id).bytes();
    expect(output.length).toBe(run.output.size_bytes);
    const found = await collected(
      runs.listRuns({
        limit: 1,
        filters: `[{"id":"inputDocumentId","operator":"eq","value":"${document.id}"}]`,
      }),
    );
    expect(found.map(({ id }) => id)).toEqual([run.id]);
  });

  it('uploads a document of five megabytes', async () => {
    const runs = workspace();
    const document = await runs.uploadDocument(
      { name: `large, ${where}.csv`, bytes: LARGE },
      { runOptions: {} },
    );

    expect(document).toMatchObject({ byteSize: LARGE.length, currentVersionNo: 1 });
    const content = await runs.downloadOriginalDocument(document.id).text();
    expect([content.length, content === LARGE]).toEqual([LARGE.length, true]);
    const run = await runs.waitForRun(document.lastRun?.id ?? '');
    expect(run).toMatchObject({ status: 'succeeded', input: { document_id: document.id } });
  });

  it('uploads a file for a process and runs it', async () => {
    const { agentId, processId } = platform.demo;
    const { processRuns } = client;
    const file = await processRuns.uploadFile({ name: 'order.txt', bytes: 'an order' }, { agentId });
    const started = await processRuns.startProcessRun({
      agent_id: agentId,
      process_id: processId,
      name: `Order, ${where}`,
      stage: 'Published',
      file_ids: [file.id],
      inputs: [{ name: 'order_id', value: 'b4fznghynbdemslfd5k044fgd' }],
    });
    expect(started).toMatchObject({ status: 'Created', file_ids: [file.id] });
    const run = await processRuns.waitForRun(started.id);

    expect(run).toEqual({ ...started, status: 'Succeeded', outputs: expect.any(Array) });
    expect(await processRuns.getProcessRunEvents(run.id).text()).toContain('run.complete');
    const runs = await collected(
      processRuns.listProcessRuns({ agent_id: agentId, process_id: processId, limit: 1 }),
    );
    expect(runs.filter(({ name }) => name === run.name).map(({ id }) => id)).toEqual([run.id]);
  });

  it('talks in a thread', async () => {
    const threads = client.threadRuns(platform.demo.workspaceId);
    const { threadId, response } = await threads.chat({ message: 'Good morning' });
    const { runId } = await threads.createThreadRun(threadId, { message: 'And goodbye' });
    const run = await threads.waitForRun(threadId, runId);

    expect(run).toMatchObject({ runId, threadId, status: 'completed' });
    const { messages } = await threads.getThread(threadId);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect([messages[0]?.content, messages[1]?.content, messages[2]?.content]).toEqual([
      'Good morning',
      response,
      'And goodbye',
    ]);
    expect(
      (await collected(threads.listThreadRuns(threadId, { limit: 1 }))).map((one) => one.runId),
    ).toHaveLength(2);
  });

  it('runs an agent once for a whole answer', async () => {
    const variables = { user_name: 'John', topic: where };
    const before = await collected(client.agentRun.listAgentRuns(agent));

    const answer = await client.agentRun.runAgent({ agent_id: agent, variables });

    expect(answer).toEqual({
      text: `Hello John, ${where}`,
      messages: [{ role: 'assistant', content: `Hello John, ${where}` }],
    });
    const after = await collected(client.agentRun.listAgentRuns(agent));
    expect(after.map(({ status }) => status)).toEqual(Array(before.length + 1).fill('succeeded'));
  });
});

describe('an agent’s answer, part by part', () => {
  const variables = { user_name: 'John', topic: 'AI' };
  const textOf = (parts: AgentPart[]): string =>
    parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const stream = () =>
    createClient({ baseUrl: proxy.url, apiKey: platform.demo.apiKey }).agentRun.streamAgent({
      agent_id: agent,
      variables,
    });

  it('comes whole when it did not get through at first', async () => {
    proxy.cutting = (_no, { url }) => {
      proxy.cutting = () => undefined;
      return url === '/api/v1/run' ? 'unheard' : undefined;
    };

    const parts = await collected(stream());

    expect(textOf(parts)).toBe('Hello John, AI');
    expect(parts.at(-1)?.type).toBe('finish');
  });

  it('says which run it was when it is cut off in the middle', async () => {
    proxy.cutting = () => 'halfway';
    const parts: AgentPart[] = [];
    const reading = (async () => {
      for await (const part of stream()) parts.push(part);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'cut', runId: expect.any(String) });
    expect('Hello John, AI'.startsWith(textOf(parts))).toBe(true);
    expect(parts[0]?.type).toBe('start');
  });
});

describe('a client', () => {
  it('manages the keys of a workspace, and is refused in the platform’s words', async () => {
    const owner = createClient({ baseUrl: platform.url, apiKey: platform.demo.apiKey }).workspaceRuns(
      platform.demo.workspaceId,
    );
    const key = await owner.createApiKey({ name: 'Reader', role: 'reader', expiresInDays: 1 });
    const reader = createClient({ baseUrl: platform.url, apiKey: () => key.secret }).workspaceRuns(
      platform.demo.workspaceId,
    );

    expect(await reader.getWorkspace()).toEqual(await owner.getWorkspace());
    await expect(reader.createRun({ inputDocumentId: platform.demo.documentId })).rejects.toMatchObject({
      name: 'RunplaneError',
      status: 403,
      code: 'forbidden',
      requestId: expect.stringMatching(/^req_/),
    });
    await expect(
      owner.createRun({ options: { inputSheetNames: ['a'], activeSheetOnly: true } }),
    ).rejects.toMatchObject({
      status: 422,
      issues: [{ path: 'options', code: 'value_error' }],
    });
    await owner.revokeApiKey(key.id);
    expect(
      (await collected(owner.listApiKeys({ limit: 1 }))).find(({ id }) => id === key.id)?.revokedAt,
    ).not.toBeNull();
  });

  it('uploads versions and outputs of any size', async () => {
    const runs = createClient({ baseUrl: platform.url, apiKey: platform.demo.apiKey }).workspaceRuns(
      platform.demo.workspaceId,
    );
    const { id } = await runs.uploadDocument({ name: 'versions.csv', bytes: CSV });
    const { id: runId } = await runs.waitForRun((await runs.createRun({ inputDocumentId: id })).id);

    for (const [no, bytes] of [
      [2, CSV],
      [3, LARGE],
    ] as const) {
      const document = await runs.addDocumentVersion(id, { name: 'versions.csv', bytes });
      expect(document).toMatchObject({ id, currentVersionNo: no, byteSize: Buffer.byteLength(bytes) });
      const output = await runs.uploadRunOutput(runId, { name: 'by hand.csv', bytes, type: 'text/csv' });
      expect(output).toMatchObject({ ready: true, versionNo: no, filename: 'by hand.csv' });
      expect((await runs.downloadRunOutput(runId).text()) === bytes).toBe(true);
    }
  });

  it('follows a run by its log while all streams are taken', async () => {
    const { streams, newId } = platform.platform;
    const runs = createClient({ baseUrl: platform.url, apiKey: platform.demo.apiKey }).workspaceRuns(
      platform.demo.workspaceId,
    );
    const [now, until] = [new Date(), new Date(Date.now() + 900_000)];
    const places = [];
    for (;;) {
      const place = await streams.take({ holder: newId(), now, until });
      if (place === undefined) break;
      places.push(place);
    }
    const { id: runId } = await runs.createRun({ inputDocumentId: platform.demo.documentId });

    const polled = await collected(runs.followRun(runId));
    await expect(runs.streamRunEvents(runId, {}, { retries: 0 }).text()).rejects.toMatchObject({
      status: 503,
    });
    await Promise.all(places.map((place) => streams.giveBack(place)));
    const streamed = await collected(runs.followRun(runId));

    const isEvent = ({ type }: FollowedEvent) => type !== 'ready';
    expect(polled.filter(isEvent)).toEqual(streamed.filter(isEvent));
    expect(polled[0]).toMatchObject({ type: 'ready', runId, cursor: 0 });
    expect(polled.at(-1)).toMatchObject({ type: 'end', status: 'succeeded' });
  });

  it('reads the same from where a download is redirected to', async () => {
    const runs = createClient({ baseUrl: platform.url, apiKey: platform.demo.apiKey }).workspaceRuns(
      platform.demo.workspaceId,
    );
    const { documentId } = platform.demo;

    const [here, there] = await Promise.all([
      runs.downloadOriginalDocument(documentId).bytes(),
      runs.downloadOriginalDocument(documentId, { redirect: true }).bytes(),
    ]);

    expect(Buffer.from(there).equals(Buffer.from(here))).toBe(true);
    expect(here.length).toBeGreaterThan(1000);
  });

  it('speaks with a token where the platform takes one', async () => {
    const { jwt, workspaceId, threadId } = platform.demo;
    const threads = createClient({ baseUrl: platform.url, token: async () => jwt }).threadRuns(workspaceId);

    expect((await threads.getThread(threadId)).thread.threadId).toBe(threadId);
  });
});
