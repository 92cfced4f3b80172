import { readFile } from 'node:fs/promises';
import { callApi } from './api.ts';
import { type Command, Complaint, required, type Values } from './command.ts';

interface Agent {
  id: string;
  name: string;
  versions: number;
  deployedVersion: number | null;
}

const pathOf = (values: Values, rest = ''): string =>
  `/api/v1/agents/${encodeURIComponent(required(values, 'agent'))}${rest}`;

const inService = ({ deployedVersion }: Agent): string =>
  deployedVersion === null ? 'none deployed' : `version ${deployedVersion} deployed`;

export const createAgent: Command = {
  usage: 'agent create --name <name> [--agent <id>]',
  options: { agent: { type: 'string' }, name: { type: 'string' } },
  async act(values) {
    const body = {
      name: required(values, 'name'),
      ...(values.agent === undefined ? {} : { id: values.agent }),
    };
    const result = (await callApi(values, 'POST', '/api/v1/agents', body)) as Agent;
    return {
      result,
      sentence: `Created agent ${result.id} (${result.name}). It answers once a version is deployed.`,
    };
  },
};

export const listAgents: Command = {
  usage: 'agent list',
  options: {},
  async act(values) {
    const agents = await allOf<Agent>(values, '/api/v1/agents');
    const lines = agents.map(
      (agent) => `${agent.id.padEnd(26)}  ${inService(agent).padEnd(20)}  ${agent.name}`,
    );
    return { result: agents, sentence: lines.length === 0 ? 'There are no agents.' : lines.join('\n') };
  },
};

export const createVersion: Command = {
  usage: 'agent version --agent <id> --file <version.json>',
  options: { agent: { type: 'string' }, file: { type: 'string' } },
  async act(values) {
    const definition = await readJson(required(values, 'file'));
    const result = (await callApi(values, 'POST', pathOf(values, '/versions'), definition)) as { no: number };
    return {
      result,
      sentence: `Made version ${result.no} of agent ${values.agent}. Deploy it to let it answer.`,
    };
  },
};

export const deployAgent: Command = {
  usage: 'agent deploy --agent <id> --version <number>',
  options: { agent: { type: 'string' }, version: { type: 'string' } },
  async act(values) {
    const text = required(values, 'version');
    if (!/^[1-9]\d*$/.test(text)) throw new Complaint(`--version must be a number from 1, not '${text}'.`, 2);
    const result = (await callApi(values, 'PUT', pathOf(values, '/deployment'), {
      version: Number(text),
    })) as Agent;
    return { result, sentence: `Agent ${result.id}: ${inService(result)}.` };
  },
};

export const rollBackAgent: Command = {
  usage: 'agent rollback --agent <id>',
  options: { agent: { type: 'string' } },
  async act(values) {
    const result = (await callApi(values, 'POST', pathOf(values, '/deployment/rollback'))) as Agent;
    return { result, sentence: `Agent ${result.id}: ${inService(result)}.` };
  },
};

export const setProvider: Command = {
  usage: 'provider set --provider <id> --file <settings.json>',
  options: { provider: { type: 'string' }, file: { type: 'string' } },
  async act(values) {
    const id = required(values, 'provider');
    const settings = await readJson(required(values, 'file'));
    const result = await callApi(values, 'PUT', `/api/v1/providers/${encodeURIComponent(id)}`, settings);
    return { result, sentence: `Provider ${id} is set. Keys are named in it, never kept.` };
  },
};

/** Every item of a paged list. */
async function allOf<Item>(values: Values, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const page = (await callApi(values, 'GET', `${path}?${query}`)) as {
      items: Item[];
      nextCursor?: string | null;
    };
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** @throws Complaint for a file that is not there or not JSON. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Complaint(`${file} is not JSON: ${error.message}.`, 2);
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Complaint(`There is no file ${file}.`, 2);
    }
    throw error;
  }
}
