import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { createRun } from '../../lib/apis/workspace-runs/contract.ts';
import { createRun as create } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(createRun, executorPlatform, async ({ caller, body, request }, platform) => {
  const { runs, replayed } = await create(
    platform,
    caller.workspaceId,
    body,
    request.header('idempotency-key'),
  );
  return replied(runs.map((run) => toRunResource(run))[0], replayed);
});
