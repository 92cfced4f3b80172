import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { timesIn } from '../support/lane.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** Far more than a sweep looks at at once. */
const OPEN = timesIn({ change: 120, long: 260 });

let folder: string;
let processesFolder: string;
let platform: TestPlatform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-process-restart-'));
  processesFolder = join(folder, 'processes');
  await mkdir(processesFolder);
  const waits = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } };
  await writeFile(join(processesFolder, 'waits.asl.json'), JSON.stringify(waits));
  platform = await startTestPlatform(folder, { processesFolder });
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

const restart = async (): Promise<void> => {
  await platform.close();
  platform = await startTestPlatform(folder, { processesFolder });
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

  it(`begins all of ${OPEN} open runs, whoever is behind them, within 30 s`, async () => {
    const { agentId: agent_id } = platform.demo;
    const state_machine_arn = localMachineArn('waits');
    const registered = await platform.call('POST', '/processes', {
      json: { agent_id, name: 'Waits', stage: 'Draft', state_machine_arn },
    });
    const json = { agent_id, process_id: registered.body.id, name: 'x', stage: 'Draft' };
    const ids: string[] = [];
    while (ids.length < OPEN) {
      const some = await Promise.all(
        Array.from({ length: 20 }, () => platform.call('POST', '/runs', { json })),
      );
      ids.push(...some.map(({ body }) => body.id));
    }

    await restart();
    const restartedAt = Date.now();
    const { executor, runs } = platform.platform;
    const open = await runs.listOpen({ leaseBefore: '9999', limit: 1000 });
    expect(open.length).toBeGreaterThanOrEqual(OPEN);
    for (const ref of open) {
      const run = await runs.get(ref);
      while (run !== undefined && (await executor.describe(run)).status === 'none')
        await new Promise((resolve) => setTimeout(resolve, 50));
    }

    expect(Date.now() - restartedAt).toBeLessThan(30_000);
  }, 90_000);

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
