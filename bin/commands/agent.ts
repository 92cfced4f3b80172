import type { Agent, CreateAgentVersionBody, PutProviderBody } from '../../lib/client/index.ts';
import { everyItem, withApi } from './api.ts';
import { type Command, given, mandatory, optional, required, wholeNumber } from './command.ts';
import { readJson } from './json-file.ts';
import { columns } from './print.ts';

const inService = ({ deployedVersion }: Agent): string =>
  deployedVersion === null ? 'none deployed' : `version ${deployedVersion} deployed`;

export const createAgent: Command = {
  usage: 'agent create --name <name> [--agent <id>]',
  summary: 'Make an agent; its id may be chosen',
  options: { agent: { type: 'string' }, name: { type: 'string' } },
  act(values, terminal) {
    const body = given({ name: required(values, 'name'), id: optional(values, 'agent') });
    return withApi(values, terminal, async ({ agentRun }) => {
      const result = await agentRun.createAgent(body);
      return {
        result,
        sentence: `Created agent ${result.id} (${result.name}). It answers once a version is deployed.`,
      };
    });
  },
};

export const listAgents: Command = {
  usage: 'agent list',
  summary: 'List the agents and which of their versions is deployed',
  options: {},
  act: (values, terminal) =>
    withApi(values, terminal, async ({ agentRun }) => {
      const agents = await everyItem(agentRun.listAgents({ limit: 100 }));
      const rows = agents.map((agent) => [agent.id, inService(agent), agent.name]);
      return { result: agents, sentence: rows.length === 0 ? 'There are no agents.' : columns(rows) };
    }),
};

export const createVersion: Command = {
  usage: 'agent version --agent <id> --file <version.json>',
  summary: 'Add a version to an agent; it does not run until it is deployed',
  options: { agent: { type: 'string' }, file: { type: 'string' } },
  async act(values, terminal) {
    const id = required(values, 'agent');
    const definition = await readJson<CreateAgentVersionBody>(required(values, 'file'));
    return withApi(values, terminal, async ({ agentRun }) => {
      const result = await agentRun.createAgentVersion(id, definition);
      return {
        result,
        sentence: `Made version ${result.no} of agent ${id}. Deploy it to let it answer.`,
      };
    });
  },
};

export const deployAgent: Command = {
  usage: 'agent deploy --agent <id> --version <number>',
  summary: 'Deploy a version of an agent in place of the one that runs',
  options: { agent: { type: 'string' }, version: { type: 'string' } },
  act(values, terminal) {
    const id = required(values, 'agent');
    const version = mandatory('version', wholeNumber(values, 'version'));
    return withApi(values, terminal, async ({ agentRun }) => {
      const result = await agentRun.deployAgentVersion(id, { version });
      return { result, sentence: `Agent ${result.id}: ${inService(result)}.` };
    });
  },
};

export const rollBackAgent: Command = {
  usage: 'agent rollback --agent <id>',
  summary: 'Deploy the version of an agent that ran before',
  options: { agent: { type: 'string' } },
  act(values, terminal) {
    const id = required(values, 'agent');
    return withApi(values, terminal, async ({ agentRun }) => {
      const result = await agentRun.rollBackAgent(id);
      return { result, sentence: `Agent ${result.id}: ${inService(result)}.` };
    });
  },
};

export const setProvider: Command = {
  usage: 'provider set --provider <id> --file <settings.json>',
  summary: 'Set how a model provider is reached; its key is named in the file, never written there',
  options: { provider: { type: 'string' }, file: { type: 'string' } },
  async act(values, terminal) {
    const id = required(values, 'provider');
    const settings = await readJson<PutProviderBody>(required(values, 'file'));
    return withApi(values, terminal, async ({ agentRun }) => {
      const result = await agentRun.putProvider(id, settings);
      return { result, sentence: `Provider ${id} is set. Keys are named in it, never kept.` };
    });
  },
};
