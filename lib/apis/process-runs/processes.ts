import { createAgent } from '../agents/create-agent.ts';
import { Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { toShortId } from '../records/short-id.ts';
import { update } from '../records/update.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { pageBound, pageToken } from './page-token.ts';
import type { ProcessRecord } from './process-record.ts';
import type { Process, RegisterProcess, Registration } from './processes-contract.ts';
import { ID, STAGES, type Stage } from './wire.ts';

const recordId = (agentId: string, processId: string): string => `${agentId}#${processId}`;

/** Whether an agent exists for the caller: a key of another one does not see it. */
export const seesAgent = (caller: Pick<Caller, 'agentId'>, agentId: string): boolean =>
  caller.agentId === undefined || caller.agentId === agentId;

/** The process that a request names; undefined when there is none that the caller may know of. */
export async function findProcess(
  platform: Pick<Platform, 'processes'>,
  caller: Pick<Caller, 'workspaceId' | 'agentId'>,
  agentId: string,
  processId: string,
): Promise<ProcessRecord | undefined> {
  // What cannot be an id is not worth a read, and may be too long for a key.
  if (!ID.test(agentId) || !ID.test(processId) || !seesAgent(caller, agentId)) return undefined;
  return platform.processes.get(caller.workspaceId, recordId(agentId, processId));
}

export async function hasAgent(
  platform: Pick<Platform, 'agents'>,
  caller: Pick<Caller, 'workspaceId' | 'agentId'>,
  agentId: string,
): Promise<boolean> {
  if (!ID.test(agentId) || !seesAgent(caller, agentId)) return false;
  return (await platform.agents.get(caller.workspaceId, agentId)) !== undefined;
}

export const processOrAgentNotFound = (): Refused =>
  new Refused({ category: 'not_found', message: 'The specified process or agent was not found' });

type Registrar = Pick<Platform, 'agents' | 'agentOwners' | 'processes' | 'now' | 'newId'>;

/**
 * Registers a state machine as a stage of the agent's process of that name, which it makes if there is none.
 * Registering again replaces the machine of that stage; runs that exist keep the one they were started on.
 */
export async function registerProcess(
  platform: Registrar,
  workspaceId: string,
  { agent_id, name, stage, state_machine_arn }: RegisterProcess,
): Promise<Registration> {
  const agentId = agent_id ?? toShortId(platform.newId());
  if ((await platform.agents.get(workspaceId, agentId)) === undefined) {
    await createAgent(platform, workspaceId, { id: agentId, name: agentId });
  }
  // The id follows from the name, so that two registrations at once make one process.
  const processId = toShortId(derivedId(workspaceId, `process:${agentId}:${name}`));
  const registeredAt = platform.now().toISOString();
  const registered = { stateMachineArn: state_machine_arn, registeredAt };
  const made = await platform.processes.insert(workspaceId, {
    id: recordId(agentId, processId),
    version: 1,
    agentId,
    processId,
    name,
    stages: { [stage]: registered },
    createdAt: registeredAt,
  });
  if (!made) {
    await update(platform.processes, workspaceId, recordId(agentId, processId), (process) => ({
      ...process,
      stages: { ...process.stages, [stage]: registered },
    }));
  }
  return {
    ...{ agent_id: agentId, id: processId, name, stage },
    ...{ state_machine_arn, registered_at: registeredAt },
  };
}

const toProcess = ({ agentId, processId, name }: ProcessRecord, stage: Stage): Process => ({
  agent_id: agentId,
  id: processId,
  name,
  stage,
});

/** @throws Refused 404. */
export async function getProcess(
  platform: Pick<Platform, 'processes'>,
  caller: Caller,
  agentId: string,
  processId: string,
): Promise<Process> {
  const process = await findProcess(platform, caller, agentId, processId);
  if (process === undefined) throw processOrAgentNotFound();
  return toProcess(process, process.stages.Published === undefined ? 'Draft' : 'Published');
}

export interface ListProcesses {
  agent_id: string;
  limit: number;
  continuation_token?: string | undefined;
}

/** One row per process and stage. @throws Refused 400 for a token of another list, 404 for an unknown agent. */
export async function listProcesses(
  platform: Pick<Platform, 'agents' | 'processes'>,
  caller: Caller,
  { agent_id: agentId, limit, continuation_token }: ListProcesses,
) {
  const bound = pageBound([caller.workspaceId, 'processes', agentId], continuation_token);
  if (!(await hasAgent(platform, caller, agentId))) throw processOrAgentNotFound();
  const [lastId = '', lastStage = ''] = bound?.split(' ') ?? [];
  const { records } = await platform.processes.list(caller.workspaceId, {
    limit: limit + 2, // the process that the page before ended in, and one more row than asked for
    prefix: `${agentId}#`,
    // Just above the process that the page before ended in: it may have another stage.
    ...(bound === undefined ? {} : { before: `${recordId(agentId, lastId)}~` }),
  });
  const rows = records
    .flatMap((process) =>
      STAGES.filter((stage) => process.stages[stage] !== undefined).map((stage) => toProcess(process, stage)),
    )
    .filter(({ id, stage }) => id !== lastId || stage > lastStage);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    continuation_token: hasMore
      ? pageToken([caller.workspaceId, 'processes', agentId], `${last.id} ${last.stage}`)
      : null,
    items,
  };
}
