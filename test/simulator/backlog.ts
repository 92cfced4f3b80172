import type { Run } from '../../lib/runs/run.ts';
import type { Plan } from './plan.ts';
import { processArn } from './step-functions.ts';
import type { Tenant } from './tenants.ts';
import type { World } from './world.ts';

/** How long before the beginning the first of them was due to be looked at, in milliseconds. */
const DUE_MS = 3_000;
/** How long their executions go on, in milliseconds: longer than anybody waits. */
const LIVES_MS = 2_400_000;

/**
 * What tenant A has left open before anybody looked: runs of one process whose executions go on. Made as the
 * platform makes them, but all at once.
 */
export async function leaveBacklog(
  world: World,
  tenants: ReadonlyMap<string, Tenant>,
  { runs, untagged }: NonNullable<Plan['backlog']>,
): Promise<void> {
  const tenant = tenants.get('A');
  if (tenant === undefined) throw new TypeError('There is no tenant A');
  const { workspaceId, agents, processes } = tenant;
  const arn = processArn('A', 'strayed');
  const platform = world.calm();
  const input = {
    ...{ agentId: agents.two, processId: processes.strayed, stage: 'Published', name: 'left open' },
    ...{ stateMachineArn: arn, fileIds: null, files: [], bucket: 'memory', inputs: {} },
  };
  for (let no = 0; no < runs; no += 1) {
    const id = platform.newId();
    const leaseUntil = new Date(Date.now() - DUE_MS + no).toISOString();
    const run: Run = {
      ...{ id, kind: 'process', workspaceId, parentId: processes.strayed, input, status: 'queued' },
      ...{ version: 1, attempt: 0, createdAt: new Date().toISOString(), leaseUntil },
    };
    await platform.runs.insert(run);
    world.functions.stand(
      arn,
      id,
      JSON.stringify({ run_id: id, workspace_id: workspaceId, name: 'left open', inputs: {}, files: [] }),
      LIVES_MS,
    );
  }
  if (untagged === undefined) return;
  setTimeout(() => {
    const machine = world.functions.machines.get(arn);
    if (machine !== undefined) machine.isTagged = false;
    world.history.add({ type: 'note', text: `tenant A takes its tag from ${arn}` });
    world.history.faults += 1;
  }, untagged);
}
