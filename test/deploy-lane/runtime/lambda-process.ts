import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, RuntimeApi } from './runtime-api.ts';

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.mjs');

export interface LambdaFunction {
  name: string;
  /** The asset: what is in the zip. */
  folder: string;
  handler: string;
  timeoutMs: number;
  environment: Record<string, string>;
}

/**
 * A function in a process of its own, cold: with a copy of its code where no folder above has packages, and with no
 * other environment than Lambda gives it and its template says.
 */
export class LambdaProcess {
  readonly #fn: LambdaFunction;
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(fn: LambdaFunction, api: RuntimeApi, child: ChildProcess, folder: string) {
    this.#fn = fn;
    this.#api = api;
    this.#child = child;
    this.#folder = folder;
  }

  /** @param node the program that runs it. */
  static async start(fn: LambdaFunction, node = process.execPath): Promise<LambdaProcess> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'runplane-lambda-')));
    const root = join(folder, 'task');
    await cp(fn.folder, root, { recursive: true });
    await cp(BOOTSTRAP, join(folder, 'bootstrap.mjs'));
    const api = await RuntimeApi.listen();
    const child = spawn(node, [join(folder, 'bootstrap.mjs')], {
      cwd: root,
      env: { ...lambdaEnvironment(fn, root), AWS_LAMBDA_RUNTIME_API: api.address },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      said = `${said}${piece}`.slice(-2000);
    });
    child.once('error', (error) => api.end('Runtime.ExitError', error.message));
    child.once('close', (code) => api.end('Runtime.ExitError', `The process ended with ${code}: ${said}`));
    return new LambdaProcess(fn, api, child, folder);
  }

  /** One event. What takes longer than the function has is stopped, as Lambda stops it, streams included. */
  async invoke(event: unknown): Promise<Outcome> {
    const { timeoutMs } = this.#fn;
    const timer = setTimeout(() => {
      this.#api.end('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
      this.#child.kill('SIGKILL');
    }, timeoutMs);
    const outcome = await this.#api.invoke(event, timeoutMs);
    if (outcome.type !== 'streamed') {
      clearTimeout(timer);
      return outcome;
    }
    return { ...outcome, chunks: untilEnd(outcome.chunks, () => clearTimeout(timer)) };
  }

  /** Leaves neither process nor folder behind. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close');
      this.#child.kill('SIGKILL');
      await closed;
    }
    this.#api.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const lambdaEnvironment = (fn: LambdaFunction, root: string): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'of-no-account',
  AWS_SECRET_ACCESS_KEY: 'of-no-account',
  AWS_SESSION_TOKEN: 'of-no-account',
  AWS_LAMBDA_FUNCTION_NAME: fn.name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: root,
  _HANDLER: fn.handler,
  ...fn.environment,
});

async function* untilEnd(chunks: AsyncIterable<Buffer>, onEnd: () => void): AsyncGenerator<Buffer, void> {
  try {
    yield* chunks;
  } finally {
    onEnd();
  }
}
