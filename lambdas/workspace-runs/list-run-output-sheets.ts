import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listOutputSheets } from '../../lib/apis/workspace-runs/output-preview.ts';
import { listRunOutputSheets as operation } from '../../lib/apis/workspace-runs/outputs-contract.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const listRunOutputSheets = route(
  operation,
  async ({ path }, platform: Pick<Platform, 'runs' | 'files'>) =>
    listOutputSheets(platform, await findRun(platform, path)),
);

export const handler = toHandler(listRunOutputSheets, filesPlatform);
