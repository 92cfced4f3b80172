import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listKeys } from '../../lib/apis/workspace-runs/members/key-management.ts';
import { listApiKeys } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(listApiKeys, corePlatform, ({ caller, query }, platform) =>
  listKeys(platform, caller.workspaceId, query),
);
