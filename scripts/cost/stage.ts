import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { awsModels } from '../../lib/adapters/aws/models.ts';
import { ProcessExecutor } from '../../lib/adapters/aws/process-executor.ts';
import { S3FileStore } from '../../lib/adapters/aws/s3-file-store.ts';
import { machines } from '../../lib/adapters/aws/step-functions-executor.ts';
import { type Route, toHandler, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { type EmbeddedDynamo, startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { toContext } from '../../lib/adapters/local/server/api-event.ts';
import { type InputShape, isStreaming, type Success } from '../../lib/apis/operation/operation.ts';
import type { AnsweringPlatform, CaretakingPlatform, RegisteringPlatform } from '../../lib/apis/platform.ts';
import { processExecution } from '../../lib/apis/process-runs/process-execution.ts';
import { NO_TOKENS } from '../../lib/apis/workspaces/tokens.ts';
import { type Answer, AnswerStream, eventOf, installRuntime, type Request } from './api-gateway.ts';
import { type Execution, type Objects, s3InMemory, stepFunctionsInMemory } from './aws-in-memory.ts';
import { IndexEntries, type Memory, Meter, meterTable } from './meter.ts';
import { VirtualTime } from './virtual-time.ts';

const TABLE_NAME = 'runplane';
const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine';
/** Our machines, and a process of somebody's. */
export const MACHINES = {
  document: `${ARN}:document-run`,
  thread: `${ARN}:thread-run`,
  process: `${ARN}:order-review`,
} as const;

/** How long a function may live, in seconds. */
const LIFE_SECONDS = 900;

export type StagePlatform = AnsweringPlatform & CaretakingPlatform & RegisteringPlatform;

/** A warm function: its platform, shared with no other, and what it has used. */
interface StageFunction {
  platform: StagePlatform;
  meter: Meter;
  close(): void;
}

const models = awsModels('/runplane');

/**
 * A deployed stage in this process: the handlers and steps of `lambdas/` on the adapters of `lib/adapters/aws`,
 * with DynamoDB embedded and S3 and Step Functions in memory. What AWS would meter is counted by function, and
 * time passes by `time` alone.
 */
export class MeteredStage {
  readonly time = new VirtualTime(new Date());
  /** How long S3 takes to answer a GET, in milliseconds. */
  getMs = 0;
  readonly #database: EmbeddedDynamo;
  readonly #functions = new Map<string, StageFunction>();
  readonly #indexes = new IndexEntries();
  readonly #objects: Objects = new Map();
  readonly #started: Execution[] = [];

  private constructor(database: EmbeddedDynamo) {
    this.#database = database;
  }

  static async open(): Promise<MeteredStage> {
    installRuntime();
    return new MeteredStage(await startEmbeddedDynamo({ tables: [createTableInput(TABLE_NAME)] }));
  }

  async close(): Promise<void> {
    for (const { close } of this.#functions.values()) close();
    await this.#database.close();
  }

  /** A function by its name: made when it is first called and kept, as a warm instance is. */
  function(name: string): StageFunction {
    const known = this.#functions.get(name) ?? this.#newFunction();
    this.#functions.set(name, known);
    return known;
  }

  #newFunction(): StageFunction {
    const meter = new Meter();
    const { now } = this.time;
    const client = new DynamoDBClient({ endpoint: this.#database.endpoint, ...EMBEDDED_CREDENTIALS });
    const table = DynamoDBDocumentClient.from(client);
    meterTable(table, (command) => meter.table(command, this.#indexes));
    table.middlewareStack.add((next) => (args) => this.time.during(() => next(args)), {
      step: 'initialize',
      priority: 'high',
      name: 'time-stands-still',
    });
    const tell = (command: string): void => meter.command(command);
    const stepFunctions = stepFunctionsInMemory(tell, (execution) => void this.#started.push(execution));
    const ignore = (): void => {};
    const platform: StagePlatform = {
      ...dynamoStores(table, TABLE_NAME),
      now,
      newId: () => uuid({ msecs: now().getTime() }),
      tokens: NO_TOKENS,
      files: new S3FileStore(
        s3InMemory(this.#objects, tell, () => this.#get()),
        'files',
      ),
      executor: new ProcessExecutor(stepFunctions, machines(MACHINES, { process: processExecution })),
      // `withFetch` stands in for Node's own.
      models: (workspaceId) => ({ ...models(workspaceId), fetchProvider: (...asked) => fetch(...asked) }),
      waited: { run: () => Promise.reject(new TypeError('No journey waits for an Express execution')) },
      account: { concurrency: async () => 1000 },
      corsOrigins: [],
      logger: { info: ignore, warn: ignore, error: ignore },
      limits: { requestBytes: Number.POSITIVE_INFINITY },
    };
    return { platform, meter, close: () => client.destroy() };
  }

  async #get(): Promise<void> {
    if (this.getMs > 0) await this.time.sleepDuring(this.getMs);
  }

  /** A request, through API Gateway, to the function of an operation. */
  async call<Shape extends InputShape, Ok extends Success>(
    route: Route<Shape, Ok, StagePlatform>,
    request: Request,
    memory: Memory = isStreaming(route.operation) ? 'streaming' : 'buffered',
  ): Promise<Answer> {
    const { operation } = route;
    const event = eventOf(operation, request);
    const context = toContext(operation.operationId, event.requestContext.requestId, LIFE_SECONDS);
    this.function(operation.operationId).meter.add('api_requests', 1);
    return this.invoke(operation.operationId, memory, async (platform) => {
      if (isStreaming(operation)) {
        const stream = new AnswerStream();
        await toStreamHandler(route, () => platform)(event, stream, context);
        return stream.answer;
      }
      const { statusCode, headers = {}, body } = await toHandler(route, () => platform)(event, context);
      return { status: statusCode, headers, body };
    });
  }

  /** An invocation of a function, for as long as it lasts. */
  async invoke<T>(name: string, memory: Memory, work: (platform: StagePlatform) => Promise<T>): Promise<T> {
    const { platform, meter } = this.function(name);
    const startedAt = this.time.now().getTime();
    const result = await work(platform);
    meter.invocation(memory, this.time.now().getTime() - startedAt);
    return result;
  }

  /** The execution that was started last and that no journey has taken yet. */
  takeExecution(): Execution {
    const execution = this.#started.pop();
    if (execution === undefined) throw new Error('No execution was started');
    return execution;
  }

  reset(): void {
    for (const { meter } of this.#functions.values()) meter.reset();
  }

  /** What was used since the last reset, by function; none of those that did nothing. */
  metered(): Map<string, Meter> {
    const meters = [...this.#functions].map(([name, { meter }]): [string, Meter] => [name, meter.copy()]);
    return new Map(meters.filter(([, { calls }]) => calls > 0));
  }
}
