import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { forgetLearned as forget } from '../../lib/apis/workspace-runs/learned/learned.ts';
import { forgetLearned } from '../../lib/apis/workspace-runs/learned/learned-contract.ts';

export const handler = lambda(forgetLearned, corePlatform, async ({ caller, path, query }, platform) => {
  await forget(platform, { ...path, workspaceId: caller.workspaceId }, query.header);
  return undefined;
});
