import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listAgentVersions } from '../../lib/apis/agent-run/agents-contract.ts';
import { listVersions } from '../../lib/apis/agent-run/versions.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(listAgentVersions, corePlatform, async ({ caller, path, query }, platform) => {
  const agent = await findAgent(platform, caller, path.agentId);
  return listVersions(platform, caller.workspaceId, agent, query);
});
