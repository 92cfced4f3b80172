import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { pageOf } from '../../lib/apis/page.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { activeId, toSummary } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { listConfigurations as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const listConfigurations = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'configurations' | 'workspaces'>) => {
    const [{ records, meta }, active] = await Promise.all([
      pageOf(platform.configurations, caller.workspaceId, query),
      activeId(platform, caller.workspaceId),
    ]);
    return { items: records.map((record) => toSummary(caller.workspaceId, record, active)), meta };
  },
);

export const handler = toHandler(listConfigurations, corePlatform);
