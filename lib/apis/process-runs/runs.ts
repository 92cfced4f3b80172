import { isRunsError } from '../../runs/errors.ts';
import { isTerminal } from '../../runs/lifecycle.ts';
import { readLog } from '../../runs/log.ts';
import { isPlaceholder } from '../../runs/placeholder.ts';
import type { RunPlatform } from '../../runs/ports.ts';
import { type Run, refOf } from '../../runs/run.ts';
import { cancelRun, startRunOnce } from '../../runs/service.ts';
import { retentionFor } from '../files/kept-for.ts';
import { conflict, notFound, Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { type Created, createOnce } from '../records/idempotency.ts';
import { fromShortId } from '../records/short-id.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import type { StartProcessRun } from './contract.ts';
import { takeFiles } from './files.ts';
import { keepInputs, toInputs } from './inputs.ts';
import { type ProcessRunInput, processRunInput } from './process-run.ts';
import { findProcess, seesAgent } from './processes.ts';
import { WIRE_STATUS } from './view.ts';

type Starter = Pick<
  Platform,
  | 'workspaces'
  | 'processes'
  | 'processFiles'
  | 'files'
  | 'idempotency'
  | 'runs'
  | 'log'
  | 'executor'
  | 'now'
  | 'newId'
>;

/**
 * Starts a run of a process in one of its stages.
 * @throws Refused 400 for inputs and files, then 404 for the process and its stage.
 */
export function startProcessRun(
  platform: Starter,
  caller: Caller,
  asked: StartProcessRun,
  idempotencyKey?: string,
): Promise<Created> {
  const { workspaceId } = caller;
  const inputs = toInputs(asked.inputs);
  return createOnce(
    platform,
    {
      caller,
      kind: 'process',
      key: idempotencyKey,
      request: { process: asked },
      admit: async () => {
        if (!seesAgent(caller, asked.agent_id)) throw resourceNotFound();
      },
    },
    async (runId) => {
      const scope = { workspaceId, agentId: caller.agentId, ofAgent: asked.agent_id };
      const files = await takeFiles(platform, scope, asked.file_ids ?? []);
      const stateMachineArn = await findMachine(platform, caller, asked);
      const retention = retentionFor(await platform.workspaces.get(workspaceId, workspaceId));
      const run = { id: runId, workspaceId, retention };
      const input: ProcessRunInput = {
        agentId: asked.agent_id,
        processId: asked.process_id,
        stage: asked.stage,
        name: asked.name,
        stateMachineArn,
        fileIds: asked.file_ids ?? null,
        files,
        bucket: platform.files.bucket,
        ...(await keepInputs(platform.files, run, inputs)),
      };
      return [await startRunOnce(platform, { ...run, kind: 'process', parentId: asked.process_id, input })];
    },
  );
}

const resourceNotFound = (): Refused => notFound('A referenced resource was not found');

async function findMachine(platform: Starter, caller: Caller, asked: StartProcessRun): Promise<string> {
  const process = await findProcess(platform, caller, asked.agent_id, asked.process_id);
  if (process === undefined) throw resourceNotFound();
  const registered = process.stages[asked.stage];
  if (registered !== undefined) return registered.stateMachineArn;
  throw new Refused({
    category: 'not_found',
    message: 'A referenced resource was not found',
    issues: [{ path: 'stage', message: `The process has no stage ${asked.stage}` }],
  });
}

/** @throws Refused 404 also for a run of another workspace, of another agent than the key's, or of another API. */
export async function findProcessRun(
  platform: Pick<Platform, 'runs'>,
  caller: Caller,
  id: string,
): Promise<Run> {
  const { workspaceId, agentId } = caller;
  const runId = fromShortId(id);
  const run =
    runId === undefined ? undefined : await platform.runs.get({ workspaceId, kind: 'process', runId });
  if (
    run === undefined ||
    isPlaceholder(run) ||
    (agentId !== undefined && processRunInput(run).agentId !== agentId)
  ) {
    throw notFound('The specified run was not found');
  }
  return run;
}

/** @throws Refused 404, 409 for a run that has ended, 503 while its execution cannot be stopped. */
export async function cancelProcessRun(platform: RunPlatform, caller: Caller, id: string): Promise<Run> {
  const run = await findProcessRun(platform, caller, id);
  try {
    // An earlier cancel may have ended between its write and the execution's stop: asked again, it is stopped.
    if (run.status === 'cancelled') await cancelRun(platform, refOf(run));
    if (isTerminal(run.status)) throw hasEnded(run);
    return await cancelRun(platform, refOf(run));
  } catch (error) {
    if (isRunsError(error, 'invalid_transition')) throw hasEnded(error.details.run);
    if (isRunsError(error, 'executor_busy')) throw stillRunning(error);
    throw error;
  }
}

const BUSY_SECONDS = 2; // Step Functions fills its bucket of StopExecution calls within a second

const stillRunning = (cause: unknown): Refused =>
  new Refused(
    {
      category: 'unavailable',
      message:
        'The run is cancelled, but its execution could not be stopped yet: cancel it again in a moment',
      retryAfterSeconds: BUSY_SECONDS,
    },
    { cause },
  );

const hasEnded = ({ status }: Run): Refused =>
  conflict(`The run has ended already: it is ${WIRE_STATUS[status]}`);

/** What happened to a run, as NDJSON. */
export async function readEvents(
  platform: Pick<Platform, 'runs' | 'log'>,
  caller: Caller,
  id: string,
): Promise<AsyncIterable<Uint8Array>> {
  return withHead(readLog(platform, refOf(await findProcessRun(platform, caller, id))));
}

/** An empty chunk first, because the Lambda runtime sends status and headers with the first write. */
async function* withHead(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
  yield* bytes;
}
