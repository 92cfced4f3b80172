import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listProcessRuns as operation } from '../../lib/apis/process-runs/contract.ts';
import { listProcessRuns as list } from '../../lib/apis/process-runs/run-list.ts';

export const listProcessRuns = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'processes' | 'runs' | 'files'>) =>
    list(platform, caller, query),
);

export const handler = toHandler(listProcessRuns, filesPlatform);
