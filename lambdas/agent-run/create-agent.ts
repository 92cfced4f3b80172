import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { createAgent as create, toAgent } from '../../lib/apis/agent-run/agents.ts';
import { createAgent } from '../../lib/apis/agent-run/agents-contract.ts';

export const handler = lambda(createAgent, corePlatform, async ({ caller, body }, platform) => {
  return toAgent(await create(platform, caller.workspaceId, body));
});
