import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamPlace } from '../../lib/apis/streams/ports.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { readEvents, type ServerSentEvent } from '../support/sse.ts';

/** The smallest account, of which streams have half. */
const CONCURRENCY = 10;
const PLACES = 5;
const LONGEST_SECONDS = 900;

let platform: TestPlatform;
let runId: string;
let opened: AbortController[] = [];

beforeAll(async () => {
  platform = await startTestPlatform(undefined, { concurrency: CONCURRENCY });
});
afterAll(() => platform.close());
beforeEach(async () => {
  runId = await anOpenRun(platform);
});
afterEach(async () => {
  for (const one of opened) one.abort();
  opened = [];
  await platform.call('POST', `runs/${runId}/cancel`);
  await untilFree(PLACES);
});

/** A run that nobody works on: it stays queued, and its streams open, until it is cancelled. */
async function anOpenRun(on: TestPlatform): Promise<string> {
  const { platform: ports, demo } = on;
  const { body: document } = await on.upload(`${uuid()}.csv`, 'First Name\nAda\n');
  const { body: finished } = await on.run(document.id);
  const run = await ports.runs.get({
    workspaceId: demo.workspaceId,
    kind: 'document',
    runId: finished.id,
  });
  if (run === undefined) throw new Error('there is no run');
  const id = uuid();
  const { workspaceId, kind, parentId, input, createdAt } = run;
  await ports.runs.insert({
    ...{ id, workspaceId, kind, parentId, input, createdAt },
    ...{ status: 'queued', version: 1, attempt: 0, leaseUntil: '2999-01-01T00:00:00.000Z' },
  });
  return id;
}

interface Open {
  response: Response;
  events: AsyncGenerator<ServerSentEvent>;
  hangUp(): void;
}

async function open(id = runId, { url, demo }: TestPlatform = platform): Promise<Open> {
  const abort = new AbortController();
  opened.push(abort);
  const response = await fetch(`${url}/api/v1/workspaces/${demo.workspaceId}/runs/${id}/events/stream`, {
    headers: { 'x-api-key': demo.apiKey },
    signal: abort.signal,
  });
  if (response.body === null) throw new Error('no body');
  return { response, events: readEvents(response.body), hangUp: () => abort.abort() };
}

/** Opens streams and waits until each has begun. */
async function openMany(count: number): Promise<Open[]> {
  const streams = await Promise.all(Array.from({ length: count }, () => open()));
  for (const { response, events } of streams) {
    expect(response.status).toBe(200);
    expect((await events.next()).value).toMatchObject({ event: 'ready' });
  }
  return streams;
}

const holder = () => ({ holder: uuid(), now: new Date(), until: new Date(Date.now() + 60_000) });

