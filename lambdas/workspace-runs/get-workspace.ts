import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import { getWorkspace as operation } from '../../lib/apis/workspace-runs/workspace-contract.ts';
import { findWorkspace, toWorkspace } from '../../lib/apis/workspace-runs/workspace-settings.ts';

export const getWorkspace = route(operation, async ({ caller }, platform: Pick<Platform, 'workspaces'>) => {
  const workspace = await findWorkspace(platform, caller.workspaceId);
  return new Replied(toWorkspace(workspace), { etag: etagOf(workspace) });
});

export const handler = toHandler(getWorkspace, corePlatform);
