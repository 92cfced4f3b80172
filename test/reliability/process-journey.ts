import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { outputsOf } from '../../lib/apis/process-runs/outputs.ts';
import { registerProcess } from '../../lib/apis/process-runs/processes.ts';
import { cancelProcessRun, startProcessRun } from '../../lib/apis/process-runs/runs.ts';
import { toShortId } from '../../lib/apis/records/short-id.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';
import type { Run } from '../../lib/runs/run.ts';
import type { Journey } from './clients.ts';

const ARN = 'arn:aws:states:local:000000000000:stateMachine:order-review';

/** Only what has succeeded has outputs, and they are there. */
async function judgeOutputs({ files }: AnsweringPlatform, run: Run): Promise<string[]> {
  const outputs = await outputsOf(files, run);
  return (outputs !== null) === (run.status === 'succeeded')
    ? []
    : [`output: ${run.id} is ${run.status}, and its outputs are ${JSON.stringify(outputs)?.slice(0, 99)}`];
}

/** `POST /runs` of somebody's process, with inputs that stand in the run's record or, when large, in a file. */
export const processJourney = (isLarge = false): Journey => ({
  kind: 'process',
  async prepare(platform) {
    const { id: workspaceId } = await createWorkspace(platform, 'Storm');
    const asked = { name: 'Orders', stage: 'Published', state_machine_arn: ARN } as const;
    const process = await registerProcess(platform, workspaceId, asked);
    const caller = {
      workspaceId,
      ownerId: platform.newId(),
      ownerEmail: 'owner@example.com',
      permissions: [],
    };
    const inputs = isLarge ? { text: 'x'.repeat(5000) } : { order_id: 1 };
    return {
      workspaceId,
      runsPerKey: 1,
      create: async (on, key) => {
        const { agent_id, id: process_id, stage } = process;
        const { runs } = await startProcessRun(
          on,
          caller,
          { agent_id, process_id, stage, name: 'Run', inputs },
          key,
        );
        return runs.map(({ id }) => id);
      },
      cancel: (on, runId) => cancelProcessRun(on, caller, toShortId(runId)),
      judge: async (on, runs) => (await Promise.all(runs.map((run) => judgeOutputs(on, run)))).flat(),
    };
  },
});
