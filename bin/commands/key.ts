import { ROLES } from '../../lib/apis/workspaces/workspaces.ts';
import type { ApiKey } from '../../lib/client/index.ts';
import { everyItem, withApi } from './api.ts';
import {
  argumentOf,
  type Command,
  Complaint,
  given,
  oneOf,
  optional,
  required,
  wholeNumber,
} from './command.ts';
import { columns } from './print.ts';

const MAX_DAYS = 3650;

export const createKey: Command = {
  usage: 'key create --name <name> [--role owner|member|reader] [--expires-in-days <days>] [--agent <id>]',
  summary: 'Make an API key. It is shown this once',
  notes: 'Without a role it is a member; with an agent it is good for that agent only.',
  options: {
    name: { type: 'string' },
    role: { type: 'string' },
    'expires-in-days': { type: 'string' },
    agent: { type: 'string' },
  },
  act(values, terminal) {
    const body = given({
      name: required(values, 'name'),
      role: oneOf(values, 'role', ROLES),
      expiresInDays: wholeNumber(values, 'expires-in-days', { max: MAX_DAYS }),
      agentId: optional(values, 'agent'),
    });
    return withApi(values, terminal, async ({ workspace }) => {
      const result = await workspace.createApiKey(body);
      const { id, name, role, expiresAt, secret } = result;
      const made = `Made key ${id} (${name}, ${role}${expiresAt === null ? '' : `, until ${expiresAt}`}).`;
      return { result, sentence: `${made}\nexport API_KEY="${secret}"   # shown this once` };
    });
  },
};

export const listKeys: Command = {
  usage: 'key list',
  summary: 'List the API keys of the workspace, newest first, without their secrets',
  options: {},
  act: (values, terminal) =>
    withApi(values, terminal, async ({ workspace }) => {
      const keys = await everyItem(workspace.listApiKeys({ limit: 200 }));
      const rows = keys.map(({ id, prefix, role, name, agentId, ...key }) => [
        ...[id, prefix, role, stateOf(key)],
        agentId === undefined ? name : `${name} (agent ${agentId})`,
      ]);
      return { result: keys, sentence: columns(rows) };
    }),
};

export const revokeKey: Command = {
  usage: 'key revoke <key id or prefix>',
  summary: 'Revoke an API key. It stops working within a minute',
  notes: 'The prefix is what stands before the dot of a key, so a key that has leaked can be named by it.',
  options: {},
  argument: 'key id or prefix',
  act(values, terminal) {
    // Of a key that was given whole, the secret must not be read in the answer.
    const [named = ''] = argumentOf(values, 'key id or prefix').split('.');
    return withApi(values, terminal, async ({ workspace }) => {
      const keys = await everyItem(workspace.listApiKeys({ limit: 200 }));
      const key = keys.find(({ id, prefix }) => id === named || prefix === named);
      if (key === undefined)
        throw new Complaint(`There is no key ${named} in this workspace: runplane key list names them.`);
      await workspace.revokeApiKey(key.id);
      return {
        result: { id: key.id, prefix: key.prefix, revoked: true },
        sentence: `Revoked key ${key.id} (${key.name}). It stops working within a minute.`,
      };
    });
  },
};

function stateOf({ revoked_at, expires_at }: Pick<ApiKey, 'revoked_at' | 'expires_at'>): string {
  if (revoked_at) return `revoked ${revoked_at.slice(0, 10)}`;
  return expires_at ? `until ${expires_at.slice(0, 10)}` : 'good';
}
