import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunColumns as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { columnsOf } from '../../lib/apis/workspace-runs/report.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const getRunColumns = route(
  operation,
  async ({ path, query }, platform: Pick<Platform, 'runs' | 'files'>) =>
    columnsOf(platform, await findRun(platform, path), query),
);

export const handler = toHandler(getRunColumns, filesPlatform);
