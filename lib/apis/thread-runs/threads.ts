import type { Run, RunRef } from '../../runs/run.ts';
import type { AgentRecord } from '../agents/agent-record.ts';
import { conflict, invalid, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { fromAssistantId, fromThreadId, toThreadId } from './ids.ts';
import type { ThreadRecord } from './thread-record.ts';

/** @throws Refused 404. */
export async function findThread(
  { threads }: Pick<Platform, 'threads'>,
  workspaceId: string,
  threadId: string,
): Promise<ThreadRecord> {
  const id = fromThreadId(threadId);
  const thread = id === undefined ? undefined : await threads.get(workspaceId, id);
  if (thread === undefined) throw notFound('Thread not found');
  return thread;
}

/** Agents among which a project's first one is sought. */
const MOST_AGENTS = 100;

/**
 * An empty thread, with the assistant that is named or the one of the project that has been there longest
 * and can answer.
 * @throws Refused 400 for an assistant that the project does not have, 409 when it has none that answers.
 */
export async function createThread(
  platform: Pick<Platform, 'threads' | 'agents' | 'now' | 'newId'>,
  workspaceId: string,
  { assistantId, id = platform.newId() }: { assistantId?: string | null | undefined; id?: string } = {},
): Promise<ThreadRecord> {
  const agent =
    assistantId == null
      ? await firstAgent(platform, workspaceId)
      : await namedAgent(platform, workspaceId, assistantId);
  const thread: ThreadRecord = {
    id,
    version: 1,
    agentId: agent.id,
    createdAt: platform.now().toISOString(),
    before: { messageCount: 0 },
  };
  // A thread with this id was made by the same request, which is being repeated.
  if (await platform.threads.insert(workspaceId, thread)) return thread;
  return findThread(platform, workspaceId, toThreadId(id));
}

async function namedAgent(
  { agents }: Pick<Platform, 'agents'>,
  workspaceId: string,
  assistantId: string,
): Promise<AgentRecord> {
  const id = fromAssistantId(assistantId);
  const agent = id === undefined ? undefined : await agents.get(workspaceId, id);
  if (agent !== undefined) return agent;
  const message = 'The AgentId field must name an assistant of the project.';
  throw invalid(message, [{ path: 'agentId', message }]);
}

async function firstAgent({ agents }: Pick<Platform, 'agents'>, workspaceId: string): Promise<AgentRecord> {
  const { records } = await agents.list(workspaceId, { limit: MOST_AGENTS });
  const [first] = records
    .filter(({ deployedVersion }) => deployedVersion !== undefined)
    .toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  if (first === undefined) throw conflict('Project has no deployed assistant');
  return first;
}

export const threadRunRef = (workspaceId: string, runId: string): RunRef => ({
  workspaceId,
  kind: 'thread',
  runId,
});

/** The run that a thread names, if it was ever made. */
export async function lastThreadRun(
  { runs }: Pick<Platform, 'runs'>,
  workspaceId: string,
  { id, lastRun }: ThreadRecord,
): Promise<Run | undefined> {
  const run = lastRun === undefined ? undefined : await runs.get(threadRunRef(workspaceId, lastRun.runId));
  return run?.parentId === id ? run : undefined;
}
