import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { createThreadRun } from '../../lib/apis/thread-runs/contract.ts';
import { createRun } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const handler = lambda(
  createThreadRun,
  executorPlatform,
  async ({ caller, path, body, request }, platform) => {
    const key = request.header('idempotency-key');
    const { runs, replayed } = await createRun(platform, caller, path.threadId, body, key);
    return replied(runs.map((run) => toThreadRun(run, { echo: true }))[0], replayed);
  },
);
