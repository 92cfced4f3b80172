import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listProcesses as list } from '../../lib/apis/process-runs/processes.ts';
import { listProcesses as operation } from '../../lib/apis/process-runs/processes-contract.ts';

export const listProcesses = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'agents' | 'processes'>) =>
    list(platform, caller, query),
);

export const handler = toHandler(listProcesses, corePlatform);
