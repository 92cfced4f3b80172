import { type Catalogue, type Ready, readyToRun } from '../agents/ready.ts';
import { Refused } from '../operation/refusal.ts';

/** Who answers in a thread at this moment, or a sentence that says why nobody does. */
export async function findAssistant(
  platform: Catalogue,
  workspaceId: string,
  agentId: string,
): Promise<Ready | { problem: string }> {
  try {
    return await readyToRun(platform, { workspaceId }, { agent_id: agentId });
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}
