import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { archiveConfiguration as archive } from '../../lib/apis/workspace-runs/configurations/archive-configuration.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { archiveConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';

export const handler = lambda(
  archiveConfiguration,
  corePlatform,
  async ({ caller, path, request }, platform) => {
    const { workspaceId } = caller;
    const ifMatch = request.header('if-match');
    const archived = await archive(platform, { ...path, workspaceId }, { ifMatch });
    return new WithHeaders(toConfiguration(workspaceId, archived, undefined), { etag: etagOf(archived) });
  },
);
