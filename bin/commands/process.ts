import { callApi } from './api.ts';
import { type Command, required } from './command.ts';

interface Registration {
  agent_id: string;
  id: string;
  name: string;
  stage: string;
  state_machine_arn: string;
}

export const registerProcess: Command = {
  usage: 'process register --name <name> --stage Draft|Published --machine <ARN> [--agent <id>]',
  options: {
    agent: { type: 'string' },
    name: { type: 'string' },
    stage: { type: 'string' },
    machine: { type: 'string' },
  },
  async act(values) {
    const body = {
      ...(values.agent === undefined ? {} : { agent_id: values.agent }),
      name: required(values, 'name'),
      stage: required(values, 'stage'),
      state_machine_arn: required(values, 'machine'),
    };
    const result = (await callApi(values, 'POST', '/processes', body)) as Registration;
    const { id, agent_id, name, stage } = result;
    return {
      result,
      sentence: `Registered ${name} (${stage}) of agent ${agent_id} as process ${id}.`,
    };
  },
};

type Row = Pick<Registration, 'id' | 'name' | 'stage'>;

export const listProcesses: Command = {
  usage: 'process list --agent <id>',
  options: { agent: { type: 'string' } },
  async act(values) {
    const agent_id = required(values, 'agent');
    const rows: Row[] = [];
    for (let continuation_token: string | null = ''; continuation_token !== null; ) {
      const query = new URLSearchParams({ agent_id, limit: '100', continuation_token });
      const page = (await callApi(values, 'GET', `/processes?${query}`)) as {
        items: Row[];
        continuation_token: string | null;
      };
      rows.push(...page.items);
      ({ continuation_token } = page);
    }
    const lines = rows.map(({ id, name, stage }) => `${id}  ${stage.padEnd(9)}  ${name}`);
    return { result: rows, sentence: lines.length === 0 ? 'It has no processes.' : lines.join('\n') };
  },
};
