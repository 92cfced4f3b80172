import type { AgentRecord } from '../agents/agent-record.ts';
import { conflict, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { update } from '../records/update.ts';
import { previousVersion } from './agents.ts';
import { findVersion } from './versions.ts';

type Deployments = Pick<Platform, 'agents' | 'agentVersions' | 'now'>;

/** How many deployments a rollback can go back, one after the other. */
const REMEMBERED = 50;

/**
 * Deploys a version in place of the one that is. Which one runs stands in the agent's record alone, so one
 * conditional write deploys, and at most one version ever is. Whether a version can run, and whether its
 * provider is there, is told by its runs: a provider may be set after what uses it.
 * @throws Refused 404.
 */
export async function deployVersion(
  platform: Deployments,
  workspaceId: string,
  agentId: string,
  no: number,
): Promise<AgentRecord> {
  await findVersion(platform, workspaceId, agentId, no);
  return change(platform, workspaceId, agentId, (agent) => {
    if (agent.deployedVersion === no) return undefined;
    return { deployedVersion: no, deployedBefore: remembering(agent) };
  });
}

/**
 * Deploys the version that ran before this one, also after an undeploy; again, and it is the one before
 * that. Without any, it is the version numbered before.
 * @throws Refused 404, 409 when there is none.
 */
export const rollBack = (platform: Deployments, workspaceId: string, agentId: string): Promise<AgentRecord> =>
  change(platform, workspaceId, agentId, (agent) => {
    const deployedVersion = previousVersion(agent);
    if (deployedVersion === undefined) throw conflict('There is no earlier version to go back to');
    return { deployedVersion, deployedBefore: agent.deployedBefore.slice(0, -1) };
  });

/** Takes an agent out of service. What is not deployed stays so. @throws Refused 404. */
export const undeploy = (platform: Deployments, workspaceId: string, agentId: string): Promise<AgentRecord> =>
  change(platform, workspaceId, agentId, (agent) =>
    agent.deployedVersion === undefined
      ? undefined
      : { deployedVersion: undefined, deployedBefore: remembering(agent) },
  );

type Deployment = { deployedVersion: number | undefined; deployedBefore: number[] };

async function change(
  { agents, now }: Deployments,
  workspaceId: string,
  agentId: string,
  decide: (agent: AgentRecord) => Deployment | undefined,
): Promise<AgentRecord> {
  const changed = await update(agents, workspaceId, agentId, (agent) => {
    const decided = decide(agent);
    if (decided === undefined) return undefined;
    const { deployedVersion: _before, ...rest } = agent;
    const { deployedVersion, deployedBefore } = decided;
    return {
      ...rest,
      ...(deployedVersion === undefined ? {} : { deployedVersion }),
      deployedBefore,
      updatedAt: now().toISOString(),
    };
  });
  if (changed === undefined) throw notFound('Agent not found');
  return changed;
}

const remembering = ({ deployedVersion, deployedBefore }: AgentRecord): number[] =>
  deployedVersion === undefined ? deployedBefore : [...deployedBefore, deployedVersion].slice(-REMEMBERED);
