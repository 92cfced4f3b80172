import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunMetrics as operation } from '../../lib/apis/workspace-runs/metrics-contract.ts';
import { metricsOf } from '../../lib/apis/workspace-runs/report.ts';
import { toRunCost } from '../../lib/apis/workspace-runs/run-cost.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const getRunMetrics = route(
  operation,
  async ({ path }, platform: Pick<Platform, 'runs' | 'files'>) => {
    const run = await findRun(platform, path);
    return { ...(await metricsOf(platform, run)), cost: toRunCost(run) };
  },
);

export const handler = toHandler(getRunMetrics, filesPlatform);
