import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRun as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { findRun, isDocumentDeleted } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const getRun = route(operation, async ({ path }, platform: Pick<Platform, 'runs' | 'documents'>) => {
  const run = await findRun(platform, path);
  return toRunResource(run, { documentDeleted: await isDocumentDeleted(platform, run) });
});

export const handler = toHandler(getRun, corePlatform);
