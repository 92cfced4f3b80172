import type { AgentStream, Part } from '../../agents/index.ts';
import { apply } from '../../runs/apply.ts';
import { isOpen, type Run, type RunningRun, refOf } from '../../runs/run.ts';
import { claimRun, recordRun } from '../../runs/service.ts';
import { settleRun } from '../../runs/settle.ts';
import { findAgent } from '../agents/find-agent.ts';
import { type Ready, readyToRun } from '../agents/ready.ts';
import { retentionFor } from '../files/kept-for.ts';
import { Refused } from '../operation/refusal.ts';
import type { AnsweringPlatform } from '../platform.ts';
import { type Asker, createOnce } from '../records/idempotency.ts';
import type { AgentRunInput } from './agent-run.ts';
import type { AgentAnswer, RunAgent } from './contract.ts';
import { beginAnswer, CALLER_GONE, recordEnd } from './model-call.ts';
import { replay } from './replay.ts';
import { failed, wholeAnswer } from './whole-answer.ts';
import { MAX_PAYLOAD, Worked } from './work.ts';

export type RunAgentPlatform = Omit<AnsweringPlatform, 'executor'>;

export interface Asked {
  caller: Asker;
  request: RunAgent;
  idempotencyKey?: string | undefined;
  /** Aborted when the caller has gone away. */
  signal: AbortSignal;
}

/** What a run is answered with: whole, or part by part while it happens. */
export type WholeOrParts = { runId: string; replayed: boolean } & (
  | { answer: AgentAnswer }
  | { parts: AsyncIterable<Part> }
);

/** Runs the deployed version of an agent for a caller who waits. @throws Refused. */
export async function runDeployed(platform: RunAgentPlatform, asked: Asked): Promise<WholeOrParts> {
  const { caller, request, idempotencyKey, signal } = asked;
  if (!request.stream) assertFits(request);
  let ready: Ready | undefined;
  const { workspaceId } = caller;
  const admit = () => findAgent(platform, caller, request.agent_id);
  const once = { caller, kind: 'agent', key: idempotencyKey, request, admit } as const;
  const { runs } = await createOnce(platform, once, async (runId) => {
    ready = await readyToRun(platform, caller, request);
    return [await record(platform, workspaceId, runId, ready, request)];
  });
  const [run] = runs;
  if (run === undefined) throw new Error('A run that was recorded is not there');
  const ref = { runId: run.id };
  // Nobody made it ready: it was made by an earlier request with the same key.
  if (ready === undefined) {
    return { ...ref, replayed: true, answer: await replay(platform, run, request) };
  }
  if (!request.stream) {
    return { ...ref, replayed: false, answer: await waitFor(platform, run, request, signal) };
  }
  const claimed = await claimRun(platform, refOf(run), 0);
  const parts = beginAnswer(platform, run, ready, request, signal);
  return { ...ref, replayed: false, parts: recorded(platform, claimed, request, parts) };
}

/** The execution of a whole answer carries the request; a stream needs none. */
function assertFits(request: RunAgent): void {
  if (Buffer.byteLength(JSON.stringify(request)) <= MAX_PAYLOAD) return;
  const message = `A request of more than ${MAX_PAYLOAD} bytes is answered as a stream only: set stream to true`;
  throw new Refused({ category: 'too_large', message });
}

async function record(
  platform: RunAgentPlatform,
  workspaceId: string,
  id: string,
  { agentId, no }: Ready,
  { variables, stream }: RunAgent,
): Promise<Run> {
  const workspace = await platform.workspaces.get(workspaceId, workspaceId);
  const input: AgentRunInput = {
    version: no,
    variableNames: Object.keys(variables),
    stream,
    keepContent: workspace?.keepAgentContent ?? false,
  };
  return recordRun(platform, {
    ...{ id, kind: 'agent', workspaceId, parentId: agentId, input },
    retention: retentionFor(workspace),
  });
}

/** The parts, and at their end or when nobody reads on, the record of what they came to. */
async function* recorded(
  platform: RunAgentPlatform,
  claimed: RunningRun,
  request: RunAgent,
  parts: AgentStream,
): AsyncGenerator<Part> {
  try {
    yield* parts;
  } finally {
    await recordEnd(platform, claimed, request, parts.summary()).catch((error: unknown) => {
      // The answer is out; the sweeper closes the run.
      platform.logger.error('the end of an agent run was not recorded', { runId: claimed.id, error });
    });
  }
}

async function waitFor(
  platform: RunAgentPlatform,
  run: Run,
  request: RunAgent,
  signal: AbortSignal,
): Promise<AgentAnswer> {
  const { workspaceId, id: runId } = run;
  try {
    const ended = await platform.waited.run(run, { workspaceId, runId, request }, signal);
    if (ended.status === 'succeeded') return await wholeAnswer(platform, run, Worked.parse(ended.output));
    if (!signal.aborted) await settleRun(platform, refOf(run), { status: ended.status });
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (!signal.aborted) {
      platform.logger.error('the execution of an agent run was not answered', { runId, error });
      await settleRun(platform, refOf(run), { status: 'failed' });
    }
  } finally {
    if (signal.aborted) await cancel(platform, run);
  }
  throw failed(run);
}

/** The worker sees that the run is no longer its own, ends the model call and adds what it cost. */
async function cancel(platform: RunAgentPlatform, run: Run): Promise<void> {
  const at = platform.now().toISOString();
  await apply(platform, refOf(run), (current) =>
    isOpen(current) ? { type: 'cancelled', at, failure: CALLER_GONE } : undefined,
  );
}
