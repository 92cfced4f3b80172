import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { updateWorkspace } from '../../lib/apis/workspace-runs/members/workspace-contract.ts';
import { changeSettings, toWorkspace } from '../../lib/apis/workspace-runs/members/workspace-settings.ts';

export const handler = lambda(updateWorkspace, corePlatform, async ({ caller, body, request }, platform) => {
  const ifMatch = request.header('if-match');
  const workspace = await changeSettings(platform, caller.workspaceId, body, { ifMatch });
  return new WithHeaders(toWorkspace(workspace), { etag: etagOf(workspace) });
});
