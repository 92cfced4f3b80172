import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLog } from '../../apis/log/log-step.ts';
import {
  consumesOf,
  type InputShape,
  isStreaming,
  pathsOf,
  type Success,
} from '../../apis/operation/operation.ts';
import type {
  AnsweringPlatform,
  CaretakingPlatform,
  Platform,
  ReferencePlatform,
  RegisteringPlatform,
} from '../../apis/platform.ts';
import { keepOutputs } from '../../apis/process-runs/outputs.ts';
import { processExecution } from '../../apis/process-runs/process-execution.ts';
import { streamPlacesKeeper } from '../../apis/streams/stream-places-keeper.ts';
import { ANY_LEASE, abandonedRuns } from '../../runs/abandoned.ts';
import { executionInput, type Run } from '../../runs/run.ts';
import { type Swept, sweepRuns } from '../../runs/sweep.ts';
import { createTableInput } from '../aws/dynamo/create-table.ts';
import { viewerFiles } from '../aws/viewer-files.ts';
import { bodyGate } from '../http/body-gate.ts';
import { type BufferedHandler, type Route, toHandler, toStreamHandler } from '../http/handler.ts';
import { refuser } from '../http/refuse.ts';
import { AslExecutor, type ExecutionPlan, type LocalMachine, type TaskHandler } from './asl/asl-executor.ts';
import { processMachines } from './asl/process-machines.ts';
import { STATES_PATH, serveTaskTokens } from './asl/serve-task-tokens.ts';
import { machineNameOf } from './asl/status-change-event.ts';
import { LocalWaitedMachines } from './asl/waited-machines.ts';
import type { ConsoleLevel } from './console-logger.ts';
import { type Demo, ensureDemo, writeDemoEnv } from './demo.ts';
import { openDevelopmentIssuer } from './development-issuer.ts';
import { DiskSpace } from './disk-space.ts';
import { closeLastLogs } from './dynamo/close-last-logs.ts';
import { FolderInUse } from './dynamo/database-folder.ts';
import { type EmbeddedDynamo, startEmbeddedDynamo } from './dynamo/embedded-dynamo.ts';
import { removeExpired } from './dynamo/remove-expired.ts';
import { serveFiles } from './files/serve-files.ts';
import { asFolderError } from './folder-error.ts';
import { LOCAL_TABLE, openLocalPlatform } from './local-platform.ts';
import { localModels } from './models.ts';
import { alreadyRunning, forgetRunning, sayRunning } from './running-file.ts';
import { installLambdaRuntime } from './server/lambda-runtime.ts';
import { type LocalRoute, startServer } from './server/local-server.ts';
import { firstOf, serveKeys } from './server/serve-keys.ts';
import { setBackWatch } from './set-back.ts';
import { refuseWhenFull, waitingForSpace } from './when-full.ts';
import { bundleTasks, type TaskModules } from './workers/bundle-tasks.ts';
import { type FunctionSource, userFunctions } from './workers/user-functions.ts';
import { WorkerPool } from './workers/worker-pool.ts';

type RoutesPlatform = AnsweringPlatform & ReferencePlatform & RegisteringPlatform;
export type BoundRoute = Route<InputShape, Success, RoutesPlatform>;

/** The functions that answer and work, as `bin` binds them: the very ones that Lambda runs. */
export interface Bindings {
  routes: readonly BoundRoute[];
  fallback(platform: () => Platform): BufferedHandler;
  settle(platform: () => Platform): (event: unknown) => Promise<void>;
  sweep(platform: () => CaretakingPlatform): () => Promise<Swept>;
  /** What runs in worker threads, as TypeScript or as JavaScript. */
  taskModules: TaskModules;
  /** What the task states of `thread-run` do: they wait for models, too. */
  threadTasks(platform: () => AnsweringPlatform): Record<string, TaskHandler>;
  /** What the task states of `agent-run` do, by their names: they wait for models and need no thread. */
  agentTasks(platform: () => AnsweringPlatform): Record<string, TaskHandler>;
}

export interface StartOptions {
  /** 0 takes any free port. */
  port: number;
  dataFolder: string;
  logLevel?: ConsoleLevel;
  /** A file that takes the lines of the log, each a JSON object, instead of standard error. */
  logFile?: string | undefined;
  /** Origins of the pages that may call from a browser. */
  corsOrigins?: readonly string[];
  /**
   * A folder of workflows of one's own, with their mocks, and their functions in `functions` below it: what is
   * dropped there can be registered and run.
   */
  processesFolder?: string | undefined;
  /** Whether a worker is ready when the platform is, or starts with its first task. */
  warm?: boolean;
  /** Whether records are there at the next start. Those that are not need no disk. */
  keepsRecords?: boolean;
  /** How many functions could run at once, were this an account; half of them may be open event streams. */
  concurrency?: number;
}

export interface RunningPlatform {
  url: string;
  demo: Demo;
  platform: AnsweringPlatform & CaretakingPlatform;
  close(): Promise<void>;
}

