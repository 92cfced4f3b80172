import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toAgent } from '../../lib/apis/agent-run/agents.ts';
import { getAgent } from '../../lib/apis/agent-run/agents-contract.ts';
import { findAgent } from '../../lib/apis/agents/find-agent.ts';

export const handler = lambda(getAgent, corePlatform, async ({ caller, path }, platform) => {
  return toAgent(await findAgent(platform, caller, path.agentId));
});
