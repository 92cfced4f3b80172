import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { cancelRun } from '../../lib/apis/workspace-runs/contract.ts';
import { cancelDocumentRun as cancel, isDocumentDeleted } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(cancelRun, executorPlatform, async ({ path }, platform) => {
  const run = await cancel(platform, path);
  return toRunResource(run, platform.now(), { documentDeleted: await isDocumentDeleted(platform, run) });
});
