import { ROLES } from '../../lib/apis/workspaces/workspaces.ts';
import { everyItem, withApi } from './api.ts';
import { argumentOf, type Command, given, mandatory, oneOf, optional, required } from './command.ts';
import { columns } from './print.ts';

export const addMember: Command = {
  usage: 'member add --sub <subject> --role owner|member|reader [--email <address>]',
  summary: 'Let in whoever signs in with a token, by the subject (sub) that their tokens name',
  options: { sub: { type: 'string' }, role: { type: 'string' }, email: { type: 'string' } },
  act(values, terminal) {
    const body = given({
      sub: required(values, 'sub'),
      role: mandatory('role', oneOf(values, 'role', ROLES)),
      email: optional(values, 'email'),
    });
    return withApi(values, terminal, async ({ workspace }) => {
      const result = await workspace.addMember(body);
      return { result, sentence: `Added ${result.sub} as ${result.role}: member ${result.id}.` };
    });
  },
};

export const listMembers: Command = {
  usage: 'member list',
  summary: 'List the members of the workspace',
  options: {},
  act: (values, terminal) =>
    withApi(values, terminal, async ({ workspace }) => {
      const members = await everyItem(workspace.listMembers({ limit: 200 }));
      const rows = members.map(({ id, role, sub, email = '' }) => [id, role, sub, email]);
      return { result: members, sentence: rows.length === 0 ? 'It has no members.' : columns(rows) };
    }),
};

export const removeMember: Command = {
  usage: 'member remove <member id>',
  summary: 'Take a member out of the workspace',
  options: {},
  argument: 'member id',
  act(values, terminal) {
    const id = argumentOf(values, 'member id');
    return withApi(values, terminal, async ({ workspace }) => {
      await workspace.removeMember(id);
      return { result: { id, removed: true }, sentence: `Removed member ${id}.` };
    });
  },
};
