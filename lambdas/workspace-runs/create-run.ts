import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { createRun } from '../../lib/apis/workspace-runs/contract.ts';
import { createDocumentRun as create } from '../../lib/apis/workspace-runs/create-run.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(createRun, executorPlatform, async ({ caller, body, request }, platform) => {
  const { runs, replayed } = await create(platform, caller, body, request.header('idempotency-key'));
  return withReplay(runs.map((run) => toRunResource(run, platform.now()))[0], replayed);
});
