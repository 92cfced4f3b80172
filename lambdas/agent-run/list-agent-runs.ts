import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { listAgentRuns as operation } from '../../lib/apis/agent-run/contract.ts';
import { listRuns } from '../../lib/apis/agent-run/runs.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const listAgentRuns = route(
  operation,
  async ({ caller, path, query }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'runs'>) => {
    return listRuns(platform, caller, path.agentId, query);
  },
);

export const handler = toHandler(listAgentRuns, corePlatform);
