import { readFile } from 'node:fs/promises';
import { handler as runAgent } from '../../lambdas/agent-run/run-agent.ts';
import { handler as getProcessRun } from '../../lambdas/process-runs/get-process-run.ts';
import { handler as startProcessRun } from '../../lambdas/process-runs/start-process-run.ts';
import { answerThreadTask } from '../../lambdas/steps/answer-thread.ts';
import { processDocumentTask } from '../../lambdas/steps/process-document.ts';
import { settle } from '../../lambdas/steps/settle.ts';
import { handler as createThreadRun } from '../../lambdas/thread-runs/create-thread-run.ts';
import { handler as getThreadRun } from '../../lambdas/thread-runs/get-thread-run.ts';
import { handler as createRun } from '../../lambdas/workspace-runs/create-run.ts';
import { handler as downloadRunOutput } from '../../lambdas/workspace-runs/download-run-output.ts';
import { handler as getRunOutput } from '../../lambdas/workspace-runs/get-run-output.ts';
import { handler as streamRunEvents } from '../../lambdas/workspace-runs/stream-run-events.ts';
import { statusChange } from '../../lib/adapters/local/asl/status-change-event.ts';
import { TRANSITIONS } from '../../lib/apis/cost/transitions.ts';
import { toThreadId } from '../../lib/apis/thread-runs/ids.ts';
import { createThread } from '../../lib/apis/thread-runs/threads.ts';
import { createDocument } from '../../lib/apis/workspace-runs/documents/store-document.ts';
import type { RunRef } from '../../lib/runs/run.ts';
import type { Answer } from './api-gateway.ts';
import type { Execution } from './aws-in-memory.ts';
import { modelServer, withFetch } from './model.ts';
import type { MeteredStage, StagePlatform } from './stage.ts';
import type { Tenant } from './tenant.ts';

/** What somebody goes through with one run, which it names in the end. */
type Walk = (stage: MeteredStage, tenant: Tenant) => Promise<RunRef>;

export interface Journey {
  name: string;
  /** Sets up what stands before it begins, which is not counted. */
  prepare(platform: StagePlatform, tenant: Tenant): Promise<Walk>;
  /** The functions that make, work on and settle the run; the others are its readers'. */
  functions: readonly string[];
  /** What it is meant to take at most; dollars per 1,000 runs. */
  target: { calls: number; writeUnits: number; dollars: number };
}

const SAMPLE = new URL('../../docs/samples/membership-intake.xlsx', import.meta.url);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * Milliseconds that a run waits before it is worked on, and that the work takes: it waits so long for its
 * document. Who follows the events from the creation on sees the end at their next look, after some 5 s.
 */
const QUEUED_MS = 3000;
const WORK_MS = 1000;
const MODEL_MS = 10_000;

const documentRun: Journey = {
  name: 'document run: create, 1 s work, 5 s of SSE, output metadata, download',
  functions: ['createRun', 'ProcessDocument', 'Settle'],
  target: { calls: 16, writeUnits: 10, dollars: 0.15 },
  async prepare(platform, { caller }) {
    const document = await createDocument(platform, caller, {
      ...{ name: 'membership-intake.xlsx', contentType: XLSX, metadata: {}, conflictMode: 'keep_both' },
      content: { bytes: await readFile(SAMPLE) },
    });
    return async (stage, { key }) => {
      const { workspaceId } = caller;
      const json = { inputDocumentId: document.id, options: { operation: 'process' } };
      const runId = idOf(await stage.call(createRun.route, { key, path: { workspaceId }, json }));
      const execution = stage.takeExecution();
      const of = { key, path: { workspaceId, runId } };
      const [followed] = await Promise.all([
        stage.call(streamRunEvents.route, of),
        executeDocumentRun(stage, execution, { workspaceId, runId }),
      ]);
      assertEnded(followed.body, '"reason":"run_complete"');
      assertEnded((await stage.call(getRunOutput.route, of)).body, '"ready":true');
      assertEnded((await stage.call(downloadRunOutput.route, of)).body, 'PK');
      return { workspaceId, kind: 'document', runId };
    };
  },
};

/** What the machine of a run does, once it gets to it. */
async function executeDocumentRun(
  stage: MeteredStage,
  execution: Execution,
  ids: { workspaceId: string; runId: string },
): Promise<void> {
  await stage.time.sleep(QUEUED_MS);
  stage.getMs = WORK_MS;
  const output = await stage.time.during(() =>
    stage.invoke('ProcessDocument', 'worker', (worker) =>
      processDocumentTask(() => worker)({ ...ids, delivery: 0 }),
    ),
  );
  stage.getMs = 0;
  await endExecution(stage, execution, output, TRANSITIONS.document);
}

