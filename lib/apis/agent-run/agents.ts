import type { AgentRecord } from '../agents/agent-record.ts';
import { createAgent as create } from '../agents/create-agent.ts';
import type { Agents } from '../agents/find-agent.ts';
import type { Platform } from '../platform.ts';
import { toShortId } from '../records/short-id.ts';
import type { AgentResource } from './agents-contract.ts';
import { type Page, type PageQuery, pageAfter, toPage } from './list-page.ts';

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
