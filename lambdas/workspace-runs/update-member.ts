import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { toMember, updateMember as update } from '../../lib/apis/workspace-runs/member-management.ts';
import { updateMember as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const updateMember = route(
  operation,
  async ({ caller, path, body }, platform: Pick<Platform, 'members' | 'now'>) => {
    const { workspaceId } = caller;
    return toMember(workspaceId, await update(platform, { ...path, workspaceId }, body));
  },
);

export const handler = toHandler(updateMember, corePlatform);
