import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { EVENT_STREAMS, placesPartition } from '../adapters/aws/dynamo/keys.ts';
import {
  RUNPLANE_AGENT_MACHINE,
  RUNPLANE_BUCKET,
  RUNPLANE_CORS_ORIGINS,
  RUNPLANE_DOCUMENT_MACHINE,
  RUNPLANE_SECRETS,
  RUNPLANE_STAGE,
  RUNPLANE_TABLE,
  RUNPLANE_THREAD_MACHINE,
} from '../adapters/aws/environment.ts';
import { isStreaming, type Operation } from '../apis/operation/operation.ts';
import { PROCESS_INPUT_PREFIX } from '../apis/process-runs/process-execution.ts';
import { OperationsApi } from '../constructs/api/operations-api.ts';
import { RateLimit } from '../constructs/api/rate-limit.ts';
import { grantAccountSettings } from '../constructs/functions/account-access.ts';
import { grantModels, secretsPath } from '../constructs/functions/model-access.ts';
import {
  FALLBACK,
  type Needs,
  needsOf,
  needsOfOperation,
  platformParts,
  STEPS,
} from '../constructs/functions/needs.ts';
import {
  ANSWERING,
  BUFFERED,
  CARETAKER,
  COMPUTING,
  type FunctionSize,
  PlatformFunction,
  STREAMING,
  WORKER,
} from '../constructs/functions/platform-function.ts';
import { grantProcesses } from '../constructs/functions/process-access.ts';
import { RunMachine } from '../constructs/machines/run-machine.ts';
import { StepRule } from '../constructs/machines/step-rule.ts';
import type { FileBucket } from '../constructs/storage/file-bucket.ts';
import type { RunTable } from '../constructs/storage/run-table.ts';
import { type TokenIssuer, tokenVariables } from '../constructs/token-issuer.ts';
import type { Watched } from '../constructs/watch/watched.ts';
import { FunctionsStack } from './functions-stack.ts';

export interface RunsStackProps extends StackProps {
  readonly stageName: string;
  readonly operations: readonly Operation[];
  readonly table: RunTable;
  readonly files: FileBucket;
  readonly corsOrigins: readonly string[];
  readonly tracing: boolean;
  /** Whose tokens are good for the APIs that take them; without it, they take keys only. */
  readonly tokens?: TokenIssuer | undefined;
  /** Requests that one address may make in five minutes; without it, only the API's own limit holds. */
  readonly wafRate?: number | undefined;
}

/** Statuses in which an execution has ended. */
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/**
 * Below the 1,000 functions that an account runs at once: one caller in a loop must not take them all from
 * the steps that finish what others have started.
 */
const THROTTLING = { rate: 200, burst: 400 };

/**
 * What answers callers and moves runs. Holds no data, and may be replaced at any time. The functions of each
 * API stand in a stack within it.
 */
export class RunsStack extends Stack {
  readonly #props: RunsStackProps;
  readonly #shared: { logRetention: RetentionDays; tracing: boolean };
  readonly documentRun: RunMachine;
  readonly threadRun: RunMachine;
  readonly agentRun: RunMachine;
  /** What there is to be looked at, beside what this stack is given. */
  readonly watched: Omit<Watched, 'table' | 'files'>;

