import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getThreadRun as operation } from '../../lib/apis/thread-runs/contract.ts';
import { findRun } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const getThreadRun = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'threads' | 'runs'>) =>
    toThreadRun(await findRun(platform, caller.workspaceId, path)),
);

export const handler = toHandler(getThreadRun, corePlatform);
