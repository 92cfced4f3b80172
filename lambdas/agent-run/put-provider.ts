import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { putProvider } from '../../lib/apis/agent-run/agents-contract.ts';
import { putProvider as put, toProvider } from '../../lib/apis/agent-run/providers.ts';

export const handler = lambda(putProvider, corePlatform, async ({ caller, path, body }, platform) => {
  return toProvider(await put(platform, caller.workspaceId, path.providerId, body));
});
