import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { cancelThreadRun as operation } from '../../lib/apis/thread-runs/contract.ts';
import { cancelRun } from '../../lib/apis/thread-runs/runs.ts';
import type { StartPlatform } from '../../lib/apis/thread-runs/start-run.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const cancelThreadRun = route(operation, async ({ caller, path }, platform: StartPlatform) =>
  toThreadRun(await cancelRun(platform, caller.workspaceId, path)),
);

export const handler = toHandler(cancelThreadRun, executorPlatform);
