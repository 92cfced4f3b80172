import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listProviders } from '../../lib/apis/agent-run/agents-contract.ts';
import { listProviders as list } from '../../lib/apis/agent-run/providers.ts';

export const handler = lambda(listProviders, corePlatform, async ({ caller, query }, platform) => {
  return list(platform, caller.workspaceId, query);
});
