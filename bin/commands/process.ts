import { STAGES } from '../../lib/apis/process-runs/wire.ts';
import { everyItem, withApi } from './api.ts';
import { type Command, given, mandatory, oneOf, optional, required } from './command.ts';
import { columns } from './print.ts';

export const registerProcess: Command = {
  usage: 'process register --name <name> --stage Draft|Published --machine <ARN> [--agent <id>]',
  summary: 'Register a state machine as a stage of a process',
  notes:
    "Here --stage is the process's. RUNPLANE_STAGE, BASE_URL or --url say where the platform is. The agent is made if there is none.",
  options: {
    agent: { type: 'string' },
    name: { type: 'string' },
    stage: { type: 'string' },
    machine: { type: 'string' },
  },
  act({ stage, ...values }, terminal) {
    const body = given({
      agent_id: optional(values, 'agent'),
      name: required(values, 'name'),
      stage: mandatory('stage', oneOf({ stage }, 'stage', STAGES)),
      state_machine_arn: required(values, 'machine'),
    });
    return withApi(values, terminal, async ({ processRuns }) => {
      const result = await processRuns.registerProcess(body);
      return {
        result,
        sentence: `Registered ${result.name} (${result.stage}) of agent ${result.agent_id} as process ${result.id}.`,
      };
    });
  },
};

export const listProcesses: Command = {
  usage: 'process list --agent <id>',
  summary: 'List the processes of an agent by their stages',
  options: { agent: { type: 'string' } },
  act(values, terminal) {
    const agent_id = required(values, 'agent');
    return withApi(values, terminal, async ({ processRuns }) => {
      const processes = await everyItem(processRuns.listProcesses({ agent_id, limit: 100 }));
      const rows = processes.map(({ id, stage, name }) => [id, stage, name]);
      return { result: processes, sentence: rows.length === 0 ? 'It has no processes.' : columns(rows) };
    });
  },
};
