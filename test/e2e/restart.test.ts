import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient, type WorkspaceRuns } from '../../lib/client/index.ts';
import { programOf } from '../support/program.ts';

let folder: string;
let child: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-restart-'));
  child = await boot();
});
afterAll(async () => {
  await stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The platform that `npm start` runs, in a process of its own. */
async function boot(): Promise<ChildProcess> {
  const started = spawn(process.execPath, [await programOf('bin/local.ts')], {
    env: { ...process.env, PORT: '0', RUNPLANE_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(started.stdout ?? started, 'data'); // the welcome
  return started;
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** The platform as it runs now: every boot has an address of its own. */
async function demo(): Promise<{ client: Client; workspaceId: string }> {
  const text = await readFile(join(folder, 'demo.env'), 'utf8');
  const variable = (name: string): string => new RegExp(`^export ${name}="(.*)"$`, 'm').exec(text)?.[1] ?? '';
  const client = createClient({ baseUrl: variable('BASE_URL'), apiKey: variable('API_KEY') });
  return { client, workspaceId: variable('WORKSPACE_ID') };
}

async function workspace(): Promise<WorkspaceRuns> {
  const { client, workspaceId } = await demo();
  return client.workspaceRuns(workspaceId);
}

describe('kill -9 in the middle of a run', () => {
  it('after the restart the run ends, once, with one output and one closing line', async () => {
    const rows = Array.from({ length: 120_000 }, (_, row) => `Ada ${row},a${row}@example.com,x,y`).join('\n');
    const before = await workspace();
    const bytes = `First Name,Email,A,B\n${rows}\n`;
    const { id: documentId } = await before.uploadDocument({ name: 'large.csv', bytes });
    const { id: runId } = await before.createRun({ inputDocumentId: documentId });
    while ((await before.getRun(runId)).status !== 'running')
      await new Promise((resolve) => setTimeout(resolve, 20));

    await stop('SIGKILL');
    child = await boot();

    const runs = await workspace();
    expect((await runs.waitForRun(runId)).status).toBe('succeeded');
    const log = (await runs.downloadRunEvents(runId).text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(log.filter(({ event }) => event === 'run.complete')).toHaveLength(1);
    expect(log.at(-1)).toMatchObject({ event: 'run.complete', data: { status: 'succeeded' } });
    expect(await runs.getRunOutput(runId)).toMatchObject({ ready: true, versionNo: 1 });
    expect(await runs.getRunMetrics(runId)).toMatchObject({ row_count_total: 120_000 });
  });

  it('after the restart the run of an agent has failed, and its key says so', async () => {
    const { agentRun: before } = (await demo()).client;
    await before.putProvider('slow', { type: 'echo', msPerWord: 10_000 });
    await before.createAgent({ id: 'slow', name: 'Slow' });
    await before.createAgentVersion('slow', {
      model: { provider_id: 'slow', name: 'echo' },
      messages: [{ role: 'user', content: 'one two three four five six seven eight nine ten' }],
    });
    await before.deployAgentVersion('slow', { version: 1 });
    const once = { idempotencyKey: 'once', retries: 0 };
    const asked = before.runAgent({ agent_id: 'slow' }, once).catch((error: unknown) => error);
    const runs = async () => (await (await demo()).client.agentRun.listAgentRuns('slow')).items;
    await expect.poll(async () => (await runs())[0]?.status).toBe('running');

    await stop('SIGKILL');
    expect(await asked).toBeInstanceOf(Error);
    child = await boot();

    // Nobody can go on with it; left to itself it would be open until its time is over.
    await expect.poll(async () => (await runs())[0]?.status).toBe('failed');
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    const again = (await demo()).client.agentRun.runAgent({ agent_id: 'slow' }, once);
    await expect(again).rejects.toMatchObject({ status: 500, runId: run?.id });
  });

  it('Ctrl-C ends the process with 0, and a restart finds everything where it was', async () => {
    const before = await (await workspace()).listRuns();

    const exit = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    child = await boot();

    expect(await (await workspace()).listRuns()).toEqual(before);
  });
});
