import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { etagOf } from '../../lib/apis/precondition.ts';
import { createDraft, toConfiguration } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { createConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const createConfiguration = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'configurations' | 'now' | 'newId'>) => {
    const draft = await createDraft(platform, caller.workspaceId, body);
    return new Replied(toConfiguration(caller.workspaceId, draft, undefined), { etag: etagOf(draft) });
  },
);

export const handler = toHandler(createConfiguration, corePlatform);
