import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

/** The platform as `npm start` runs it, in a process of its own. */
async function boot(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['--import', 'tsx', 'bin/local.ts'], {
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

async function environment(): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'demo.env'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]),
  );
}

async function call(
  method: string,
  path: string,
  body?: FormData | string,
  headers: Record<string, string> = {},
) {
  const { BASE_URL, API_KEY = '', WORKSPACE_ID } = await environment();
  const url = `${BASE_URL}/api/v1/workspaces/${WORKSPACE_ID}/${path}`;
  const response = await fetch(url, {
    method,
    headers: { 'x-api-key': API_KEY, ...headers },
    ...(body ? { body } : {}),
  });
  return response.text();
}

const json = async (...args: Parameters<typeof call>) => JSON.parse(await call(...args));

async function statusOf(runId: string): Promise<string> {
  return (await json('GET', `runs/${runId}`)).status;
}

async function until(runId: string, reached: (status: string) => boolean): Promise<string> {
  for (;;) {
    const status = await statusOf(runId);
    if (reached(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('kill -9 in the middle of a run', () => {
  it('after the restart the run ends, once, with one output and one closing line', async () => {
    const rows = Array.from({ length: 120_000 }, (_, row) => `Ada ${row},a${row}@example.com,x,y`).join('\n');
    const form = new FormData();
    form.set('file', new Blob([`First Name,Email,A,B\n${rows}\n`]), 'large.csv');
    const { id: documentId } = await json('POST', 'documents', form);
    const create = JSON.stringify({ inputDocumentId: documentId });
    const { id: runId } = await json('POST', 'runs', create, { 'content-type': 'application/json' });
    await until(runId, (status) => status === 'running');

    await stop('SIGKILL');
    child = await boot();

    expect(await until(runId, (status) => !['queued', 'running'].includes(status))).toBe('succeeded');
    const log = (await call('GET', `runs/${runId}/events/download`))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(log.filter(({ event }) => event === 'run.complete')).toHaveLength(1);
    expect(log.at(-1)).toMatchObject({ event: 'run.complete', data: { status: 'succeeded' } });
    expect(await json('GET', `runs/${runId}/output`)).toMatchObject({ ready: true, versionNo: 1 });
    expect(await json('GET', `runs/${runId}/metrics`)).toMatchObject({ row_count_total: 120_000 });
  });

  it('Ctrl-C ends the process with 0, and a restart finds everything where it was', async () => {
    const before = await json('GET', 'runs');

    const exit = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    child = await boot();

    expect(await json('GET', 'runs')).toEqual(before);
  });
});
