import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listKeys } from '../../lib/apis/workspace-runs/key-management.ts';
import { listApiKeys as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const listApiKeys = route(operation, ({ caller, query }, platform: Pick<Platform, 'keys'>) =>
  listKeys(platform, caller.workspaceId, query),
);

export const handler = toHandler(listApiKeys, corePlatform);
