import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { putProvider as operation } from '../../lib/apis/agent-run/agents-contract.ts';
import { putProvider as put, toProvider } from '../../lib/apis/agent-run/providers.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const putProvider = route(
  operation,
  async ({ caller, path, body }, platform: Pick<Platform, 'providers' | 'now'>) => {
    return toProvider(await put(platform, caller.workspaceId, path.providerId, body));
  },
);

export const handler = toHandler(putProvider, corePlatform);
