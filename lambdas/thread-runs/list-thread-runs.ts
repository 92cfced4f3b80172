import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listThreadRuns as operation } from '../../lib/apis/thread-runs/contract.ts';
import { toThreadId } from '../../lib/apis/thread-runs/ids.ts';
import { listRuns } from '../../lib/apis/thread-runs/runs.ts';
import { findThread } from '../../lib/apis/thread-runs/threads.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const listThreadRuns = route(
  operation,
  async ({ caller, path, query }, platform: Pick<Platform, 'threads' | 'runs'>) => {
    const { workspaceId } = caller;
    const thread = await findThread(platform, workspaceId, path.threadId);
    const { items, paging } = await listRuns(platform, workspaceId, thread, query);
    const runs = items.map((run) => toThreadRun(run));
    return { runs, threadId: toThreadId(thread.id), projectId: workspaceId, ...paging };
  },
);

export const handler = toHandler(listThreadRuns, corePlatform);
