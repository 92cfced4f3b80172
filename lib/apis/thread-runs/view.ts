import type { Run, RunStatus } from '../../runs/run.ts';
import { unusual } from '../agents/unusual.ts';
import type { ThreadRun } from './contract.ts';
import { toAssistantId, toRunId, toThreadId } from './ids.ts';
import { finishReasonOf, threadRunInput } from './thread-run.ts';

/** Clients know these words and take every other one for unknown: what was cancelled has failed to them. */
export const WIRE_STATUS: Record<RunStatus, ThreadRun['status']> = {
  queued: 'queued',
  running: 'in_progress',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'failed',
  timed_out: 'expired',
};

/** A run in this API's words. Only the create says back what it was asked. */
export function toThreadRun(run: Run, { echo = false }: { echo?: boolean } = {}): ThreadRun {
  const { agentId, message, instructions } = threadRunInput(run);
  return {
    runId: toRunId(run.id),
    threadId: toThreadId(run.parentId),
    status: WIRE_STATUS[run.status],
    createdAt: run.createdAt,
    startedAt: run.startedAt ?? null,
    completedAt: 'completedAt' in run ? run.completedAt : null,
    assistantId: toAssistantId(agentId),
    projectId: run.workspaceId,
    instructions: echo ? (instructions ?? null) : null,
    userMessage: echo ? message : null,
    ...('completedAt' in run && 'failure' in run ? { errorMessage: run.failure.message } : {}),
    ...unusual(finishReasonOf(run)),
  };
}
