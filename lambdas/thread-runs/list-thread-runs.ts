import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listThreadRuns } from '../../lib/apis/thread-runs/contract.ts';
import { toThreadId } from '../../lib/apis/thread-runs/ids.ts';
import { listThreadRuns as list } from '../../lib/apis/thread-runs/runs.ts';
import { findThread } from '../../lib/apis/thread-runs/threads.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const handler = lambda(listThreadRuns, corePlatform, async ({ caller, path, query }, platform) => {
  const { workspaceId } = caller;
  const thread = await findThread(platform, workspaceId, path.threadId);
  const { items, paging } = await list(platform, workspaceId, thread, query);
  const runs = items.map((run) => toThreadRun(run));
  return { runs, threadId: toThreadId(thread.id), projectId: workspaceId, ...paging };
});