/** Started, reported twice by Step Functions and read once; what the process itself does is its owner's. */
const processRun: Journey = {
  name: 'process run, our share: start, two status changes, read',
  functions: ['startProcessRun', 'Settle'],
  target: { calls: 8, writeUnits: 6, dollars: 0.1 },
  prepare:
    async () =>
    async (stage, { caller, key, agentId, processId }) => {
      const json = {
        ...{ agent_id: agentId, process_id: processId, name: 'Review', stage: 'Published' },
        inputs: { order_id: '4711' },
      };
      const id = idOf(await stage.call(startProcessRun.route, { key, json }));
      const execution = stage.takeExecution();
      await tell(stage, execution, { status: 'running' });
      await tell(stage, execution, { status: 'succeeded', output: { decision: 'accepted' } });
      assertEnded((await stage.call(getProcessRun.route, { key, path: { run_id: id } })).body, '"Succeeded"');
      return { workspaceId: caller.workspaceId, kind: 'process', runId: execution.name };
    },
};

const threadRun: Journey = {
  name: 'thread run: create, 10 s model wait, read',
  functions: ['createThreadRun', 'AnswerThread', 'Settle'],
  target: { calls: 10, writeUnits: 8, dollars: 0.12 },
  async prepare(platform, { caller: { workspaceId }, agentId }) {
    const threadId = toThreadId((await createThread(platform, workspaceId, { assistantId: agentId })).id);
    return async (stage, { key }) => {
      const of = { key, path: { projectId: workspaceId, threadId } };
      const json = { message: 'How long do I boil an egg?' };
      const id = idOf(await stage.call(createThreadRun.route, { ...of, json }), 'runId');
      const execution = stage.takeExecution();
      const { name: runId } = execution;
      const output = await withModel(stage, () =>
        stage.invoke('AnswerThread', 'answering', (worker) =>
          answerThreadTask(() => worker)({ workspaceId, runId, delivery: 0 }),
        ),
      );
      await endExecution(stage, execution, output, TRANSITIONS.thread);
      const read = await stage.call(getThreadRun.route, { key, path: { ...of.path, runId: id } });
      assertEnded(read.body, '"completed"');
      return { workspaceId, kind: 'thread', runId };
    };
  },
};

const agentRun: Journey = {
  name: 'agent run: 10 s stream',
  functions: ['runAgent'],
  target: { calls: 5, writeUnits: 3, dollars: 0.05 },
  prepare:
    async () =>
    async (stage, { caller, key, agentId }) => {
      const json = { agent_id: agentId, variables: { user_name: 'Ada' }, stream: true };
      const answer = await withModel(stage, () => stage.call(runAgent.route, { key, json }, 'answering'));
      assertEnded(answer.body, 'word19');
      const runId = String(answer.headers['x-run-id']);
      return { workspaceId: caller.workspaceId, kind: 'agent', runId };
    },
};

export const JOURNEYS = { document: documentRun, process: processRun, thread: threadRun, agent: agentRun };

/** Answers as a model that takes its time; around that wait, time stands still. */
const withModel = <T>({ time }: MeteredStage, work: () => Promise<T>): Promise<T> =>
  withFetch(modelServer(time, MODEL_MS), () => time.during(work));

/** The machine ends, and EventBridge says so. */
async function endExecution(
  stage: MeteredStage,
  execution: Execution,
  output: unknown,
  transitions: number,
): Promise<void> {
  stage.function('Settle').meter.add('step_functions_transitions', transitions);
  await tell(stage, execution, { status: 'succeeded', output });
}

function tell(
  stage: MeteredStage,
  { machineArn, name, input }: Execution,
  state: Parameters<typeof statusChange>[1],
): Promise<void> {
  const event = statusChange(
    {
      executionArn: `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
      ...{ stateMachineArn: machineArn, name, startDate: 0, input: JSON.parse(input) },
    },
    state,
  );
  return stage.invoke('Settle', 'caretaker', (platform) => settle(() => platform)(event));
}

/** The id that a create answered with. */
function idOf({ status, body }: Answer, name = 'id'): string {
  const { [name]: id } = JSON.parse(body) as Record<string, unknown>;
  if (status !== 201 || typeof id !== 'string') throw new Error(`${status}: ${body}`);
  return id;
}

/** A journey that went wrong is not one to be counted. */
function assertEnded(body: string, expected: string): void {
  if (!body.includes(expected)) throw new Error(`There is no ${expected} in ${body.slice(-1000)}`);
}
