import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { registerProcess as register } from '../../lib/apis/process-runs/processes.ts';
import { registerProcess as operation } from '../../lib/apis/process-runs/processes-contract.ts';

export const registerProcess = route(
  operation,
  async (
    { caller, body },
    platform: Pick<Platform, 'agents' | 'agentOwners' | 'processes' | 'now' | 'newId'>,
  ) => register(platform, caller.workspaceId, body),
);

export const handler = toHandler(registerProcess, corePlatform);
