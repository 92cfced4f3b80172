import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunMetrics as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { metricsOf } from '../../lib/apis/workspace-runs/report.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const getRunMetrics = route(operation, async ({ path }, platform: Pick<Platform, 'runs' | 'files'>) =>
  metricsOf(platform, await findRun(platform, path)),
);

export const handler = toHandler(getRunMetrics, filesPlatform);
