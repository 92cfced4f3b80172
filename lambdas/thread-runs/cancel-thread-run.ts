import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { cancelThreadRun } from '../../lib/apis/thread-runs/contract.ts';
import { cancelThreadRun as cancel } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const handler = lambda(cancelThreadRun, executorPlatform, async ({ caller, path }, platform) =>
  toThreadRun(await cancel(platform, caller.workspaceId, path)),
);
