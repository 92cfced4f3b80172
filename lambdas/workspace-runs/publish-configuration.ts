import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import { assertVersion, etagOf } from '../../lib/apis/precondition.ts';
import { conflict, notFound } from '../../lib/apis/refusal.ts';
import { activeId, toConfiguration } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import {
  type PublishPlatform,
  publishDraft,
} from '../../lib/apis/workspace-runs/configuration-publishing.ts';
import { invalidDefinition } from '../../lib/apis/workspace-runs/configuration-rules.ts';
import { publishConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const publishConfiguration = route(
  operation,
  async ({ caller, path, request }, platform: PublishPlatform) => {
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
        return new Replied(toConfiguration(workspaceId, record, active), { etag: etagOf(record) });
      }
    }
  },
);

export const handler = toHandler(publishConfiguration, corePlatform);