/** Our own examples of processes. */
const EXAMPLES = fileURLToPath(new URL('../../machines/processes', import.meta.url));
/** Swagger UI, as it was installed. */
const VIEWER = new URL(
  './',
  pathToFileURL(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
);
/**
 * A laptop has no such limit. Its hundred event streams are more than one person opens, and few enough for
 * a client that leaks them to be noticed before it is deployed.
 */
const CONCURRENCY = 200;
/** As often as the schedule calls the sweeper on AWS. */
const SWEEP_MS = 60_000;
/** What is read whole before a handler says no; documents of 25 MiB come with a form around them. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * The whole platform in this process: database, files, executor, HTTP. It answers when the promise resolves.
 * @throws FolderError when the data folder cannot be used.
 */
export async function startLocalPlatform(
  bindings: Bindings,
  options: StartOptions,
): Promise<RunningPlatform> {
  const dataFolder = resolve(options.dataFolder);
  try {
    return await start(bindings, options);
  } catch (error) {
    throw error instanceof FolderInUse
      ? await alreadyRunning(dataFolder, error)
      : asFolderError(error, dataFolder);
  }
}

async function start(bindings: Bindings, options: StartOptions): Promise<RunningPlatform> {
  const { port, logLevel = 'warn', concurrency = CONCURRENCY, corsOrigins = [] } = options;
  const { warm = true, keepsRecords = true } = options;
  const dataFolder = resolve(options.dataFolder);
  await mkdir(dataFolder, { recursive: true });
  await access(dataFolder, constants.W_OK);
  installLambdaRuntime();
  /** Until there is something to stop, a full disk fails the start. */
  const whenFull = { stop: (): void => {}, goOn: async (_was: { isBroken: boolean }): Promise<void> => {} };
  const disk = new DiskSpace({
    folder: dataFolder,
    onFull: () => whenFull.stop(),
    onSpace: (was) => whenFull.goOn(was),
  });
  // In a process of its own, while the database opens here.
  const bundling = bundleTasks(bindings.taskModules, join(dataFolder, 'workers'));
  const opening = keepsRecords
    ? openDatabase(dataFolder, () => void disk.noteFull({ isBroken: true }))
    : startEmbeddedDynamo({ tables: [createTableInput(LOCAL_TABLE)] });
  const [modules, database] = await Promise.all([bundling, opening]);
  await forgetRunning(dataFolder);
  const environment = { endpoint: database.endpoint, dataFolder, logLevel, logFile: options.logFile };
  let url = '';
  const userFolders = options.processesFolder === undefined ? [] : [resolve(options.processesFolder)];
  const opened = openLocalPlatform(environment, { clientConfig: database.clientConfig, baseUrl: () => url });
  const workers = new WorkerPool({ environment });
  const warmed = warm ? warmWorker(workers, modules) : Promise.resolve();
  warmed.catch(() => undefined); // what went wrong is thrown where it is awaited
  const executor = new AslExecutor({
    machines: {
      document: waitingForSpace(await documentMachine(modules, workers), disk),
      thread: waitingForSpace(
        { definition: await readMachine('thread-run'), tasks: bindings.threadTasks(() => platform) },
        disk,
      ),
    },
    plan: planOf,
    load: processMachines({
      folders: [...userFolders, EXAMPLES],
      functions: [
        ...userFolders.map((folder) =>
          userFunctions({
            folder: join(folder, 'functions'),
            bundles: join(dataFolder, 'workers', 'functions'),
            workers,
            environment: () => ({ AWS_ENDPOINT_URL_SFN: `${url}${STATES_PATH}` }),
          }),
        ),
        exampleFunctions(modules, workers),
      ],
      functionsFolder: userFolders.map((folder) => join(folder, 'functions'))[0],
    }),
    onStatusChange: (event) => settle(event),
    logger: opened.logger,
  });
  const issuer = await openDevelopmentIssuer(dataFolder, opened.now);
  const agentRun = { definition: await readMachine('agent-run'), tasks: bindings.agentTasks(() => platform) };
  const waited = new LocalWaitedMachines({ agent: agentRun }, opened.logger);
  const platform: RoutesPlatform & CaretakingPlatform = {
    ...{ ...opened, corsOrigins, executor, waited, account: { concurrency: async () => concurrency } },
    ...{ models: localModels, tokens: issuer.verifier, viewer: viewerFiles(VIEWER) },
  };
  const settle = bindings.settle(() => platform);
  // Whoever sees the server answer finds everything that the first boot makes.
  const demo = await ensureDemo(platform, issuer, dataFolder);
  await streamPlacesKeeper(() => platform)();
  const abandoned = await abandonedRuns(platform);
  const server = await startServer({
    port,
    host: '127.0.0.1',
    routes: bindings.routes.flatMap((route) => toServerRoutes(refuseWhenFull(route, disk), platform)),
    fallback: bindings.fallback(() => platform),
    refuse: refuser(
      bindings.routes.map(({ operation }) => operation),
      () => platform,
    ),
    middleware: firstOf(
      serveKeys(issuer),
      serveTaskTokens(executor.tokens),
      serveFiles(opened.files, corsOrigins, () => disk.isShort()),
    ),
    maxBodyBytes: MAX_BODY_BYTES,
    logger: opened.logger,
  });
  url = server.url;
  await warmed;
  await writeDemoEnv(dataFolder, demo, url);

  await sayRunning(dataFolder, url);

  const report = (error: unknown): void => opened.logger.error('sweep failed', { error });
  const sweep = bindings.sweep(() => platform);
  // Executions died with the last process, so every open run is looked at.
  const everything = {
    ...{ leaseBefore: ANY_LEASE, abandoned, keepOutput: keepOutputs(platform.files) },
    withinMs: Number.POSITIVE_INFINITY, // what it left would wait for its lease
  };
  /** It broke off: the next round of housekeeping begins it again. */
  let isResumeDue = false;
  /** Leases from before would be as much longer: everything is looked at, as at a start. */
  const wasSetBack = setBackWatch(() => platform.now());
  const resumeRuns = async () => {
    isResumeDue = false;
    const resumed = withLog(platform, { step: 'resume' });
    try {
      await sweepRuns(resumed, everything);
      await closeLastLogs(resumed, opened.client, LOCAL_TABLE);
    } catch (error) {
      report(error);
      isResumeDue = true;
    }
  };
  let resumed = resumeRuns();
  const housekeeping = setInterval(() => {
    isResumeDue ||= wasSetBack();
    if (isResumeDue) resumed = resumeRuns();
    else sweep().catch(report);
    removeExpired(opened.client, LOCAL_TABLE, platform.now()).catch(report);
    opened.files.removeExpired().catch(report);
    opened.files.removeLeftovers().catch(report);
  }, SWEEP_MS);
  whenFull.stop = () => {
    opened.logger.error('The disk is full. Runs wait until there is space.', { folder: dataFolder });
    executor.suspend();
  };
  whenFull.goOn = async ({ isBroken }) => {
    if (isBroken) await database.reopen();
    executor.resume();
    opened.logger.warn('There is space on the disk again. Runs go on.', { folder: dataFolder });
    resumed = resumeRuns();
  };

  return {
    url,
    demo,
    platform,
    close: async () => {
      clearInterval(housekeeping);
      disk.close();
      await server.close();
      await resumed;
      await executor.close();
      await waited.close();
      await workers.close();
      opened.client.destroy();
      await database.close();
      await forgetRunning(dataFolder);
    },
  };
}

/** A first boot's demo says that there was a database, also one that was made before it left a mark. */
async function openDatabase(dataFolder: string, onWriteFailed: () => void): Promise<EmbeddedDynamo> {
  const isExpected = await access(join(dataFolder, 'demo.json')).then(
    () => true,
    () => false,
  );
  return startEmbeddedDynamo({
    ...{ folder: join(dataFolder, 'database'), isExpected, onWriteFailed },
    tables: [createTableInput(LOCAL_TABLE)],
  });
}

/** One worker for the first run, whichever kind it is; the others start when they are needed. */
async function warmWorker(workers: WorkerPool, { document, callFunction }: TaskModules): Promise<void> {
  for (const module of [...Object.values(document), callFunction]) await workers.warm(module);
}

async function documentMachine({ document }: TaskModules, workers: WorkerPool): Promise<LocalMachine> {
  const tasks = Object.entries(document).map(([state, module]) => [
    state,
    (payload: unknown, { signal }: { signal: AbortSignal }) => workers.run(module, payload, signal),
  ]);
  return { definition: await readMachine('document-run'), tasks: Object.fromEntries(tasks) };
}

/** Our own examples, by the names of their files. */
const exampleFunctions = (
  { functions, callFunction }: TaskModules,
  workers: Pick<WorkerPool, 'run'>,
): FunctionSource => ({
  find: async (names) => {
    const name = names.find((each) => Object.hasOwn(functions, each));
    const module = name === undefined ? undefined : functions[name]?.href;
    return module === undefined
      ? undefined
      : (payload, signal) => workers.run(callFunction, { module, payload }, signal);
  },
});

const readMachine = async (name: string): Promise<object> =>
  JSON.parse(await readFile(new URL(`../../machines/${name}.asl.json`, import.meta.url), 'utf8'));

/** A process brings its machine; every other kind of run has one of its own. */
const planOf = (run: Run): ExecutionPlan =>
  run.kind === 'process'
    ? { machine: machineNameOf(String(run.input.stateMachineArn)), input: processExecution(run) }
    : { machine: run.kind, input: executionInput(run) };

function toServerRoutes(route: BoundRoute, platform: RoutesPlatform): LocalRoute[] {
  const { method } = route.operation;
  const takesBody = consumesOf(route.operation) !== 'nothing';
  const gate = bodyGate(route.operation, () => platform);
  const bound = isStreaming(route.operation)
    ? { streaming: true as const, handler: toStreamHandler(route, () => platform) }
    : { streaming: false as const, handler: toHandler(route, () => platform) };
  return pathsOf(route.operation).map((path) => ({ method, path, gate, takesBody, ...bound }));
}
