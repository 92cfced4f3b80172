import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { createThreadRun as operation } from '../../lib/apis/thread-runs/contract.ts';
import { createRun, type RunsPlatform } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const createThreadRun = route(
  operation,
  async ({ caller, path, body, request }, platform: RunsPlatform) => {
    const key = request.header('idempotency-key');
    const { runs, replayed } = await createRun(platform, caller, path.threadId, body, key);
    return replied(runs.map((run) => toThreadRun(run, { echo: true }))[0], replayed);
  },
);

export const handler = toHandler(createThreadRun, executorPlatform);
