import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { readThread } from '../../lib/apis/thread-runs/read-thread.ts';
import { getThread as operation } from '../../lib/apis/thread-runs/threads-contract.ts';

export const getThread = route(
  operation,
  ({ caller, path }, platform: Pick<Platform, 'threads' | 'runs' | 'files'>) =>
    readThread(platform, caller.workspaceId, path.threadId),
);

export const handler = toHandler(getThread, filesPlatform);
