import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { createAgent as create, toAgent } from '../../lib/apis/agent-run/agents.ts';
import { createAgent as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const createAgent = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'now' | 'newId'>) => {
    return toAgent(await create(platform, caller.workspaceId, body));
  },
);

export const handler = toHandler(createAgent, corePlatform);
