import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toAgent } from '../../lib/apis/agent-run/agents.ts';
import { deployAgentVersion } from '../../lib/apis/agent-run/agents-contract.ts';
import { deployVersion } from '../../lib/apis/agent-run/deployments.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(deployAgentVersion, corePlatform, async ({ caller, path, body }, platform) => {
  const { id } = await findAgent(platform, caller, path.agentId);
  return toAgent(await deployVersion(platform, caller.workspaceId, id, body.version));
});
