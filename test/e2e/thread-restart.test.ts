import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient, type ThreadRuns } from '../../lib/client/index.ts';
import { programOf } from '../support/program.ts';

let folder: string;
let child: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-thread-restart-'));
  child = await boot();
});
afterAll(async () => {
  await kill();
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

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** With the token of the first boot: it outlives restarts. */
let token: string | undefined;

/** The demo project of the platform as it runs now, for who has a token, and its agents for who has a key. */
async function project(): Promise<{ threads: ThreadRuns; agents: Client['agentRun'] }> {
  const text = await readFile(join(folder, 'demo.env'), 'utf8');
  const variable = (name: string): string => new RegExp(`^export ${name}="(.*)"$`, 'm').exec(text)?.[1] ?? '';
  token ??= variable('JWT');
  const baseUrl = variable('BASE_URL');
  return {
    threads: createClient({ baseUrl, token }).threadRuns(variable('PROJECT_ID')),
    agents: createClient({ baseUrl, apiKey: variable('API_KEY') }).agentRun,
  };
}

describe('kill -9 in the middle of a thread run', () => {
  it('after the restart the run ends with one answer, and the thread takes the next one', async () => {
    const { threads: before, agents } = await project();
    await agents.putProvider('slow', { type: 'echo', msPerWord: 400 });
    await agents.createAgent({ id: 'slow', name: 'Slow' });
    const version = await agents.createAgentVersion('slow', {
      model: { provider_id: 'slow', name: 'echo' },
      messages: [{ role: 'system', content: 'You are slow.' }],
    });
    await agents.deployAgentVersion('slow', { version: version.no });
    const { threadId } = await before.createThread({ agentId: 'slow' });
    const { runId } = await before.createThreadRun(threadId, { message: 'one two three' });
    while ((await before.getThreadRun(threadId, runId)).status !== 'in_progress')
      await new Promise((resolve) => setTimeout(resolve, 20));

    await kill();
    child = await boot();

    const { threads } = await project();
    // The run still holds its thread until it has ended.
    const early = threads.createThreadRun(threadId, { message: 'too early' });
    await expect(early).rejects.toMatchObject({ status: 409 });
    expect((await threads.waitForRun(threadId, runId)).status).toBe('completed');
    const next = await threads.createThreadRun(threadId, { message: 'next' });
    expect((await threads.waitForRun(threadId, next.runId)).status).toBe('completed');
    const { messages } = await threads.getThread(threadId);
    expect(messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: one two three',
      'assistant: one two three',
      'user: next',
      'assistant: next',
    ]);
  });
});
