import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getAgentVersion } from '../../lib/apis/agent-run/agents-contract.ts';
import { findVersion, toVersion, versionNumber } from '../../lib/apis/agent-run/versions.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(getAgentVersion, corePlatform, async ({ caller, path }, platform) => {
  const agent = await findAgent(platform, caller, path.agentId);
  const no = versionNumber(path.no);
  return toVersion(agent, await findVersion(platform, caller.workspaceId, agent.id, no));
});
