import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { createAgentVersion } from '../../lib/apis/agent-run/agents-contract.ts';
import { createVersion, toVersion } from '../../lib/apis/agent-run/versions.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(createAgentVersion, corePlatform, async ({ caller, path, body }, platform) => {
  const agent = await findAgent(platform, caller, path.agentId);
  return toVersion(agent, await createVersion(platform, caller.workspaceId, agent, body));
});
