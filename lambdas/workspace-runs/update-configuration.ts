import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import { toConfiguration, updateDraft } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { updateConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const updateConfiguration = route(
  operation,
  async ({ caller, path, body, request }, platform: Pick<Platform, 'configurations' | 'now'>) => {
    const { workspaceId } = caller;
    const { version, ...changes } = body;
    const updated = await updateDraft(platform, { ...path, workspaceId }, changes, {
      ifMatch: request.header('if-match'),
      version,
    });
    return new Replied(toConfiguration(workspaceId, updated, undefined), { etag: etagOf(updated) });
  },
);

export const handler = toHandler(updateConfiguration, corePlatform);
