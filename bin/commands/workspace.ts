import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';
import { Workspace } from '../../lib/apis/workspaces/workspaces.ts';
import { type Command, Complaint, optional, required, type Values } from './command.ts';
import { inAccount, outputOf } from './deployment.ts';

/**
 * The first workspace of a deployment and its owner's key. No key exists yet that the API would take, so
 * this one writes to the table itself, with the AWS credentials of whoever deployed it.
 */
export const firstWorkspace: Command = {
  usage: 'workspace create --stage <stage> --name <name> --email <owner>',
  summary: "Make a workspace and its owner's key, with your AWS credentials instead of a key",
  notes:
    'The table is found by the stage; --table <table name> names it instead. The local platform has made two workspaces of its own.',
  options: { table: { type: 'string' }, name: { type: 'string' }, email: { type: 'string' } },
  async act(values, terminal) {
    const { name, email } = ownerOf(values);
    const stage = optional(values, 'stage') ?? terminal.environment.RUNPLANE_STAGE ?? '';
    const named = optional(values, 'table');
    if (stage === '' && named === undefined)
      throw new Complaint('Say where: --stage names a deployment, --table its table.', 2);
    return inAccount(values, terminal, 'write to the table', async (account) => {
      const table = named ?? (await outputOf(account, stage, 'storage', 'TableName'));
      const platform = { ...account.stores(table), now: () => new Date(), newId: () => uuid() };
      try {
        const workspace = await createWorkspace(platform, name);
        const { token } = await createKey(platform, {
          workspaceId: workspace.id,
          name: 'First key',
          role: 'owner',
          owner: { id: platform.newId(), email },
        });
        const result = { workspaceId: workspace.id, apiKey: token };
        const sentence = `export WORKSPACE_ID="${workspace.id}"\nexport API_KEY="${token}"   # shown this once`;
        return { result, sentence };
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
        throw new Complaint(
          `There is no table ${table} in ${await account.region()}: is the region right (--region)?`,
        );
      }
    });
  },
};

/** @throws Complaint for what could be written to the table, and then not read. */
function ownerOf(values: Values): { name: string; email: string } {
  const [name, email] = [required(values, 'name').trim(), required(values, 'email')];
  if (!Workspace.shape.name.safeParse(name).success)
    throw new Complaint(`--name must have 1 to 100 characters, not ${name.length}.`, 2);
  if (!z.email().safeParse(email).success)
    throw new Complaint(`--email must be an e-mail address, not '${email}'.`, 2);
  return { name, email };
}
