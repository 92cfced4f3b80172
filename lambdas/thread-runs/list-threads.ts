import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listThreads as list } from '../../lib/apis/thread-runs/thread-list.ts';
import { listThreads } from '../../lib/apis/thread-runs/threads-contract.ts';

export const handler = lambda(listThreads, corePlatform, async ({ caller, query }, platform) => {
  const { items, paging } = await list(platform, caller.workspaceId, query);
  return { threads: items, projectId: caller.workspaceId, ...paging };
});
