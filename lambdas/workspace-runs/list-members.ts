import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toMember } from '../../lib/apis/workspace-runs/members/member-management.ts';
import { listMembers } from '../../lib/apis/workspace-runs/members/members-contract.ts';
import { recordPage } from '../../lib/apis/workspace-runs/record-page.ts';

export const handler = lambda(listMembers, corePlatform, async ({ caller, query }, platform) => {
  const { records, meta } = await recordPage(platform.members, caller.workspaceId, query);
  return { items: records.map((member) => toMember(caller.workspaceId, member)), meta };
});
