import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { issueKey } from '../../lib/apis/workspace-runs/members/key-management.ts';
import { createApiKey } from '../../lib/apis/workspace-runs/members/members-contract.ts';

export const handler = lambda(createApiKey, corePlatform, ({ caller, body }, platform) =>
  issueKey(platform, caller, body),
);
