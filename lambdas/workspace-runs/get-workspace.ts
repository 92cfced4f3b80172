import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { getWorkspace } from '../../lib/apis/workspace-runs/members/workspace-contract.ts';
import { findWorkspace, toWorkspace } from '../../lib/apis/workspace-runs/members/workspace-settings.ts';

export const handler = lambda(getWorkspace, corePlatform, async ({ caller }, platform) => {
  const workspace = await findWorkspace(platform, caller.workspaceId);
  return new WithHeaders(toWorkspace(workspace), { etag: etagOf(workspace) });
});
