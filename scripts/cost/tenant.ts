import { AgentVersion } from '../../lib/agents/index.ts';
import { createAgent } from '../../lib/apis/agent-run/agents.ts';
import { deployVersion } from '../../lib/apis/agent-run/deployments.ts';
import { putProvider } from '../../lib/apis/agent-run/providers.ts';
import { createVersion } from '../../lib/apis/agent-run/versions.ts';
import { registerProcess } from '../../lib/apis/process-runs/processes.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';
import type { Caller } from '../../lib/apis/workspaces/workspaces.ts';
import { MODEL_URL } from './model.ts';
import { MACHINES, type StagePlatform } from './stage.ts';

/** A workspace with what runs need, and somebody with a key to it. */
export interface Tenant {
  caller: Caller;
  key: string;
  agentId: string;
  processId: string;
}

export async function createTenant(platform: StagePlatform): Promise<Tenant> {
  const { id: workspaceId } = await createWorkspace(platform, 'Acme');
  const owner = { id: platform.newId(), email: 'owner@acme.example' };
  const { token } = await createKey(platform, { workspaceId, name: 'Key', role: 'owner', owner });
  await putProvider(platform, workspaceId, 'models', { type: 'openai-compatible', baseUrl: MODEL_URL });
  const agent = await createAgent(platform, workspaceId, { name: 'Greeter' });
  const definition = AgentVersion.parse({
    model: { provider_id: 'models', name: 'fake-model' },
    messages: [{ role: 'user', content: 'Hello, I am {{user_name}}.' }],
  });
  const { no } = await createVersion(platform, workspaceId, agent, definition);
  await deployVersion(platform, workspaceId, agent.id, no);
  const { id: processId } = await registerProcess(platform, workspaceId, {
    agent_id: agent.id,
    name: 'Order review',
    stage: 'Published',
    state_machine_arn: MACHINES.process,
  });
  const caller = { workspaceId, ownerId: owner.id, ownerEmail: owner.email, permissions: [] };
  return { caller, key: token, agentId: agent.id, processId };
}
