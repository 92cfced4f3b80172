import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listThreads as list } from '../../lib/apis/thread-runs/thread-list.ts';
import { listThreads as operation } from '../../lib/apis/thread-runs/threads-contract.ts';

export const listThreads = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'threads' | 'runs'>) => {
    const { items, paging } = await list(platform, caller.workspaceId, query);
    return { threads: items, projectId: caller.workspaceId, ...paging };
  },
);

export const handler = toHandler(listThreads, corePlatform);
