import type { Run } from '../../runs/run.ts';
import { type Agents, findAgent } from '../agents/find-agent.ts';
import { notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { isUuid } from '../records/uuid.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import type { AgentRun } from './contract.ts';
import { type Page, type PageQuery, pageAfter, toFittingPage } from './list-page.ts';
import { toAgentRun } from './view.ts';

/** Newest first. @throws Refused 404 and 403 as for the agent. */
export async function listAgentRuns(
  platform: Agents & Pick<Platform, 'runs'>,
  caller: Caller,
  agentId: string,
  query: PageQuery,
): Promise<Page<AgentRun>> {
  const { id: parentId } = await findAgent(platform, caller, agentId);
  const { runs, next } = await platform.runs.listByParent({
    ...{ workspaceId: caller.workspaceId, kind: 'agent', parentId },
    limit: query.limit,
    before: pageAfter(query),
  });
  return toFittingPage(runs, next, toAgentRun);
}

/** @throws Refused 404 and 403 as for the agent, 404 for a run that it does not have. */
export async function findAgentRun(
  platform: Agents & Pick<Platform, 'runs'>,
  caller: Caller,
  { agentId, runId }: { agentId: string; runId: string },
): Promise<Run> {
  const agent = await findAgent(platform, caller, agentId);
  const ref = { workspaceId: caller.workspaceId, kind: 'agent', runId: runId.toLowerCase() } as const;
  const run = isUuid(ref.runId) ? await platform.runs.get(ref) : undefined;
  if (run === undefined || run.parentId !== agent.id) throw notFound('Run not found');
  return run;
}
