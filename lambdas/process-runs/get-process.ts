import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getProcess as get } from '../../lib/apis/process-runs/processes.ts';
import { getProcess as operation } from '../../lib/apis/process-runs/processes-contract.ts';

export const getProcess = route(
  operation,
  async ({ caller, path, query }, platform: Pick<Platform, 'processes'>) =>
    get(platform, caller, query.agent_id, path.process_id),
);

export const handler = toHandler(getProcess, corePlatform);
