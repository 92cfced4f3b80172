import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listAgents as list } from '../../lib/apis/agent-run/agents.ts';
import { listAgents } from '../../lib/apis/agent-run/agents-contract.ts';

export const handler = lambda(listAgents, corePlatform, async ({ caller, query }, platform) => {
  return list(platform, caller.workspaceId, query);
});
