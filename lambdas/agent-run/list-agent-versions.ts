import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent } from '../../lib/apis/agent-run/agents.ts';
import { listAgentVersions as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { listVersions } from '../../lib/apis/agent-run/versions.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const listAgentVersions = route(
  operation,
  async ({ caller, path, query }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions'>) => {
    const agent = await findAgent(platform, caller, path.agentId);
    return listVersions(platform, caller.workspaceId, agent, query);
  },
);

export const handler = toHandler(listAgentVersions, corePlatform);
