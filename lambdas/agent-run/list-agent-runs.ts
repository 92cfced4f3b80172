import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listAgentRuns } from '../../lib/apis/agent-run/contract.ts';
import { listAgentRuns as list } from '../../lib/apis/agent-run/runs.ts';

export const handler = lambda(listAgentRuns, corePlatform, async ({ caller, path, query }, platform) => {
  return list(platform, caller, path.agentId, query);
});
