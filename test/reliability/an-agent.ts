import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { versionKey } from '../../lib/apis/records/version-key.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';

export const AGENT_ID = 'helper';

/** A workspace with a deployed agent that answers through `echo`; the workspace's id. */
export async function aWorkspaceWithAgent(
  platform: AnsweringPlatform,
  keepsContent = false,
): Promise<string> {
  const workspace = await createWorkspace(platform, 'Storm');
  const { id: workspaceId } = workspace;
  await platform.workspaces.replace(workspaceId, {
    ...workspace,
    version: 2,
    keepAgentContent: keepsContent,
  });
  const at = platform.now().toISOString();
  const dated = { version: 1, createdAt: at, updatedAt: at };
  await platform.providers.insert(workspaceId, { id: 'model', ...dated, settings: { type: 'echo' } });
  await platform.agentVersions.insert(workspaceId, {
    id: versionKey(AGENT_ID, 1),
    version: 1,
    no: 1,
    definition: {
      model: { provider_id: 'model', name: 'echo' },
      messages: [{ role: 'user', content: 'Hello {{name}}' }],
    },
    createdAt: at,
  });
  const agent = { name: 'Helper', versions: 1, deployedVersion: 1, deployedBefore: [] };
  await platform.agents.insert(workspaceId, { id: AGENT_ID, ...dated, ...agent });
  return workspaceId;
}
