import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toMember, updateMember as update } from '../../lib/apis/workspace-runs/members/member-management.ts';
import { updateMember } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(updateMember, corePlatform, async ({ caller, path, body }, platform) => {
  const { workspaceId } = caller;
  return toMember(workspaceId, await update(platform, { ...path, workspaceId }, body));
});
