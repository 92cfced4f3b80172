import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunOutput as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunOutput, withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const getRunOutput = route(operation, async ({ path }, platform: Pick<Platform, 'runs'>) => {
  return withoutNulls(toRunOutput(await findRun(platform, path)));
});

export const handler = toHandler(getRunOutput, corePlatform);
