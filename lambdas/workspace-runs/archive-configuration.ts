import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import { archive, toConfiguration } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { archiveConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const archiveConfiguration = route(
  operation,
  async ({ caller, path, request }, platform: Pick<Platform, 'configurations' | 'workspaces' | 'now'>) => {
    const { workspaceId } = caller;
    const ifMatch = request.header('if-match');
    const archived = await archive(platform, { ...path, workspaceId }, { ifMatch });
    return new Replied(toConfiguration(workspaceId, archived, undefined), { etag: etagOf(archived) });
  },
);

export const handler = toHandler(archiveConfiguration, corePlatform);
