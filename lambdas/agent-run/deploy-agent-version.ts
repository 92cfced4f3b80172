import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent, toAgent } from '../../lib/apis/agent-run/agents.ts';
import { deployAgentVersion as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { deployVersion } from '../../lib/apis/agent-run/deployments.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const deployAgentVersion = route(
  operation,
  async (
    { caller, path, body },
    platform: Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions' | 'now'>,
  ) => {
    const { id } = await findAgent(platform, caller, path.agentId);
    return toAgent(await deployVersion(platform, caller.workspaceId, id, body.version));
  },
);

export const handler = toHandler(deployAgentVersion, corePlatform);
