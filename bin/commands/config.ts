import { basename, extname } from 'node:path';
import type { CreateConfigurationBody, WorkspaceRuns } from '../../lib/client/index.ts';
import { withApi } from './api.ts';
import { type Command, Complaint, optional } from './command.ts';
import { readJson } from './json-file.ts';

const USAGE = 'config publish --file <definition.json> [--name <name>] | <configuration id>';

export const publishConfiguration: Command = {
  usage: USAGE,
  summary: "Make a configuration the workspace's active one: from a file, or a draft that is there",
  notes: 'A definition that is not valid is put away again, with what is wrong with it in the answer.',
  options: { file: { type: 'string' }, name: { type: 'string' } },
  argument: 'configuration id',
  async act(values, terminal) {
    const [file, id] = [optional(values, 'file'), optional(values, 'configuration id')];
    if ((file === undefined) === (id === undefined))
      throw new Complaint(`Name a file or a configuration, and one of them only: runplane ${USAGE}.`, 2);
    const draft = file === undefined ? undefined : await readDraft(file, optional(values, 'name'));
    return withApi(values, terminal, async ({ workspace }) => {
      const configurationId = draft === undefined ? (id ?? '') : await validDraft(workspace, draft);
      const result = await workspace.publishConfiguration(configurationId);
      return {
        result,
        sentence: `Published ${result.name} (${result.id}): runs that name no configuration go by it from now on.`,
      };
    });
  },
};

async function readDraft(
  file: string,
  name = basename(file, extname(file)),
): Promise<CreateConfigurationBody> {
  return { name, definition: await readJson(file) };
}

/** The id of a new draft. @throws Complaint with everything that is wrong with its definition. */
async function validDraft(workspace: WorkspaceRuns, draft: CreateConfigurationBody): Promise<string> {
  const { id } = await workspace.createConfiguration(draft);
  const { valid, errors } = await workspace.validateConfiguration(id);
  if (valid) return id;
  await workspace.archiveConfiguration(id);
  const wrong = errors.map(({ path, message }) => (path === undefined ? message : `${path}: ${message}`));
  throw new Complaint(`The definition is not valid (${wrong.join('; ')}), so nothing was published.`);
}
