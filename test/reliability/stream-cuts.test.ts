import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as streamRunEvents } from '../../lambdas/workspace-runs/stream-run-events.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import type { HttpRequest } from '../../lib/adapters/http/request.ts';
import { NO_TOKENS } from '../../lib/apis/workspaces/tokens.ts';
import { closingLine, logLine, RunLogWriter, readLog } from '../../lib/runs/log.ts';
import { type RunningRun, refOf } from '../../lib/runs/run.ts';
import { claimRun, finishRun, recordRun } from '../../lib/runs/service.ts';
import { timesIn } from '../support/lane.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { readEvents } from '../support/sse.ts';
import { memoryGround, useFakeTime } from './chaos.ts';
import { Simulation } from './simulation.ts';
import { VITEST_CLOCK } from './vitest-clock.ts';
import { fine } from './weather.ts';

/** `RUNPLANE_SEED` cuts elsewhere. */
const SEED = Number(process.env.RUNPLANE_SEED ?? 20_260_101);
const CUTS = timesIn({ change: 300, long: 1000 });
const CUTS_OF_SOCKETS = timesIn({ change: 30, long: 100 });

/** How a client says where it was: by the header that browsers send, or by the query. */
type Resume = { lastEventId: string } | { cursor: number } | undefined;
type Connect = (resume: Resume, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** So many bytes of a stream, which is then left. */
async function* cut(stream: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let left = most;
  for await (const bytes of stream) {
    yield bytes.subarray(0, left);
    left -= bytes.length;
    if (left <= 0) return;
  }
}

/** Reads a log to its end over connections that break anywhere, some after a while in which nothing comes. */
async function followCutOff(
  connect: Connect,
  dice: Dice,
  mostBytes: number,
): Promise<{ log: string; cuts: number }> {
  let log = '';
  let lastEventId: string | undefined;
  for (let cuts = 0; ; cuts += 1) {
    const resume = dice.percent(50)
      ? { lastEventId: lastEventId ?? '' }
      : { cursor: Number(lastEventId ?? 0) };
    const gone = new AbortController();
    const timer = dice.percent(20) ? setTimeout(() => gone.abort(), dice.below(3000)) : undefined;
    try {
      const stream = await connect(lastEventId === undefined ? undefined : resume, gone.signal);
      const parts = cut(stream, dice.below(mostBytes) + 1);
      for await (const { id, event, data } of readEvents(ReadableStream.from(parts))) {
        if (id !== undefined) lastEventId = id;
        if (event === 'message') log += `${data}\n`;
        if (event === 'end') return { log, cuts };
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
      gone.abort();
    }
  }
}

const NAMES = ['row.written', 'engine.sheet.started', 'engine.größe', 'engine.🙈'];

describe('a stream that is cut off in the middle, again and again', () => {
  useFakeTime();

  it(`is resumed without a byte lost or doubled, over ${CUTS} cuts while the log is written`, async () => {
    const dice = diceOf(SEED);
    const { client } = memoryGround();
    const stores = dynamoStores(client, 'memory');
    await stores.streams.setCount(100);
    const simulation = new Simulation(fine(), () => undefined, VITEST_CLOCK);
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const platform = {
      ...{ ...stores, now: () => new Date(), newId: () => crypto.randomUUID(), logger: quiet },
      ...{ tokens: NO_TOKENS, corsOrigins: [], limits: { requestBytes: 0 } },
    };
    const newId = (): string => '018f0000-0000-7000-8000-0000000000aa';
    const workspaceId = '018f0000-0000-7000-8000-000000000001';
    const spec = { kind: 'document', workspaceId, parentId: newId(), input: {} } as const;
    const recorded = await recordRun({ ...platform, newId }, spec);
    const run = await claimRun(platform, refOf(recorded), 0);

    const connect: Connect = async (resume, signal) => {
      const headers =
        resume !== undefined && 'lastEventId' in resume ? { 'last-event-id': resume.lastEventId } : {};
      const request: HttpRequest = {
        ...{
          method: 'GET',
          path: '/',
          address: '',
          requestId: 'req_1',
          pathParameters: {},
          query: {},
          body: undefined,
        },
        header: (name) => new Map(Object.entries(headers)).get(name),
      };
      const cursor = resume !== undefined && 'cursor' in resume ? resume.cursor : undefined;
      const caller = { workspaceId, ownerId: newId(), ownerEmail: 'owner@example.com', permissions: [] };
      const input = { path: { workspaceId, runId: run.id }, query: { cursor }, body: undefined, caller };
      const { stream } = await streamRunEvents.route.respond({ ...input, request, signal }, platform);
      return stream;
    };
    const followed: { log: string; cuts: number }[] = [];
    const follow = async (): Promise<void> => {
      followed.push(await followCutOff(connect, dice, 4000));
    };
    const written = write(run);
    const readers = Array.from({ length: timesIn({ change: 4, long: 12 }) }, follow);
    let isOver = false;
    void Promise.all([written, ...readers]).then(() => {
      isOver = true;
    });
    await simulation.until(() => isOver, 3_600_000);
    // Those who come when all is written are cut off as well.
    const cutsOf = () => followed.reduce((sum, { cuts }) => sum + cuts, 0);
    while (cutsOf() < CUTS) {
      let isFollowed = false;
      void follow().then(() => {
        isFollowed = true;
      });
      await simulation.until(() => isFollowed, 3_600_000);
    }

    const parts: Uint8Array[] = [];
    for await (const part of readLog(platform, refOf(run))) parts.push(part);
    const log = Buffer.concat(parts).toString('utf8');
    expect(isOver, `seed ${SEED}`).toBe(true);
    expect(log.match(/run\.complete/g)).toHaveLength(1);
    expect([...new Set(followed.map((reader) => reader.log))], `seed ${SEED}`).toEqual([log]);

    /** A worker's log of some 400 lines, a few at a time. */
    async function write(claimed: RunningRun): Promise<void> {
      const writer = await RunLogWriter.open(platform, claimed);
      for (let flush = 0; flush < 60; flush += 1) {
        for (let line = dice.below(14); line >= 0; line -= 1) {
          const data = { text: 'ä'.repeat(dice.below(dice.pick([5, 400]))), row: line };
          writer.write(
            logLine(platform, claimed, { event: dice.pick(NAMES), message: `Line ${line}`, data }),
          );
        }
        await writer.flush();
        await simulation.wait(dice.pick([5, 300, 1000, 4000]));
      }
      const ended = await finishRun(platform, claimed, { type: 'succeeded', result: {} });
      writer.write(closingLine(platform, ended));
      await writer.flush();
    }
  });
});

describe('the same over sockets', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform();
  });
  afterAll(() => platform.close());

  it(`the bytes of events/download, over ${CUTS_OF_SOCKETS} cuts`, async () => {
    const rows = Array.from(
      { length: timesIn({ change: 100, long: 400 }) },
      (_, row) => `Ada,a${row}@example.com`,
    ).join('\n');
    const { body: document } = await platform.upload('cuts.csv', `First Name,Email\n${rows}\n`);
    const json = { inputDocumentId: document.id, options: { logLevel: 'DEBUG' } };
    const { body: run } = await platform.call('POST', 'runs', { json });
    const url = `${platform.url}/api/v1/workspaces/${platform.demo.workspaceId}/runs/${run.id}/events/stream`;
    const connect: Connect = async (resume, signal) => {
      const named = resume !== undefined && 'cursor' in resume ? `?cursor=${resume.cursor}` : '';
      const headers = {
        'x-api-key': platform.demo.apiKey,
        ...(resume !== undefined && 'lastEventId' in resume ? { 'last-event-id': resume.lastEventId } : {}),
      };
      const { body } = await fetch(url + named, { headers, signal });
      if (body === null) throw new Error('A stream has a body');
      return body;
    };

    const logs = new Set<string>();
    for (let cuts = 0, reader = 1; cuts < CUTS_OF_SOCKETS; reader += 1) {
      const followed = await followCutOff(connect, diceOf(SEED + reader), 6000);
      logs.add(followed.log);
      cuts += followed.cuts;
    }

    const download = (await platform.call('GET', `runs/${run.id}/events/download`)).bytes.toString('utf8');
    expect([...logs], `seed ${SEED}`).toEqual([download]);
  });
});
