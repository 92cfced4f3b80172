import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toAgent } from '../../lib/apis/agent-run/agents.ts';
import { undeployAgent } from '../../lib/apis/agent-run/agents-contract.ts';
import { undeploy } from '../../lib/apis/agent-run/deployments.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(undeployAgent, corePlatform, async ({ caller, path }, platform) => {
  const { id } = await findAgent(platform, caller, path.agentId);
  return toAgent(await undeploy(platform, caller.workspaceId, id));
});
