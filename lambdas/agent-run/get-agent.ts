import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { findAgent, toAgent } from '../../lib/apis/agent-run/agents.ts';
import { getAgent as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const getAgent = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'agents' | 'agentOwners'>) => {
    return toAgent(await findAgent(platform, caller, path.agentId));
  },
);

export const handler = toHandler(getAgent, corePlatform);
