import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { cancelProcessRun } from '../../lib/apis/process-runs/contract.ts';
import { cancelProcessRun as cancel } from '../../lib/apis/process-runs/runs.ts';
import { toProcessRun } from '../../lib/apis/process-runs/view.ts';

export const handler = lambda(cancelProcessRun, executorPlatform, async ({ caller, path }, platform) =>
  toProcessRun(await cancel(platform, caller, path.run_id), null),
);
