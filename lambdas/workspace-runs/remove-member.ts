import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { removeMember as remove } from '../../lib/apis/workspace-runs/members/member-management.ts';
import { removeMember } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(removeMember, corePlatform, async ({ caller, path }, platform) => {
  await remove(platform, caller.workspaceId, path.memberId);
  return undefined;
});
