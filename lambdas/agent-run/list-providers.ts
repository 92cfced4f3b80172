import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { listProviders as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { listProviders as list } from '../../lib/apis/agent-run/providers.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const listProviders = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'providers'>) => {
    return list(platform, caller.workspaceId, query);
  },
);

export const handler = toHandler(listProviders, corePlatform);
