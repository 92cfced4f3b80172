import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { listAgents as list } from '../../lib/apis/agent-run/agents.ts';
import { listAgents as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const listAgents = route(operation, async ({ caller, query }, platform: Pick<Platform, 'agents'>) => {
  return list(platform, caller.workspaceId, query);
});

export const handler = toHandler(listAgents, corePlatform);
