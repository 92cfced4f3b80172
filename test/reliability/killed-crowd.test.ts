import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_LONG } from '../support/lane.ts';
import { KilledPlatform, LONG_PROCESS_ARN } from './killed-platform.ts';

/** Far more than a sweep looks at at once. */
const CROWD = 260;
/** From when the platform is up again, in milliseconds. */
const BEGINS_WITHIN_MS = 30_000;
/** In milliseconds from when it was made, of the first run after the welcome. */
const FIRST_BEGINS_WITHIN_MS = 500;

describe.skipIf(!IS_LONG)('the platform as npm start runs it', () => {
  let platform: KilledPlatform;
  beforeAll(async () => {
    platform = await KilledPlatform.open();
    await platform.boot();
  });
  afterAll(() => platform.close());

  const createDocumentRun = async (): Promise<string> => {
    const json = { inputDocumentId: platform.demo.DOCUMENT_ID };
    return (await platform.ask('POST', 'runs', { json })).body.id;
  };
  /** The run, once its stream has told its end. */
  const ended = async (id: string) => {
    const { body: told } = await platform.ask('GET', `runs/${id}/events/stream`);
    expect(told).toContain('event: end');
    return (await platform.ask('GET', `runs/${id}`)).body;
  };

  it(`begins its first run within ${FIRST_BEGINS_WITHIN_MS} ms, and as soon after a restart`, async () => {
    for (const isAgain of [false, true]) {
      if (isAgain) {
        await platform.kill();
        await platform.boot();
      }
      const run = await ended(await createDocumentRun());

      expect(run.status).toBe('succeeded');
      expect(Date.parse(run.started_at) - Date.parse(run.created_at)).toBeLessThan(FIRST_BEGINS_WITHIN_MS);
    }
  });

  it(`begins all of ${CROWD} open runs within ${BEGINS_WITHIN_MS / 1000} s of a kill -9, and whoever is behind them`, async () => {
    const agent_id = platform.demo.AGENT_ID ?? '';
    const process = { agent_id, name: 'Long', stage: 'Published', state_machine_arn: LONG_PROCESS_ARN };
    const { body: registered } = await platform.ask('POST', '/processes', { json: process });
    const json = { agent_id, process_id: registered.id, name: 'One of many', stage: 'Published' };
    const ids: string[] = [];
    while (ids.length < CROWD) {
      const some = Array.from({ length: 20 }, () => platform.ask('POST', '/runs', { json }));
      ids.push(...(await Promise.all(some)).map(({ body }) => body.id));
    }
    const behind = await createDocumentRun();
    await platform.kill();
    const killedAt = Date.now();
    await platform.boot();
    const restartedAt = Date.now();

    const run = await ended(behind);
    expect(run.status).toBe('succeeded');
    expect(Date.parse(run.completed_at) - restartedAt).toBeLessThan(BEGINS_WITHIN_MS);
    for (const id of ids) {
      const startedAt = await startedAfter(killedAt, id);
      expect(startedAt - restartedAt, id).toBeLessThan(BEGINS_WITHIN_MS);
    }
  });

  /** When the execution began that goes on with the run of a process, in milliseconds. */
  async function startedAfter(moment: number, id: string): Promise<number> {
    for (;;) {
      const { status, body: log } = await platform.ask('GET', `/runs/${id}/events`);
      const lines: { event: string; timestamp: string }[] =
        status === 404
          ? []
          : String(log)
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line));
      const starts = lines.filter(({ event }) => event === 'run.start');
      const startedAt = starts.map(({ timestamp }) => Date.parse(timestamp)).find((at) => at > moment);
      if (startedAt !== undefined) return startedAt;
      await sleep(100);
    }
  }
});
