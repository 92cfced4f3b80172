import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type FollowedEvent, RunplaneError } from '../../lib/client/index.ts';
import { type DroppingServer, type Heard, type Said, startDropping } from './dropping-server.ts';
import { impatientClock } from './impatient.ts';

let server: DroppingServer;
let clock: ReturnType<typeof impatientClock>;
/** What is said to each kind of request. */
let stream: (heard: Heard, no: number) => Said;
let log: (no: number) => string;
let status: (no: number) => string;

const LINES = ['{"event":"a"}', 'no event', '{"event":"ü"}', '{"event":"run.complete"}'];
const LOG = LINES.map((line) => `${line}\n`).join('');
/** Offsets after each line. */
const ENDS = LINES.map((_, no) =>
  Buffer.byteLength(
    LINES.slice(0, no + 1)
      .map((line) => `${line}\n`)
      .join(''),
  ),
);
const messageAt = (no: number): FollowedEvent => ({
  type: 'message',
  cursor: ENDS[no] ?? Number.NaN,
  line: JSON.parse(LINES[no] ?? ''),
});
const MESSAGES = [messageAt(0), messageAt(2), messageAt(3)];

const refused: Said = { status: 503, headers: { 'retry-after': '1' }, body: '{"detail":"Try later"}' };

beforeEach(async () => {
  stream = () => refused;
  log = () => LOG;
  status = () => 'succeeded';
  const counts = new Map<string, number>();
  server = await startDropping(async (heard) => {
    const [kind = 'run'] = /stream|download/.exec(heard.url) ?? [];
    const no = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, no);
    if (kind === 'stream') return stream(heard, no);
    if (kind === 'run') return { status: 200, body: JSON.stringify({ id: 'r', status: status(no) }) };
    const body = log(no);
    return body === ''
      ? { status: 404, body: '{"detail":"Run log stream is unavailable"}' }
      : { status: 200, body };
  });
  server.cutting = () => undefined;
  clock = impatientClock();
});
afterEach(() => server.close());

const follow = (options: { cursor?: number; signal?: AbortSignal } = {}) =>
  createClient({ baseUrl: server.url, apiKey: 'k', clock, retries: 2 })
    .workspaceRuns('w')
    .followRun('r', options);

async function collected(events: AsyncIterable<FollowedEvent>): Promise<FollowedEvent[]> {
  const all: FollowedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const sse = (...blocks: string[]): Said => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: blocks.map((block) => `${block}\r\n\r\n`).join(''),
});
const ready = (cursor: number) =>
  `event: ready\r\nid: ${cursor}\r\ndata: {"runId":"r","status":"running","cursor":${cursor}}`;
const message = (no: number) => `id: ${ENDS[no]}\r\nevent: message\r\ndata: ${LINES[no]}`;
const keepalive = ': ping\r\n\r\nevent: keepalive\r\ndata: {}';
const end = `id: ${ENDS[3]}\r\nevent: end\r\ndata: {"runId":"r","status":"succeeded","cursor":${ENDS[3]},"reason":"run_complete"}`;
const END: FollowedEvent = {
  type: 'end',
  runId: 'r',
  status: 'succeeded',
  cursor: ENDS[3] ?? 0,
  reason: 'run_complete',
};

