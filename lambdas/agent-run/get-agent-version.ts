import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent } from '../../lib/apis/agent-run/agents.ts';
import { getAgentVersion as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { findVersion, toVersion, versionNumber } from '../../lib/apis/agent-run/versions.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const getAgentVersion = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions'>) => {
    const agent = await findAgent(platform, caller, path.agentId);
    const no = versionNumber(path.no);
    return toVersion(agent, await findVersion(platform, caller.workspaceId, agent.id, no));
  },
);

export const handler = toHandler(getAgentVersion, corePlatform);
