import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listRuns as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { listPage } from '../../lib/apis/workspace-runs/run-list.ts';

export const listRuns = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'runs' | 'documents' | 'now'>) =>
    listPage(platform, caller.workspaceId, query),
);

export const handler = toHandler(listRuns, corePlatform);
