import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { pageOf } from '../../lib/apis/page.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { toMember } from '../../lib/apis/workspace-runs/member-management.ts';
import { listMembers as operation } from '../../lib/apis/workspace-runs/members-contract.ts';

export const listMembers = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'members'>) => {
    const { records, meta } = await pageOf(platform.members, caller.workspaceId, query);
    return { items: records.map((member) => toMember(caller.workspaceId, member)), meta };
  },
);

export const handler = toHandler(listMembers, corePlatform);
