import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { revokeKey } from '../../lib/apis/workspace-runs/members/key-management.ts';
import { revokeApiKey } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(revokeApiKey, corePlatform, async ({ caller, path }, platform) => {
  await revokeKey(platform, caller.workspaceId, path.keyId);
  return undefined;
});
