import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { removeMember as remove } from '../../lib/apis/workspace-runs/member-management.ts';
import { removeMember as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const removeMember = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'members'>) => {
    await remove(platform, caller.workspaceId, path.memberId);
    return undefined;
  },
);

export const handler = toHandler(removeMember, corePlatform);
