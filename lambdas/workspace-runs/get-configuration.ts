import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import {
  activeId,
  findConfiguration,
  toConfiguration,
} from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { getConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const getConfiguration = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'configurations' | 'workspaces'>) => {
    const [record, active] = await Promise.all([
      findConfiguration(platform, caller.workspaceId, path.configurationId),
      activeId(platform, caller.workspaceId),
    ]);
    return new Replied(toConfiguration(caller.workspaceId, record, active), { etag: etagOf(record) });
  },
);

export const handler = toHandler(getConfiguration, corePlatform);
