import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { findConfiguration } from '../../lib/apis/workspace-runs/configuration-drafts.ts';
import { checkDefinition } from '../../lib/apis/workspace-runs/configuration-rules.ts';
import { validateConfiguration as operation } from '../../lib/apis/workspace-runs/configurations-contract.ts';

export const validateConfiguration = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'configurations'>) => {
    const record = await findConfiguration(platform, caller.workspaceId, path.configurationId);
    const { errors } = await checkDefinition(record.definition);
    return { valid: errors.length === 0, errors };
  },
);

export const handler = toHandler(validateConfiguration, corePlatform);
