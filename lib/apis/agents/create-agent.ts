import { conflict, invalid } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { AGENT_ID, type AgentRecord, EVERY_WORKSPACE } from './agent-record.ts';

type Agents = Pick<Platform, 'agents' | 'agentOwners' | 'now' | 'newId'>;

/**
 * Makes an agent without a version yet. The id is taken for the whole deployment first, so that an
 * interrupted create can be repeated.
 * @throws Refused 422 for an id of another shape, 409 when the id is taken.
 */
export async function createAgent(
  platform: Agents,
  workspaceId: string,
  { id, name }: { id: string; name: string },
): Promise<AgentRecord> {
  if (!AGENT_ID.test(id)) {
    const message = 'An agent id has 1 to 26 letters, digits, underscores or hyphens';
    throw invalid(message, [{ path: 'id', message, code: 'value_error' }]);
  }
  const taken = conflict(`Agent id '${id}' is already in use`);
  const isOwner = await platform.agentOwners.insert(EVERY_WORKSPACE, { id, version: 1, workspaceId });
  if (!isOwner && (await ownerOf(platform, id)) !== workspaceId) throw taken;
  const createdAt = platform.now().toISOString();
  const agent: AgentRecord = {
    id,
    version: 1,
    name,
    versions: 0,
    deployedBefore: [],
    createdAt,
    updatedAt: createdAt,
  };
  if (!(await platform.agents.insert(workspaceId, agent))) throw taken;
  return agent;
}

/** The workspace that an agent id belongs to; undefined when nobody has it. */
export async function ownerOf(
  platform: Pick<Agents, 'agentOwners'>,
  agentId: string,
): Promise<string | undefined> {
  return (await platform.agentOwners.get(EVERY_WORKSPACE, agentId))?.workspaceId;
}
