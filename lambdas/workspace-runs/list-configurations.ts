import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toSummary } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { listConfigurations } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';
import { activeId } from '../../lib/apis/workspace-runs/configurations/find-configuration.ts';
import { recordPage } from '../../lib/apis/workspace-runs/record-page.ts';

export const handler = lambda(listConfigurations, corePlatform, async ({ caller, query }, platform) => {
  const [{ records, meta }, active] = await Promise.all([
    recordPage(platform.configurations, caller.workspaceId, query),
    activeId(platform, caller.workspaceId),
  ]);
  return { items: records.map((record) => toSummary(caller.workspaceId, record, active)), meta };
});
