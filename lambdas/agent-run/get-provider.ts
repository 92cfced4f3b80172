import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { getProvider as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { findProvider, toProvider } from '../../lib/apis/agent-run/providers.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const getProvider = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'providers'>) => {
    return toProvider(await findProvider(platform, caller.workspaceId, path.providerId));
  },
);

export const handler = toHandler(getProvider, corePlatform);
