import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf } from '../support/program.ts';

/** Workflows that take long enough to be killed in, and that are dropped into a folder of one's own. */
const waiting = (seconds: number) => ({
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: seconds, Next: 'Done' }, Done: { Type: 'Pass', End: true } },
});
export const SLOW_PROCESS_ARN = 'arn:aws:states:local:000000000000:stateMachine:slow';
/** Longer than any test. */
const LONG_PROCESS_SECONDS = 3600;
export const LONG_PROCESS_ARN = 'arn:aws:states:local:000000000000:stateMachine:long';

export interface Asked {
  json?: unknown;
  body?: FormData;
  headers?: Record<string, string>;
}

export interface Told {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and assert what they find
  body: any;
}

/** The platform that `npm start` runs, in a process that can be killed and started again where it was. */
export class KilledPlatform {
  readonly folder: string;
  #child: ChildProcess | undefined;
  #environment: Record<string, string> = {};

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<KilledPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'runplane-kill-'));
    await mkdir(join(folder, 'processes'));
    for (const [name, machine] of Object.entries({ slow: waiting(1), long: waiting(LONG_PROCESS_SECONDS) }))
      await writeFile(join(folder, 'processes', `${name}.asl.json`), JSON.stringify(machine));
    return new KilledPlatform(folder);
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  get demo(): Record<string, string> {
    return this.#environment;
  }

  async boot(): Promise<void> {
    const processes = join(this.folder, 'processes');
    const environment = { PORT: '0', RUNPLANE_DATA: this.dataFolder, RUNPLANE_PROCESSES: processes };
    const child = spawn(process.execPath, [await programOf('bin/local.ts')], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`The platform ended with ${code} before it was up`);
    });
    await Promise.race([once(child.stdout, 'data'), died]); // the welcome
    died.catch(() => undefined); // it is killed later
    const text = await readFile(join(this.dataFolder, 'demo.env'), 'utf8');
    const pairs = [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]);
    this.#environment = Object.fromEntries(pairs);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Below the demo workspace, unless the path begins with a slash. Rejects when the platform dies first. */
  async ask(method: string, path: string, { json, body, headers = {} }: Asked = {}): Promise<Told> {
    const { BASE_URL, API_KEY = '', WORKSPACE_ID } = this.#environment;
    const response = await fetch(
      path.startsWith('/') ? `${BASE_URL}${path}` : `${BASE_URL}/api/v1/workspaces/${WORKSPACE_ID}/${path}`,
      {
        method,
        headers: {
          'x-api-key': API_KEY,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(body === undefined ? {} : { body }),
      },
    );
    const text = await response.text();
    const isJson = /application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }
}
