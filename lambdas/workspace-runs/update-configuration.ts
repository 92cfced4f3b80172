import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { updateDraft } from '../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { updateConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';

export const handler = lambda(
  updateConfiguration,
  corePlatform,
  async ({ caller, path, body, request }, platform) => {
    const { workspaceId } = caller;
    const { version, ...changes } = body;
    const updated = await updateDraft(platform, { ...path, workspaceId }, changes, {
      ifMatch: request.header('if-match'),
      version,
    });
    return new WithHeaders(toConfiguration(workspaceId, updated, undefined), { etag: etagOf(updated) });
  },
);
