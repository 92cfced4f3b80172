import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getProvider } from '../../lib/apis/agent-run/agents-contract.ts';
import { findProvider, toProvider } from '../../lib/apis/agent-run/providers.ts';

export const handler = lambda(getProvider, corePlatform, async ({ caller, path }, platform) => {
  return toProvider(await findProvider(platform, caller.workspaceId, path.providerId));
});
