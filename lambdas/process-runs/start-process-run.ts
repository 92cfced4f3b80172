import { processPlatform } from '../../lib/adapters/aws/process-platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { startProcessRun } from '../../lib/apis/process-runs/contract.ts';
import { startProcessRun as start } from '../../lib/apis/process-runs/runs.ts';
import { toCreatedRun } from '../../lib/apis/process-runs/view.ts';

export const handler = lambda(
  startProcessRun,
  processPlatform,
  async ({ caller, body, request }, platform) => {
    const { runs, replayed } = await start(platform, caller, body, request.header('idempotency-key'));
    return withReplay(runs.map(toCreatedRun)[0], replayed);
  },
);
