import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let folder: string;
let platform: TestPlatform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-unclosed-'));
  platform = await startTestPlatform(folder, { logFile: join(folder, 'log') });
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true, force: true });
});

const closings = async (runId: string): Promise<number> =>
  String((await platform.call('GET', `/runs/${runId}/events`)).bytes).split('"event":"run.complete"').length -
  1;

it('a log whose last line was lost with the platform has it after the next start, once', async () => {
  const { agentId: agent_id, processId: process_id } = platform.demo;
  const { log } = platform.platform;
  platform.platform.log = new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'append') return value.bind(target);
      return async (...given: Parameters<typeof log.append>) => {
        if (Buffer.from(given[2]).includes('run.complete')) throw new Error('killed');
        await target.append(...given);
      };
    },
  });
  const asked = { agent_id, process_id, name: 'Killed', stage: 'Published', inputs: { order_id: 1 } };
  const { id } = (await platform.call('POST', '/runs', { json: asked })).body;
  const status = async () => (await platform.call('GET', `/runs/${id}`)).body.status;
  await expect.poll(status, { timeout: 20_000 }).toBe('Succeeded');
  await platform.close();

  platform = await startTestPlatform(folder);
  await expect.poll(() => closings(id), { timeout: 20_000 }).toBe(1);
  await platform.close();
  platform = await startTestPlatform(folder);

  expect(await closings(id)).toBe(1);
});
