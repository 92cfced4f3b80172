import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { getConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';
import {
  activeId,
  findConfiguration,
} from '../../lib/apis/workspace-runs/configurations/find-configuration.ts';

export const handler = lambda(getConfiguration, corePlatform, async ({ caller, path }, platform) => {
  const [record, active] = await Promise.all([
    findConfiguration(platform, caller.workspaceId, path.configurationId),
    activeId(platform, caller.workspaceId),
  ]);
  return new WithHeaders(toConfiguration(caller.workspaceId, record, active), { etag: etagOf(record) });
});
