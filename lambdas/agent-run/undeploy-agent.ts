import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent, toAgent } from '../../lib/apis/agent-run/agents.ts';
import { undeployAgent as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { undeploy } from '../../lib/apis/agent-run/deployments.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const undeployAgent = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions' | 'now'>) => {
    const { id } = await findAgent(platform, caller, path.agentId);
    return toAgent(await undeploy(platform, caller.workspaceId, id));
  },
);

export const handler = toHandler(undeployAgent, corePlatform);
