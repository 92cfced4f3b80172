import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { createThread as create, toThreadInfo } from '../../lib/apis/thread-runs/threads.ts';
import { createThread as operation } from '../../lib/apis/thread-runs/threads-contract.ts';

export const createThread = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'threads' | 'agents' | 'now' | 'newId'>) => {
    const { workspaceId } = caller;
    const thread = await create(platform, workspaceId, { assistantId: body.agentId });
    return toThreadInfo(workspaceId, thread, undefined);
  },
);

export const handler = toHandler(createThread, corePlatform);
