import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunMetrics } from '../../lib/apis/workspace-runs/outputs/metrics-contract.ts';
import { metricsOf } from '../../lib/apis/workspace-runs/outputs/stored-report.ts';
import { toRunCost } from '../../lib/apis/workspace-runs/run-cost.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(getRunMetrics, filesPlatform, async ({ path }, platform) => {
  const run = await findDocumentRun(platform, path);
  return { ...(await metricsOf(platform, run)), cost: toRunCost(run) };
});
