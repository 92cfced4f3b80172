import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

/** The platform as `npm start` runs it, in a process of its own. */
async function boot(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['--import', 'tsx', 'bin/local.ts'], {
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

async function environment(): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'demo.env'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]),
  );
}

/** With the token of the first boot: it outlives restarts. */
let token: string | undefined;
async function call(method: string, path: string, json?: unknown) {
  const { BASE_URL, JWT, API_KEY = '', PROJECT_ID } = await environment();
  token ??= JWT;
  const isManagement = path.startsWith('/');
  const url = isManagement ? `${BASE_URL}${path}` : `${BASE_URL}/api/projects/${PROJECT_ID}/${path}`;
  const response = await fetch(url, {
    method,
    headers: {
      ...(isManagement ? { 'x-api-key': API_KEY } : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function until(path: string, reached: (status: string) => boolean): Promise<string> {
  for (;;) {
    const { status } = (await call('GET', path)).body;
    if (reached(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('kill -9 in the middle of a thread run', () => {
  it('after the restart the run ends with one answer, and the thread takes the next one', async () => {
    await call('PUT', '/api/v1/providers/slow', { type: 'echo', msPerWord: 400 });
    await call('POST', '/api/v1/agents', { id: 'slow', name: 'Slow' });
    const { body: version } = await call('POST', '/api/v1/agents/slow/versions', {
      model: { provider_id: 'slow', name: 'echo' },
      messages: [{ role: 'system', content: 'You are slow.' }],
    });
    await call('PUT', '/api/v1/agents/slow/deployment', { version: version.no });
    const { threadId } = (await call('POST', 'threads', { agentId: 'slow' })).body;
    const { runId } = (await call('POST', `threads/${threadId}/runs`, { message: 'one two three' })).body;
    const path = `threads/${threadId}/runs/${runId}`;
    await until(path, (status) => status === 'in_progress');

    await kill();
    child = await boot();

    // The run still holds its thread until it has ended.
    expect((await call('POST', `threads/${threadId}/runs`, { message: 'too early' })).status).toBe(409);
    expect(await until(path, (status) => !['queued', 'in_progress'].includes(status))).toBe('completed');
    const next = await call('POST', `threads/${threadId}/runs`, { message: 'next' });
    expect(next.status).toBe(201);
    await until(`threads/${threadId}/runs/${next.body.runId}`, (status) => status === 'completed');
    const { messages } = (await call('GET', `threads/${threadId}`)).body;
    expect(
      messages.map(({ role, content }: { role: string; content: string }) => `${role}: ${content}`),
    ).toEqual(['user: one two three', 'assistant: one two three', 'user: next', 'assistant: next']);
  });
});
