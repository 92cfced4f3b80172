import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { createDraft } from '../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { createConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';

export const handler = lambda(createConfiguration, corePlatform, async ({ caller, body }, platform) => {
  const draft = await createDraft(platform, caller.workspaceId, body);
  return new WithHeaders(toConfiguration(caller.workspaceId, draft, undefined), { etag: etagOf(draft) });
});
