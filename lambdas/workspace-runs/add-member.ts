import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { addMember as add, toMember } from '../../lib/apis/workspace-runs/member-management.ts';
import { addMember as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const addMember = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'members' | 'now'>) =>
    toMember(caller.workspaceId, await add(platform, caller.workspaceId, body)),
);

export const handler = toHandler(addMember, corePlatform);
