import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let folder: string;
let platform: TestPlatform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-process-restart-'));
  platform = await startTestPlatform(folder);
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

const restart = async (): Promise<void> => {
  await platform.close();
  platform = await startTestPlatform(folder);
};

describe('a restart', () => {
  it('finishes the run of a process whose execution died with the platform', async () => {
    const { agentId, processId } = platform.demo;
    const json = {
      agent_id: agentId,
      process_id: processId,
      name: 'x',
      stage: 'Draft',
      inputs: { order_id: 1 },
    };
    const { body: run } = await platform.call('POST', '/runs', { json });
    const statusOf = async () => (await platform.call('GET', `/runs/${run.id}`)).body.status;
    while ((await statusOf()) !== 'Running') await new Promise((resolve) => setTimeout(resolve, 10));

    await restart();

    while (['Pending', 'Running'].includes(await statusOf()))
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await statusOf()).toBe('Succeeded');
    const events: string = (await platform.call('GET', `/runs/${run.id}/events`)).body;
    expect(events.match(/"event":"run\.complete"/g)).toHaveLength(1);
  });

  it('completes the demo of an earlier version, which had no process, and leaves it so', async () => {
    const file = join(folder, 'demo.json');
    const { agentId: _agent, processId: _process, ...earlier } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(earlier));

    await restart();
    const { demo } = platform;
    await restart();

    const { apiKey, workspaceId, documentId } = earlier;
    const { agentId, processId } = demo;
    expect(demo).toMatchObject({ apiKey, workspaceId, documentId });
    expect(platform.demo).toMatchObject({ agentId, processId });
    expect(await readFile(join(folder, 'demo.env'), 'utf8')).toContain(`PROCESS_ID="${demo.processId}"`);
    const query = new URLSearchParams({ agent_id: demo.agentId, process_id: demo.processId });
    expect((await platform.call('GET', `/runs?${query}`)).status).toBe(200);
  });
});
