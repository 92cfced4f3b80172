import * as z from 'zod';
import { ListName } from '../../../spreadsheets/lists/list-name.ts';
import { BASE, define, filePart, inWorkspace, workspacePath } from '../wire.ts';
import { MAX_WORKSPACE_LISTS } from './list-record.ts';

export const ValueListSummary = z
  .object({
    name: z.string().max(64),
    /** Values, without their synonyms. */
    count: z.int(),
  })
  .meta({ id: 'ValueListSummary' });
export type ValueListSummary = z.infer<typeof ValueListSummary>;

export const ValueLists = z
  .object({ items: z.array(ValueListSummary).max(MAX_WORKSPACE_LISTS) })
  .meta({ id: 'ValueLists' });

const ofList = z.object({ ...workspacePath, name: z.string() });

export const listLists = define({
  operationId: 'listLists',
  method: 'GET',
  path: `${BASE}/lists`,
  summary: 'List the lists of a workspace, by name',
  permission: 'workspace.configurations.read',
  input: { path: inWorkspace },
  success: { status: 200, body: ValueLists },
});

export const putList = define({
  operationId: 'putList',
  method: 'PUT',
  path: `${BASE}/lists/{name}`,
  summary:
    'Upload a list of values, in place of the one that is there: a CSV without header, in each row a value and its synonyms',
  permission: 'workspace.configurations.manage',
  input: { path: z.object({ ...workspacePath, name: ListName }) },
  form: z.object({ file: filePart }),
  success: { status: 200, body: ValueListSummary },
  errors: [409],
  uses: { files: ['read', 'write'] },
});

export const getList = define({
  operationId: 'getList',
  method: 'GET',
  path: `${BASE}/lists/{name}`,
  summary: 'Get a list: how many values it has',
  permission: 'workspace.configurations.read',
  input: { path: ofList },
  success: { status: 200, body: ValueListSummary },
});

export const deleteList = define({
  operationId: 'deleteList',
  method: 'DELETE',
  path: `${BASE}/lists/{name}`,
  summary: 'Delete a list; runs that have begun go on with it',
  permission: 'workspace.configurations.manage',
  input: { path: ofList },
  success: { status: 204, body: 'empty' },
  uses: { files: ['read', 'write'] },
});
