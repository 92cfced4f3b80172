import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunFields as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { fieldsOf } from '../../lib/apis/workspace-runs/report.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const getRunFields = route(operation, async ({ path }, platform: Pick<Platform, 'runs' | 'files'>) =>
  fieldsOf(platform, await findRun(platform, path)),
);

export const handler = toHandler(getRunFields, filesPlatform);