describe('following a run', () => {
  it('goes on where it was when a stream closes without an end', async () => {
    stream = (_heard, no) =>
      [
        sse(ready(0), message(0), keepalive),
        sse(ready(14), message(0), message(2)),
        sse(ready(40), message(3), end),
      ][no - 1] ?? refused;

    const events = await collected(follow());

    expect(events).toEqual([{ type: 'ready', runId: 'r', status: 'running', cursor: 0 }, ...MESSAGES, END]);
    expect(server.heard.map(({ headers }) => headers['last-event-id'])).toEqual(
      [0, ENDS[0], ENDS[2]].map(String),
    );
  });

  it('begins where it is told to', async () => {
    stream = () => sse(ready(ENDS[0] ?? 0), message(2), message(3), end);

    expect(await collected(follow({ cursor: ENDS[0] ?? 0 }))).toEqual([
      { type: 'ready', runId: 'r', status: 'running', cursor: ENDS[0] },
      ...MESSAGES.slice(1),
      END,
    ]);
    expect(server.heard[0]?.headers['last-event-id']).toBe(String(ENDS[0]));
  });

  it('gives up after streams in a row that say nothing, but not while there is life in them', async () => {
    stream = (_heard, no) => (no < 20 ? sse(ready(0), keepalive) : sse(ready(0)));

    await expect(collected(follow())).rejects.toMatchObject({ name: 'RunplaneError', code: 'cut' });
    expect(server.heard).toHaveLength(21);
  });

  it('ends with what cannot get better', async () => {
    stream = () => ({ status: 404, body: '{"detail":"Run not found"}' });

    await expect(collected(follow())).rejects.toMatchObject({ status: 404, message: 'Run not found' });
    expect(server.heard).toHaveLength(1);
  });

  it('ends its request when nobody reads on, and when it is aborted', async () => {
    async function* endless(signal: AbortSignal): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${ready(0)}\r\n\r\n${message(0)}\r\n\r\n`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
    stream = (heard) => ({ status: 200, body: endless(heard.signal) });
    for await (const { type } of follow()) if (type === 'message') break;
    await expect.poll(() => server.heard[0]?.signal.aborted).toBe(true);

    const leaving = new AbortController();
    const events = follow({ signal: leaving.signal });
    await events.next();
    await events.next();
    const next = events.next();
    leaving.abort(new Error('gone'));

    await expect(next).rejects.toThrow('gone');
    await expect.poll(() => server.heard[1]?.signal.aborted).toBe(true);
  });
});

describe('following a run when no stream is to be had', () => {
  it('looks at its log until the run has ended, and gives the same events', async () => {
    log = (no) => ['', LOG.slice(0, 20), LOG.slice(0, 20), LOG][Math.min(no, 4) - 1] ?? '';
    status = (no) => (no < 4 ? 'running' : 'succeeded');

    expect(await collected(follow())).toEqual([
      { type: 'ready', runId: 'r', status: 'running', cursor: 0 },
      ...MESSAGES,
      END,
    ]);
    expect(clock.slept).toEqual([1000, 1000, 1500]);
  });

  it('takes up a stream that broke off, at any byte', async () => {
    const bytes = Buffer.from(LOG);
    for (let cursor = 0; cursor <= bytes.length; cursor += 1) {
      const events = await collected(follow({ cursor }));

      const from = cursor === 0 || bytes[cursor - 1] === 10 ? cursor : bytes.indexOf(10, cursor) + 1;
      const rest = MESSAGES.filter((event) => 'cursor' in event && event.cursor > from);
      expect(events.slice(1, -1), `cursor ${cursor}`).toEqual(rest);
      expect(events.at(-1)).toMatchObject({ type: 'end', status: 'succeeded' });
    }
  });

  it('says no second time that it is ready', async () => {
    stream = (_heard, no) => (no === 1 ? sse(ready(0), message(0)) : refused);

    expect(await collected(follow())).toEqual([
      { type: 'ready', runId: 'r', status: 'running', cursor: 0 },
      ...MESSAGES,
      END,
    ]);
  });

  it('ends by the status of a run whose log has no end', async () => {
    log = () => LOG.slice(0, ENDS[2]);
    status = () => 'cancelled';

    expect((await collected(follow())).at(-1)).toEqual({
      type: 'end',
      runId: 'r',
      status: 'cancelled',
      cursor: ENDS[2],
      reason: 'terminal_status',
    });
    // Late lines get three seconds.
    expect(clock.slept).toEqual([1000, 1000, 1000]);
  });

  it('waits for late lines as long as they come', async () => {
    log = (no) => '{}\n'.repeat(Math.min(no, 5));
    status = () => 'failed';

    const events = await collected(follow());

    expect(events.map(({ type }) => type)).toEqual(['ready', 'end']);
    // The fifth look is the last to find more; three seconds later it is enough.
    expect(clock.slept).toEqual(Array(7).fill(1000));
  });

  it('fails with what its looks fail with', async () => {
    log = () => '';
    server.cutting = (_no, { url }) => (url.includes('download') ? 'unanswered' : undefined);

    const error = await collected(follow()).catch((failure: unknown) => failure);

    expect(error).toBeInstanceOf(RunplaneError);
    expect(error).toMatchObject({ code: 'network' });
  });
});
