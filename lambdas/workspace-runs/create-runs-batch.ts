import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { createRunsBatch as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { createRunsBatch as create, type RunsPlatform } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const createRunsBatch = route(operation, async ({ caller, body, request }, platform: RunsPlatform) => {
  const { runs, replayed } = await create(
    platform,
    caller.workspaceId,
    body,
    request.header('idempotency-key'),
  );
  return replied({ runs: runs.map((run) => toRunResource(run)) }, replayed);
});

export const handler = toHandler(createRunsBatch, executorPlatform);
