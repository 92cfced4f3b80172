import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { issueKey } from '../../lib/apis/workspace-runs/key-management.ts';
import { createApiKey as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const createApiKey = route(
  operation,
  ({ caller, body }, platform: Pick<Platform, 'keys' | 'now' | 'newId'>) => issueKey(platform, caller, body),
);

export const handler = toHandler(createApiKey, corePlatform);
