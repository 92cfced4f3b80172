import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import { updateWorkspace as operation } from '../../lib/apis/workspace-runs/workspace-contract.ts';
import { changeSettings, toWorkspace } from '../../lib/apis/workspace-runs/workspace-settings.ts';

export const updateWorkspace = route(
  operation,
  async ({ caller, body, request }, platform: Pick<Platform, 'workspaces'>) => {
    const ifMatch = request.header('if-match');
    const workspace = await changeSettings(platform, caller.workspaceId, body, { ifMatch });
    return new Replied(toWorkspace(workspace), { etag: etagOf(workspace) });
  },
);

export const handler = toHandler(updateWorkspace, corePlatform);
