import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { readEvents, type ServerSentEvent } from '../support/sse.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const CSV = 'First Name,E-mail,Ünïcödé\nAda,ada@example.com,é\n';

async function aRun(options: Record<string, unknown> = {}, name = 'events.csv'): Promise<string> {
  const { body } = await platform.upload(name, CSV, { conflictMode: 'keep_both' });
  return (await platform.run(body.id, options)).body.id;
}

const urlOf = (runId: string, query = '') =>
  `${platform.url}/api/v1/workspaces/${platform.demo.workspaceId}/runs/${runId}/events/stream${query}`;

async function open(runId: string, query = '', headers: Record<string, string> = {}, signal?: AbortSignal) {
  const response = await fetch(urlOf(runId, query), {
    headers: { 'x-api-key': platform.demo.apiKey, ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.body === null) throw new Error('no body');
  return { response, events: readEvents(response.body) };
}

async function collect(
  runId: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<ServerSentEvent[]> {
  const seen: ServerSentEvent[] = [];
  for await (const event of (await open(runId, query, headers)).events) seen.push(event);
  return seen;
}

const logOf = async (runId: string): Promise<Buffer> =>
  (await platform.call('GET', `runs/${runId}/events/download`)).bytes;

const messages = (events: ServerSentEvent[]): ServerSentEvent[] =>
  events.filter(({ event }) => event === 'message');
const asLog = (events: ServerSentEvent[]): string =>
  messages(events)
    .map(({ data }) => `${data}\n`)
    .join('');

describe('GET /runs/{runId}/events/stream', () => {
  it('200: ready, every line of the log with the offset after it, end', async () => {
    const runId = await aRun();
    const log = await logOf(runId);

    const { response } = await open(runId);
    const events = await collect(runId);

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    await response.body?.cancel();
    expect(events[0]).toEqual({
      id: '0',
      event: 'ready',
      data: JSON.stringify({ runId, status: 'succeeded', cursor: 0 }),
    });
    expect(asLog(events)).toBe(log.toString('utf8'));
    let offset = 0;
    for (const { id, data } of messages(events)) {
      offset += Buffer.byteLength(data) + 1;
      expect(id).toBe(String(offset));
    }
    expect(events.at(-1)).toEqual({
      id: String(log.length),
      event: 'end',
      data: JSON.stringify({ runId, status: 'succeeded', cursor: log.length, reason: 'run_complete' }),
    });
  });

  it('the log has the events of ADE in its order, with their context', async () => {
    const runId = await aRun();
    const lines = (await logOf(runId))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(lines.map(({ event }) => event)).toEqual([
      'run.start',
      'engine.run.started',
      'engine.run.planned',
      'engine.config.loaded',
      'engine.workbook.started',
      'engine.sheet.started',
      'engine.table.written',
      'engine.run.completed',
      'run.complete',
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: 'info',
        message: expect.any(String),
        data: expect.any(Object),
        context: { job_id: runId, workspace_id: platform.demo.workspaceId, operation: 'process' },
      });
    }
    expect(lines.at(-1)).toMatchObject({
      message: 'Run succeeded',
      data: { status: 'succeeded', exit_code: 0 },
    });
  });

  it('resumes at any byte: whole lines from the next line on', async () => {
    const runId = await aRun();
    const log = await logOf(runId);
    const ends = [...log.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    // The seed makes a failing offset reproducible.
    let seed = 20_260_101;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const offsets = [
      0,
      1,
      ...ends,
      ...ends.map((end) => end - 1),
      ...Array.from({ length: 40 }, () => Math.floor(random() * log.length)),
    ];

    await Promise.all(
      offsets.map(async (cursor) => {
        const events = await collect(runId, `?cursor=${cursor}`);

        const isLineStart = cursor === 0 || log[cursor - 1] === 10;
        const from = isLineStart ? cursor : (ends.find((end) => end >= cursor) ?? log.length);
        expect(asLog(events), `cursor ${cursor}`).toBe(log.subarray(from).toString('utf8'));
        expect(events[0]).toMatchObject({ id: String(cursor), event: 'ready' });
        expect(events.at(-1)).toMatchObject({ event: 'end' });
      }),
    );
  });

  it('past the end: ready and end', async () => {
    const events = await collect(await aRun(), '?cursor=99999999');

    expect(events.map(({ event }) => event)).toEqual(['ready', 'end']);
  });

  it('Last-Event-ID wins over cursor when it is an offset, and is ignored otherwise', async () => {
    const runId = await aRun();
    const end = String((await logOf(runId)).length);

    const [resumed, ignored] = await Promise.all([
      collect(runId, '?cursor=0', { 'last-event-id': end }),
      collect(runId, `?cursor=${end}`, { 'last-event-id': 'nonsense' }),
    ]);

    expect(messages(resumed ?? [])).toEqual([]);
    expect(messages(ignored ?? [])).toEqual([]);
  });

  it('a client that is cut off again and again sees the bytes of the download, once each', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => `Ada,a${row}@example.com`).join('\n');
    const { body } = await platform.upload('cuts.csv', `First Name,Email\n${rows}\n`);
    const { body: created } = await platform.call('POST', 'runs', {
      json: { inputDocumentId: body.id, options: { logLevel: 'DEBUG' } },
    });
    const runId = created.id;

    const seen: ServerSentEvent[] = [];
    let lastEventId: string | undefined;
    for (let ended = false, cut = 0; !ended; cut += 1) {
      const abort = new AbortController();
      const headers: Record<string, string> =
        lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      const { events } = await open(runId, '', headers, abort.signal);
      let taken = 0;
      for await (const event of events) {
        if (event.id !== undefined) lastEventId = event.id;
        if (event.event === 'message') seen.push(event);
        if (event.event === 'end') ended = true;
        taken += 1;
        if (!ended && taken > 2 + (cut % 60)) break;
      }
      abort.abort();
    }

    expect(asLog(seen)).toBe((await logOf(runId)).toString('utf8'));
  });

  it('opened before the log exists, it waits; cancelled without a log, it ends by the status', async () => {
    const { body } = await platform.upload('wait.csv', CSV);
    const { body: created } = await platform.call('POST', 'runs', { json: { inputDocumentId: body.id } });
    const events = await collect(created.id);
    expect(events.map(({ event }) => event)).toEqual(['ready', ...Array(9).fill('message'), 'end']);

    const { body: queued } = await platform.call('POST', 'runs', { json: { inputDocumentId: body.id } });
    const [ended, cancelled] = await Promise.all([
      collect(queued.id),
      platform.call('POST', `runs/${queued.id}/cancel`),
    ]);
    expect(cancelled.body.status).toBe('cancelled');
    expect(JSON.parse(ended.at(-1)?.data ?? '')).toMatchObject({
      runId: queued.id,
      status: 'cancelled',
      reason: 'terminal_status',
    });
    expect(asLog(ended)).not.toContain('run.complete');
  });

  it('log_level filters the log, not the results', async () => {
    const [quiet, loud] = [await aRun({ logLevel: 'ERROR' }), await aRun({ logLevel: 'DEBUG' })];

    const eventsIn = async (runId: string) =>
      (await logOf(runId))
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).event);
    expect(await eventsIn(quiet)).toEqual(['run.complete']);
    expect((await platform.call('GET', `runs/${quiet}/metrics`)).body).toMatchObject({ table_count: 1 });
    expect(await eventsIn(loud)).toEqual(
      expect.arrayContaining(['engine.settings.effective', 'engine.row_classification']),
    );
  });

  it('404: a run that does not exist; events/download before anything was logged', async () => {
    const unknown = '018f0000-0000-7000-8000-0000000000ff';
    expect(await platform.call('GET', `runs/${unknown}/events/stream`)).toMatchObject({
      status: 404,
      body: { detail: 'Run not found' },
    });

    const { body } = await platform.upload('nolog.csv', CSV);
    const { body: run } = await platform.call('POST', 'runs', { json: { inputDocumentId: body.id } });
    await platform.call('POST', `runs/${run.id}/cancel`);
    const answer = await platform.call('GET', `runs/${run.id}/events/download`);
    if (answer.status === 404) expect(answer.body.detail).toBe('Run log stream is unavailable');
    else expect(answer.bytes.toString()).toContain('run.lost_claim'); // the worker was quicker than the cancel
  });
});
