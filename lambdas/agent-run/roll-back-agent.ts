import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toAgent } from '../../lib/apis/agent-run/agents.ts';
import { rollBackAgent } from '../../lib/apis/agent-run/agents-contract.ts';
import { rollBack } from '../../lib/apis/agent-run/deployments.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(rollBackAgent, corePlatform, async ({ caller, path }, platform) => {
  const { id } = await findAgent(platform, caller, path.agentId);
  return toAgent(await rollBack(platform, caller.workspaceId, id));
});
