import { isOpen, type Run, type RunStatus } from '../../runs/run.ts';
import { agentRunInput, agentRunResult } from './agent-run.ts';
import type { AgentRun } from './contract.ts';
import { agentRunReceipt } from './run-cost.ts';

/** This API says the core's statuses as they are. */
export const WIRE_STATUS: Record<RunStatus, AgentRun['status']> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  timed_out: 'timed_out',
};

export function toAgentRun(run: Run): AgentRun {
  const { version, stream, variableNames } = agentRunInput(run);
  const { usage, contentKey, ...result } = agentRunResult(run);
  const failure = 'failure' in run ? run.failure : undefined;
  return {
    id: run.id,
    agentId: run.parentId,
    ...{ version, status: WIRE_STATUS[run.status], stream, variableNames },
    modelId: result.modelId ?? null,
    finishReason: result.finishReason ?? null,
    usage: usage === undefined ? null : { ...usage, estimated: usage.estimated === true },
    msToFirstToken: result.msToFirstToken ?? null,
    costUsd: result.costUsd ?? null,
    cost: isOpen(run) ? null : agentRunReceipt(run),
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
    createdAt: run.createdAt,
    startedAt: run.startedAt ?? null,
    completedAt: 'completedAt' in run ? run.completedAt : null,
    hasContent: contentKey !== undefined,
  };
}
