import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_LONG } from '../support/lane.ts';

/** Runs before the first look, which fill what is filled once: code, caches, LevelDB's tables in memory. */
const WARM_RUNS = Number(process.env.RUNPLANE_MEMORY_WARM ?? 1_000);
const RUNS = Number(process.env.RUNPLANE_MEMORY_RUNS ?? 2_000);
const GROWS_BY_BYTES = 50 * 1024 * 1024;
const CONCURRENCY = 8;

/** Loaded before the platform: collects its garbage when it is told to, and says how much it holds. */
const COLLECTING = `
process.on('message', () => {
  globalThis.gc();
  process.send(process.memoryUsage());
});`;

interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
}

describe.skipIf(!IS_LONG || process.platform !== 'linux')('memory', () => {
  let folder: string;
  let child: ChildProcess;
  let demo: Record<string, string> = {};
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runplane-memory-'));
    const preloaded = `data:text/javascript,${encodeURIComponent(COLLECTING)}`;
    child = spawn(
      process.execPath,
      ['--expose-gc', '--import', preloaded, '--import', 'tsx', 'bin/local.ts'],
      {
        env: { ...process.env, PORT: '0', RUNPLANE_DATA: folder },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      },
    );
    if (child.stdout === null) throw new TypeError('The platform has no standard output');
    await once(child.stdout, 'data');
    const text = await readFile(join(folder, 'demo.env'), 'utf8');
    demo = Object.fromEntries(
      [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]),
    );
  });
  afterAll(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(method: string, path: string, json?: unknown) {
    const response = await fetch(`${demo.BASE_URL}${path}`, {
      method,
      headers: { 'x-api-key': demo.API_KEY ?? '', 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async function untilOver(path: string): Promise<void> {
    for (;;) {
      const { status } = await ask('GET', path);
      if (!/^(queued|running|in_progress)$/.test(status)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const kinds: ((no: number) => Promise<void>)[] = [
    async () => {
      const runs = `/api/v1/workspaces/${demo.WORKSPACE_ID}/runs`;
      const { id } = await ask('POST', runs, { inputDocumentId: demo.DOCUMENT_ID });
      await untilOver(`${runs}/${id}`);
    },
    async () => {
      await ask('POST', `/api/projects/${demo.PROJECT_ID}/chat`, { message: `Hello ${'x'.repeat(1_000)}` });
    },
    async () => {
      await ask('POST', '/api/v1/run', { agent_id: demo.AGENT_ID, variables: { topic: 'x'.repeat(10_000) } });
    },
    async (no) => {
      const { id } = await ask('POST', '/runs', {
        ...{ agent_id: demo.AGENT_ID, process_id: demo.PROCESS_ID, name: `Run ${no}`, stage: 'Published' },
        inputs: { text: 'x'.repeat(20_000) },
      });
      await untilOver(`/runs/${id}`);
    },
  ];

  async function runMany(runs: number): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let no = next; no < runs; no = next) {
        next += 1;
        await kinds[no % kinds.length]?.(no);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  async function memory(): Promise<Memory> {
    const answered = once(child, 'message');
    child.send('collect');
    const [usage] = await answered;
    return usage;
  }

  it(`is what it was after ${RUNS} runs of all kinds`, { timeout: 3_600_000 }, async () => {
    await runMany(WARM_RUNS);
    const before = await memory();
    await runMany(RUNS);
    const after = await memory();

    const grown = (name: keyof Memory): number => after[name] - before[name];
    const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
    process.stdout.write(
      `memory: ${RUNS} runs, rss ${mebibytes(before.rss)} → ${mebibytes(after.rss)}, heap ${mebibytes(before.heapUsed)} → ${mebibytes(after.heapUsed)}, external ${mebibytes(before.external)} → ${mebibytes(after.external)}\n`,
    );
    expect(grown('heapUsed') + grown('external')).toBeLessThan(GROWS_BY_BYTES / 2);
    expect(grown('rss')).toBeLessThan(GROWS_BY_BYTES);
  });
});
