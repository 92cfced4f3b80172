import { AgentVersion } from '../../agents/index.ts';
import { createAgent } from '../../apis/agent-run/agents.ts';
import { deployVersion } from '../../apis/agent-run/deployments.ts';
import { putProvider } from '../../apis/agent-run/providers.ts';
import { createVersion } from '../../apis/agent-run/versions.ts';
import { findAgent } from '../../apis/agents/find-agent.ts';
import type { Platform } from '../../apis/platform.ts';

/** Slow enough to be seen streaming, fast enough not to be waited for. */
const ECHO = { type: 'echo', msPerWord: 20 } as const;

/** Takes the variables of the API document's examples. */
const GREETER = {
  model: { provider_id: 'echo', name: 'echo' },
  messages: [
    { role: 'system', content: 'You explain things in a few friendly words.' },
    { role: 'user', content: 'Hello, I am {{user_name}}. What should I know about {{topic}}?' },
  ],
};

type Agents = Pick<Platform, 'agents' | 'agentOwners' | 'agentVersions' | 'providers' | 'now' | 'newId'>;

/** Deploys what the demo's agent says, and makes another one that is not deployed; answers with its id. */
export async function createDemoAgents(
  platform: Agents,
  workspaceId: string,
  agentId: string,
): Promise<string> {
  await putProvider(platform, workspaceId, ECHO.type, ECHO);
  const definition = AgentVersion.parse(GREETER);
  const agent = await findAgent(platform, { workspaceId }, agentId);
  const { no } = await createVersion(platform, workspaceId, agent, definition);
  await deployVersion(platform, workspaceId, agentId, no);
  const draft = await createAgent(platform, workspaceId, { name: 'Not deployed' });
  await createVersion(platform, workspaceId, draft, definition);
  return draft.id;
}
