import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent } from '../../lib/apis/agent-run/agents.ts';
import { createAgentVersion as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { createVersion, toVersion } from '../../lib/apis/agent-run/versions.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const createAgentVersion = route(
  operation,
  async (
    { caller, path, body },
    platform: Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions' | 'now'>,
  ) => {
    const agent = await findAgent(platform, caller, path.agentId);
    return toVersion(agent, await createVersion(platform, caller.workspaceId, agent, body));
  },
);

export const handler = toHandler(createAgentVersion, corePlatform);
