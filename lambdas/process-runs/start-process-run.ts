import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { startProcessRun } from '../../lib/apis/process-runs/contract.ts';
import { startRun } from '../../lib/apis/process-runs/runs.ts';
import { toCreatedRun } from '../../lib/apis/process-runs/view.ts';

export const handler = lambda(startProcessRun, fullPlatform, async ({ caller, body, request }, platform) => {
  const { runs, replayed } = await startRun(platform, caller, body, request.header('idempotency-key'));
  return replied(runs.map(toCreatedRun)[0], replayed);
});