  constructor(scope: Construct, id: string, props: RunsStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.#shared = { logRetention: RetentionDays.ONE_MONTH, tracing: props.tracing };

    const processDocument = this.#function(this, 'ProcessDocument', needsOf(STEPS.processDocument), WORKER);
    this.documentRun = new RunMachine(this, 'DocumentRun', {
      definition: 'document-run',
      tasks: { ProcessDocument: processDocument },
      ...this.#shared,
    });
    const answerThread = this.#function(this, 'AnswerThread', needsOf(STEPS.answerThread), ANSWERING);
    this.threadRun = new RunMachine(this, 'ThreadRun', {
      definition: 'thread-run',
      tasks: { AnswerThread: answerThread },
      ...this.#shared,
    });
    // Its function is not called like its state: that is the name of the operation that starts it.
    const runAgentStep = this.#function(this, 'RunAgentStep', needsOf(STEPS.runAgent), ANSWERING);
    this.agentRun = new RunMachine(this, 'AgentRun', {
      definition: 'agent-run',
      tasks: { RunAgent: runAgentStep },
      isExpress: true,
      ...this.#shared,
    });
    const caretakers = this.#settleAndSweep([this.documentRun, this.threadRun]);
    const api = this.#api();
    if (props.wafRate !== undefined) new RateLimit(this, 'RateLimit', { api, rate: props.wafRate });
    const machines = { document: this.documentRun, thread: this.threadRun, agent: this.agentRun };
    this.watched = { stageName: props.stageName, api, machines, ...caretakers };

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'DocsUrl', { value: `${api.url}docs`, description: 'Every operation, to be tried' });
    new CfnOutput(this, 'FirstKey', {
      value: `npx runplane workspace create --stage ${props.stageName} --name Acme --email you@example.com`,
      description: 'Makes the first workspace and a key for its owner, by the credentials that deployed it',
    });
    new CfnOutput(this, 'DocumentRunMachine', { value: this.documentRun.resource.stateMachineName });
  }

  /** Nothing depends on one delivery: what EventBridge loses, the sweeper finds within minutes. */
  #settleAndSweep(machines: readonly RunMachine[]): Pick<Watched, 'sweep' | 'lostEvents'> {
    const { deadLetters: lostEvents } = new StepRule(this, 'ExecutionEnded', {
      step: this.#function(this, 'Settle', needsOf(STEPS.settle), CARETAKER, machines),
      when: {
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            $or: [
              { status: ENDED, stateMachineArn: machines.map(({ machineArn }) => machineArn) },
              // Processes are whoever's; they are known by what we start them with, also while they run.
              { input: [{ prefix: PROCESS_INPUT_PREFIX }] },
              // Too large to be in the event: only a look at the execution tells whose it is.
              { inputDetails: { included: [false] } },
            ],
          },
        },
      },
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    });
    const sweep = this.#function(this, 'Sweep', needsOf(STEPS.sweep), CARETAKER, machines);
    new StepRule(this, 'EveryMinute', {
      step: sweep,
      when: { schedule: Schedule.rate(Duration.minutes(1)) },
      retryAttempts: 0, // the next minute is the retry
      maxEventAge: Duration.minutes(1),
    });
    return { sweep, lostEvents };
  }

  #api(): OperationsApi {
    const { operations, stageName, corsOrigins } = this.#props;
    const functions = [...new Set(operations.map(({ api }) => api))].flatMap((api) => {
      const stack = new FunctionsStack(this, api);
      return operations
        .filter((op) => op.api === api)
        .map((op): [string, PlatformFunction] => [op.operationId, this.#answering(stack, op)]);
    });
    return new OperationsApi(this, 'Api', {
      operations,
      functions: new Map(functions),
      fallback: this.#function(this, 'Fallback', needsOf(FALLBACK), BUFFERED),
      stageName,
      corsOrigins,
      throttling: THROTTLING,
      hasWebAcl: this.#props.wafRate !== undefined,
      ...this.#shared,
    });
  }

  /** The function of an operation. */
  #answering(scope: FunctionsStack, op: Operation): PlatformFunction {
    const name = op.operationId.charAt(0).toUpperCase() + op.operationId.slice(1);
    const needs = needsOfOperation(op);
    const waits = platformParts(needs).models ? ANSWERING : STREAMING;
    const waiting = isStreaming(op) ? waits : BUFFERED;
    const size = op.computes ? { ...COMPUTING, timeout: waiting.timeout } : waiting;
    const machine = (op.starts ?? op.stops) === 'thread' ? this.threadRun : this.documentRun;
    return this.#function(scope, name, needs, size, [machine]);
  }

  /** A function with the names that its platform reads and the rights that its code uses. */
  #function(
    scope: Construct,
    id: string,
    needs: Needs,
    size: FunctionSize,
    machines: readonly RunMachine[] = [],
  ): PlatformFunction {
    const { table, files, stageName, tokens, corsOrigins } = this.#props;
    const parts = platformParts(needs);
    const fn = new PlatformFunction(scope, id, {
      entry: needs.entry,
      ships: needs.ships,
      size,
      environment: {
        [RUNPLANE_TABLE]: table.tableName,
        [RUNPLANE_STAGE]: stageName,
        ...(corsOrigins.length === 0 ? {} : { [RUNPLANE_CORS_ORIGINS]: corsOrigins.join(',') }),
        ...(parts.files ? { [RUNPLANE_BUCKET]: files.bucketName } : {}),
        ...(parts.executor
          ? {
              [RUNPLANE_DOCUMENT_MACHINE]: this.documentRun.machineArn,
              [RUNPLANE_THREAD_MACHINE]: this.threadRun.machineArn,
            }
          : {}),
        ...(needs.acceptsTokens ? tokenVariables(tokens) : {}),
        ...(parts.models ? { [RUNPLANE_SECRETS]: secretsPath(stageName) } : {}),
        ...(parts.waited ? { [RUNPLANE_AGENT_MACHINE]: this.agentRun.machineArn } : {}),
      },
      ...this.#shared,
    });
    if (needs.table === 'read') table.grantRead(fn);
    if (needs.table === 'write') table.grantReadWrite(fn);
    if (needs.holdsPlace) table.grantWritePartition(fn, placesPartition(EVENT_STREAMS));
    if (needs.indexes.length > 0) table.grantQuery(fn, needs.indexes);
    files.grant(fn, needs.files);
    if (needs.executionsOf.includes('ours')) {
      for (const machine of machines) machine.grant(fn, needs.executions);
    }
    if (needs.executionsOf.includes('processes')) grantProcesses(fn, needs.executions);
    if (needs.looksAtMachines) grantProcesses(fn, ['look']);
    if (parts.models) grantModels(fn, stageName);
    if (parts.account) grantAccountSettings(fn);
    if (parts.waited) this.agentRun.grantStartSync(fn);
    return fn;
  }
}
