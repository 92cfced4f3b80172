import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { checkInWorkspace } from '../../lib/apis/workspace-runs/configurations/configuration-rules.ts';
import { validateConfiguration } from '../../lib/apis/workspace-runs/configurations/configurations-contract.ts';
import { findConfiguration } from '../../lib/apis/workspace-runs/configurations/find-configuration.ts';

export const handler = lambda(validateConfiguration, corePlatform, async ({ caller, path }, platform) => {
  const record = await findConfiguration(platform, caller.workspaceId, path.configurationId);
  const { errors } = await checkInWorkspace(platform, caller.workspaceId, record.definition);
  return { valid: errors.length === 0, errors };
});