/** Waits until so many places are free at once; a server learns of a hang-up when its next write fails. */
async function untilFree(count: number): Promise<void> {
  const { streams } = platform.platform;
  for (;;) {
    const taken = await Promise.all(Array.from({ length: count }, () => streams.take(holder())));
    const held = taken.filter((place): place is StreamPlace => place !== undefined);
    await Promise.all(held.map((place) => streams.giveBack(place)));
    if (held.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readToEnd(events: AsyncIterable<ServerSentEvent>): Promise<ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('GET /runs/{runId}/events/stream, with as many open as there may be', () => {
  it('503: when to come again and what to do meanwhile, in the words of this API', async () => {
    await openMany(PLACES);

    const refused = await platform.call('GET', `runs/${runId}/events/stream`);

    const path = `/api/v1/workspaces/${platform.demo.workspaceId}/runs/${runId}`;
    expect(refused.status).toBe(503);
    expect(refused.body).toEqual({
      type: 'service_unavailable',
      title: 'Service unavailable',
      status: 503,
      detail: `As many event streams are open as there may be: poll ${path} for the status or ${path}/events/download for the events, and try again later.`,
      instance: `${path}/events/stream`,
      requestId: refused.headers.get('x-request-id'),
    });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(5);
    expect(retryAfter).toBeLessThanOrEqual(15);
  });

  it('200: what the refusal says to poll is answered', async () => {
    await openMany(PLACES);
    await platform.platform.log.append(
      { workspaceId: platform.demo.workspaceId, kind: 'document', runId },
      0,
      Buffer.from('{"event":"run.start"}\n'),
    );

    const [status, events] = await Promise.all([
      platform.call('GET', `runs/${runId}`),
      platform.call('GET', `runs/${runId}/events/download`),
    ]);

    expect([status.status, status.body.status]).toEqual([200, 'queued']);
    expect([events.status, events.body]).toEqual([200, '{"event":"run.start"}\n']);
  });

  it('404, 401, 422: what is wrong with a request is said before there is no place for it', async () => {
    await openMany(PLACES);

    const [unknown, anonymous, malformed] = await Promise.all([
      platform.call('GET', `runs/${uuid()}/events/stream`),
      platform.call('GET', `runs/${runId}/events/stream`, { key: null }),
      platform.call('GET', `runs/${runId}/events/stream?cursor=x`),
    ]);

    expect([unknown.status, anonymous.status, malformed.status]).toEqual([404, 401, 422]);
  });

  it('200 for five, 503 for the rest of forty that come at once', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => open()));

    const statuses = all.map(({ response }) => response.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(PLACES);
    expect(statuses.filter((status) => status === 503)).toHaveLength(40 - PLACES);
  });

  it('200: after one hangs up, one other gets in', async () => {
    const [first] = await openMany(PLACES);

    first?.hangUp();
    await untilFree(1);

    expect((await open()).response.status).toBe(200);
    expect((await open()).response.status).toBe(503);
  });

  it('200: who hangs up without having read anything gives the place back, too', async () => {
    const streams = await Promise.all(Array.from({ length: PLACES }, () => open()));

    for (const { hangUp } of streams) hangUp();

    await untilFree(PLACES);
  });

  it('200: streams that end give their places back before their readers see the end', async () => {
    const streams = await openMany(PLACES);

    await platform.call('POST', `runs/${runId}/cancel`);
    const ends = await Promise.all(streams.map(({ events }) => readToEnd(events)));

    expect(ends.map((events) => events.at(-1)?.event)).toEqual(Array(PLACES).fill('end'));
    const again = await Promise.all(streams.map(() => open()));
    expect(again.map(({ response }) => response.status)).toEqual(Array(PLACES).fill(200));
  });

  it('200: what functions that died have left is free again when their time is over, and 503 until then', async () => {
    const { streams } = platform.platform;
    const started = (secondsAgo: number) => {
      const now = new Date(Date.now() - secondsAgo * 1000);
      return { holder: uuid(), now, until: new Date(now.getTime() + LONGEST_SECONDS * 1000) };
    };
    for (let dead = 0; dead < PLACES - 1; dead += 1) await streams.take(started(LONGEST_SECONDS + 1));
    const alive = await streams.take(started(LONGEST_SECONDS - 60));

    const again = await openMany(PLACES - 1);
    const refused = await open();

    expect(again).toHaveLength(PLACES - 1);
    expect(refused.response.status).toBe(503);
    if (alive !== undefined) await streams.giveBack(alive);
    expect((await open()).response.status).toBe(200);
  });
});

describe('a platform that is closed with open streams', () => {
  it('has given their places back', async () => {
    const other = await startTestPlatform(undefined, { concurrency: CONCURRENCY });
    const { streams } = other.platform;
    const giveBack = streams.giveBack.bind(streams);
    const given: StreamPlace[] = [];
    streams.giveBack = async (place) => {
      await giveBack(place);
      given.push(place);
    };
    const { events } = await open(await anOpenRun(other), other);
    await events.next();

    await other.close();

    expect(given).toHaveLength(1);
  });
});
