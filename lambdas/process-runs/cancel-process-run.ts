import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { cancelProcessRun as operation } from '../../lib/apis/process-runs/contract.ts';
import { cancelRun } from '../../lib/apis/process-runs/runs.ts';
import { toProcessRun } from '../../lib/apis/process-runs/view.ts';

export const cancelProcessRun = route(
  operation,
  async ({ caller, path }, platform: Omit<Platform, 'files'>) =>
    toProcessRun(await cancelRun(platform, caller, path.run_id), null),
);

export const handler = toHandler(cancelProcessRun, executorPlatform);
