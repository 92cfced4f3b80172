import { notFound, Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { AGENT_ID, type AgentRecord } from './agent-record.ts';
import { ownerOf } from './create-agent.ts';

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
