import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { createRunsBatch } from '../../lib/apis/workspace-runs/contract.ts';
import { createDocumentRuns as create } from '../../lib/apis/workspace-runs/create-run.ts';
import { toRunBatch } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(
  createRunsBatch,
  executorPlatform,
  async ({ caller, body, request }, platform) => {
    const { runs, replayed } = await create(platform, caller, body, request.header('idempotency-key'));
    return withReplay(toRunBatch(runs, platform.now()), replayed);
  },
);
