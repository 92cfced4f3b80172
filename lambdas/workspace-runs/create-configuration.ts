import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { createDraft } from '../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { createConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';
import { activeId } from '../../lib/apis/workspace-runs/configurations/find-configuration.ts';
import { publishNew } from '../../lib/apis/workspace-runs/configurations/publish-new.ts';

export const handler = lambda(createConfiguration, corePlatform, async ({ caller, body }, platform) => {
  const { workspaceId } = caller;
  const { publish, ...asked } = body;
  const made = await (publish ? publishNew : createDraft)(platform, workspaceId, asked);
  const active = publish ? await activeId(platform, workspaceId) : undefined;
  return new WithHeaders(toConfiguration(workspaceId, made, active), { etag: etagOf(made) });
});
