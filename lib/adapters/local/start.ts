import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type InputShape, isStreaming, type Success } from '../../apis/operation.ts';
import type { Platform } from '../../apis/platform.ts';
import { type Swept, sweepRuns } from '../../runs/service.ts';
import { createTableInput } from '../aws/create-table.ts';
import { type BufferedHandler, type Route, toHandler, toStreamHandler } from '../http/handler.ts';
import { AslExecutor, type LocalMachine } from './asl-executor.ts';
import type { ConsoleLevel } from './console-logger.ts';
import { type Demo, ensureDemo } from './demo.ts';
import { startEmbeddedDynamo } from './embedded-dynamo.ts';
import { installLambdaRuntime } from './lambda-runtime.ts';
import { LOCAL_TABLE, openLocalPlatform } from './local-platform.ts';
import { startServer } from './local-server.ts';
import { removeExpired } from './remove-expired.ts';
import { serveFiles } from './serve-files.ts';
import { WorkerPool } from './worker-pool.ts';

export type BoundRoute = Route<InputShape, Success, Platform>;

/** The functions that answer and work, as `bin` binds them: the very ones that Lambda runs. */
export interface Bindings {
  routes: readonly BoundRoute[];
  fallback(platform: () => Platform): BufferedHandler;
  settle(platform: () => Platform): (event: unknown) => Promise<void>;
  sweep(platform: () => Platform): () => Promise<Swept>;
  /** Worker modules by the name of the task state of `document-run`. */
  documentTasks: Record<string, URL>;
}

export interface StartOptions {
  /** 0 takes any free port. */
  port: number;
  dataFolder: string;
  logLevel?: ConsoleLevel;
}

export interface RunningPlatform {
  url: string;
  demo: Demo;
  platform: Platform;
  close(): Promise<void>;
}

/** As often as the schedule calls the sweeper on AWS. */
const SWEEP_MS = 60_000;
/** What is read whole before a handler says no; documents of 25 MiB come with a form around them. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Later than any lease: executions died with the last process, so at boot every open run is looked at. */
const ANY_LEASE = '9999-12-31T23:59:59.999Z';

/** The whole platform in this process: database, files, executor, HTTP. It answers when the promise resolves. */
export async function startLocalPlatform(
  bindings: Bindings,
  options: StartOptions,
): Promise<RunningPlatform> {
  const { port, logLevel = 'warn' } = options;
  const dataFolder = resolve(options.dataFolder);
  await mkdir(dataFolder, { recursive: true });
  installLambdaRuntime();
  const database = await startEmbeddedDynamo({
    folder: join(dataFolder, 'database'),
    tables: [createTableInput(LOCAL_TABLE)],
  });
  const environment = { endpoint: database.endpoint, dataFolder, logLevel };
  let url = '';
  const opened = openLocalPlatform(environment, () => url);
  const workers = new WorkerPool({ environment });
  const executor = new AslExecutor({
    machines: { document: await documentMachine(bindings, workers) },
    onStatusChange: (event) => settle(event),
    logger: opened.logger,
  });
  const platform: Platform = { ...opened, executor };
  const settle = bindings.settle(() => platform);
  const server = await startServer({
    port,
    host: '127.0.0.1',
    routes: bindings.routes.map((route) => toServerRoute(route, platform)),
    fallback: bindings.fallback(() => platform),
    middleware: serveFiles(opened.files),
    maxBodyBytes: MAX_BODY_BYTES,
    logger: opened.logger,
  });
  url = server.url;
  const demo = await ensureDemo(platform, dataFolder, url);

  const report = (error: unknown): void => opened.logger.error('sweep failed', { error });
  const sweep = bindings.sweep(() => platform);
  const housekeeping = setInterval(() => {
    sweep().catch(report);
    removeExpired(opened.client, LOCAL_TABLE, platform.now()).catch(report);
  }, SWEEP_MS);
  const resumed = sweepRuns(platform, ANY_LEASE).catch(report);

  return {
    url,
    demo,
    platform,
    close: async () => {
      clearInterval(housekeeping);
      await server.close();
      await resumed;
      await executor.close();
      await workers.close();
      opened.client.destroy();
      await database.close();
    },
  };
}

async function documentMachine(bindings: Bindings, workers: WorkerPool): Promise<LocalMachine> {
  const file = new URL('../../machines/document-run.asl.json', import.meta.url);
  const tasks = Object.entries(bindings.documentTasks).map(([state, module]) => [
    state,
    (payload: unknown, { signal }: { signal: AbortSignal }) => workers.run(module, payload, signal),
  ]);
  return { definition: JSON.parse(await readFile(file, 'utf8')), tasks: Object.fromEntries(tasks) };
}

function toServerRoute(route: BoundRoute, platform: Platform) {
  const { method, path } = route.operation;
  return isStreaming(route.operation)
    ? { method, path, streaming: true as const, handler: toStreamHandler(route, () => platform) }
    : { method, path, streaming: false as const, handler: toHandler(route, () => platform) };
}
