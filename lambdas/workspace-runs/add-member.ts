import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { addMember as add, toMember } from '../../lib/apis/workspace-runs/members/member-management.ts';
import { addMember } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(addMember, corePlatform, async ({ caller, body }, platform) =>
  toMember(caller.workspaceId, await add(platform, caller.workspaceId, body)),
);
