import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { startProcessRun as operation } from '../../lib/apis/process-runs/contract.ts';
import { startRun } from '../../lib/apis/process-runs/runs.ts';
import { toCreatedRun } from '../../lib/apis/process-runs/view.ts';

export const startProcessRun = route(operation, async ({ caller, body, request }, platform: Platform) => {
  const { runs, replayed } = await startRun(platform, caller, body, request.header('idempotency-key'));
  return replied(runs.map(toCreatedRun)[0], replayed);
});

export const handler = toHandler(startProcessRun, fullPlatform);
