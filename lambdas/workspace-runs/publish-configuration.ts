import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { assertVersion, etagOf } from '../../lib/apis/operation/precondition.ts';
import { conflict, notFound } from '../../lib/apis/operation/refusal.ts';
import { invalidDefinition } from '../../lib/apis/workspace-runs/configurations/configuration-rules.ts';
import { toConfiguration } from '../../lib/apis/workspace-runs/configurations/configuration-view.ts';
import { publishConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';
import { activeId } from '../../lib/apis/workspace-runs/configurations/find-configuration.ts';
import { publishDraft } from '../../lib/apis/workspace-runs/configurations/publish-draft.ts';

export const handler = lambda(
  publishConfiguration,
  corePlatform,
  async ({ caller, path, request }, platform) => {
    const { workspaceId } = caller;
    const precondition = { ifMatch: request.header('if-match') };
    const id = path.configurationId.toLowerCase();
    const published = await publishDraft(platform, workspaceId, id, (record) =>
      assertVersion(record, precondition),
    );
    switch (published.type) {
      case 'unknown':
        throw notFound(`Configuration '${path.configurationId}' not found`);
      case 'not_draft':
        throw conflict('Configuration must be a draft before publishing');
      case 'invalid':
        throw invalidDefinition(published.errors);
      case 'published': {
        const { record } = published;
        const active = await activeId(platform, workspaceId);
        return new WithHeaders(toConfiguration(workspaceId, record, active), { etag: etagOf(record) });
      }
    }
  },
);
