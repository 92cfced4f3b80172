import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { createThreadRun } from '../../lib/apis/thread-runs/contract.ts';
import { createThreadRun as create } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const handler = lambda(
  createThreadRun,
  executorPlatform,
  async ({ caller, path, body, request }, platform) => {
    const key = request.header('idempotency-key');
    const { runs, replayed } = await create(platform, caller, path.threadId, body, key);
    return withReplay(runs.map((run) => toThreadRun(run, { echo: true }))[0], replayed);
  },
);
