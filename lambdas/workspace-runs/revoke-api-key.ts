import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { revokeKey } from '../../lib/apis/workspace-runs/key-management.ts';
import { revokeApiKey as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const revokeApiKey = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'keys' | 'now'>) => {
    await revokeKey(platform, caller.workspaceId, path.keyId);
    return undefined;
  },
);

export const handler = toHandler(revokeApiKey, corePlatform);
