import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import type { AnsweringPlatform, Platform, ReferencePlatform } from '../../apis/platform.ts';
import { processExecution } from '../../apis/process-runs/process-execution.ts';
import { configuredTokens } from './configured-tokens.ts';
import { dynamoStores } from './dynamo/dynamo-stores.ts';
import {
  coreEnvironment,
  executorEnvironment,
  filesEnvironment,
  modelsEnvironment,
  RUNPLANE_AGENT_MACHINE,
  RUNPLANE_BUCKET,
  RUNPLANE_CORS_ORIGINS,
  RUNPLANE_DOCUMENT_MACHINE,
  RUNPLANE_REQUEST_BYTES,
  RUNPLANE_SECRETS,
  RUNPLANE_STAGE,
  RUNPLANE_TABLE,
  RUNPLANE_THREAD_MACHINE,
  waitedEnvironment,
} from './environment.ts';
import { ExpressMachines } from './express-machines.ts';
import { powertoolsLogger } from './logger.ts';
import { awsModels } from './models.ts';
import { S3FileStore } from './s3-file-store.ts';
import { type Machines, machines, StepFunctionsExecutor } from './step-functions-executor.ts';
import { viewerFiles } from './viewer-files.ts';

/**
 * A function binds the smallest of the platforms below that its route's types accept, and is then bundled
 * with those clients only. Each is made on first use, when the environment is read, and kept for the life
 * of the function.
 */
export type CorePlatform = Omit<Platform, 'files' | 'executor'>;
export type FilesPlatform = Omit<Platform, 'executor'>;
export type ExecutorPlatform = Omit<Platform, 'files'>;
export type ModelPlatform = Omit<AnsweringPlatform, 'executor' | 'waited'>;

/**
 * DynamoDB answers in milliseconds. A connection that has gone silent is given up after a second, and four
 * tries with their backoff end well within the 29 s of a request. Every write of ours may be repeated.
 */
const DYNAMODB = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true },
};

/** Objects of up to 25 MiB are written in one request, so the answer may take its time. */
const S3 = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  // Downloads come over TLS and may be ranges, which have no checksum: computing them buys nothing.
  responseChecksumValidation: 'WHEN_REQUIRED' as const,
};

/**
 * A start that is refused is left to the sweeper, so two quick tries are enough for a caller who waits for
 * the answer.
 */
const STEP_FUNCTIONS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * Waits for an answer as long as an Express execution may take, which is five minutes. Asked once: a request
 * whose answer was lost on the way has called the model all the same.
 */
const EXPRESS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 305_000, throwOnRequestTimeout: true },
};

/** Every use is marked pure, so that a bundle can leave out what its function does not bind. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Records, runs and logs: enough to read, and to write what starts nothing. */
export const corePlatform = /* @__PURE__ */ once((): CorePlatform => {
  const environment = coreEnvironment();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(DYNAMODB));
  return {
    ...dynamoStores(client, environment[RUNPLANE_TABLE]),
    now: () => new Date(),
    newId: () => uuid(),
    tokens: configuredTokens(),
    logger: powertoolsLogger(environment[RUNPLANE_STAGE]),
    corsOrigins: environment[RUNPLANE_CORS_ORIGINS],
    limits: { requestBytes: environment[RUNPLANE_REQUEST_BYTES] },
  };
});

const files = /* @__PURE__ */ once(
  () => new S3FileStore(new S3Client(S3), filesEnvironment()[RUNPLANE_BUCKET]),
);

/** What executors are made of. */
export function stepFunctions(): [SFNClient, Machines] {
  const environment = executorEnvironment();
  const document = environment[RUNPLANE_DOCUMENT_MACHINE];
  const thread = environment[RUNPLANE_THREAD_MACHINE];
  return [new SFNClient(STEP_FUNCTIONS), machines({ document, thread }, { process: processExecution })];
}

const executor = /* @__PURE__ */ once(() => new StepFunctionsExecutor(...stepFunctions()));

/** For what reads or writes files and starts and stops nothing. */
export const filesPlatform = /* @__PURE__ */ once(
  (): FilesPlatform => ({ ...corePlatform(), files: files() }),
);

/** For what starts, stops or looks after executions and touches no file. */
export const executorPlatform = /* @__PURE__ */ once(
  (): ExecutorPlatform => ({ ...corePlatform(), executor: executor() }),
);

/** For the tasks of our own processes, which work on files and know nothing of runs. */
export const taskPlatform = /* @__PURE__ */ once((): Pick<Platform, 'files'> => ({ files: files() }));

const models = /* @__PURE__ */ once(() => awsModels(modelsEnvironment()[RUNPLANE_SECRETS]));

const waited = /* @__PURE__ */ once(
  () => new ExpressMachines(new SFNClient(EXPRESS), waitedEnvironment()[RUNPLANE_AGENT_MACHINE]),
);

/** For what calls models. */
export const modelPlatform = /* @__PURE__ */ once(
  (): ModelPlatform => ({ ...corePlatform(), files: files(), models: models() }),
);

/** For what answers callers out of models, or out of a machine that calls them. */
export const answeringPlatform = /* @__PURE__ */ once(
  (): Omit<AnsweringPlatform, 'executor'> => ({ ...modelPlatform(), waited: waited() }),
);

export const fullPlatform = /* @__PURE__ */ once(
  (): Platform => ({ ...corePlatform(), files: files(), executor: executor() }),
);

/** For what shows the documentation; `lib/constructs/functions/bundle.ts` puts the viewer beside the code. */
export const referencePlatform = /* @__PURE__ */ once(
  (): CorePlatform & Pick<ReferencePlatform, 'viewer'> => ({
    ...corePlatform(),
    viewer: viewerFiles(new URL('./viewer/', import.meta.url)),
  }),
);
