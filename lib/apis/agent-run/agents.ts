import { createAgent as create, ownerOf } from '../agent-catalogue.ts';
import { AGENT_ID, type AgentRecord } from '../agents.ts';
import type { Platform } from '../platform.ts';
import { notFound, Refused } from '../refusal.ts';
import { toShortId } from '../short-id.ts';
import type { Caller } from '../workspaces.ts';
import type { AgentResource } from './agents-contract.ts';
import { type Page, type PageQuery, pageAfter, toPage } from './page.ts';

/** What finding an agent takes: its record, or whose it is instead. */
export type Agents = Pick<Platform, 'agents' | 'agentOwners'>;

/** @throws Refused 404 for an agent that nobody has, 403 for one that the caller may not use. */
export async function findAgent(
  platform: Agents,
  { workspaceId, agentId: onlyAgent }: Pick<Caller, 'workspaceId' | 'agentId'>,
  agentId: string,
): Promise<AgentRecord> {
  const agent = AGENT_ID.test(agentId) ? await platform.agents.get(workspaceId, agentId) : undefined;
  const isSomebodys =
    agent !== undefined || (AGENT_ID.test(agentId) && (await ownerOf(platform, agentId)) !== undefined);
  if (!isSomebodys) throw notFound('Agent not found');
  if (agent === undefined || (onlyAgent !== undefined && onlyAgent !== agentId)) {
    throw new Refused({ category: 'forbidden', message: 'Access denied to this agent' });
  }
  return agent;
}

/** An agent without a version; a generated id is what this API's ids may be. @throws Refused 409. */
export const createAgent = (
  platform: Agents & Pick<Platform, 'now' | 'newId'>,
  workspaceId: string,
  { id = toShortId(platform.newId()), name }: { id?: string | undefined; name: string },
): Promise<AgentRecord> => create(platform, workspaceId, { id, name });

export async function listAgents(
  { agents }: Pick<Platform, 'agents'>,
  workspaceId: string,
  query: PageQuery,
): Promise<Page<AgentResource>> {
  const found = await agents.list(workspaceId, { limit: query.limit, before: pageAfter(query) });
  return toPage(found.records.map(toAgent), found.next);
}

/** The version that a rollback would deploy: the one that ran before, else the one numbered before. */
export function previousVersion({ deployedVersion = 0, deployedBefore }: AgentRecord): number | undefined {
  return deployedBefore.at(-1) ?? (deployedVersion > 1 ? deployedVersion - 1 : undefined);
}

export function toAgent(agent: AgentRecord): AgentResource {
  const { id, name, versions, deployedVersion = null, createdAt, updatedAt } = agent;
  return {
    ...{ id, name, versions, deployedVersion },
    ...{ previousVersion: previousVersion(agent) ?? null, createdAt, updatedAt },
  };
}
