import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { cancelRun as operation } from '../../lib/apis/workspace-runs/contract.ts';
import {
  cancelRun as cancel,
  isDocumentDeleted,
  type RunsPlatform,
} from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const cancelRun = route(operation, async ({ path }, platform: RunsPlatform) => {
  const run = await cancel(platform, path);
  return toRunResource(run, { documentDeleted: await isDocumentDeleted(platform, run) });
});

export const handler = toHandler(cancelRun, executorPlatform);
