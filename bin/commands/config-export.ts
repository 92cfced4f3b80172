import { withApi } from './api.ts';
import { type Command, Complaint, optional } from './command.ts';
import { writeJson } from './json-file.ts';

const ARGUMENT = 'configuration id';

export const exportConfiguration: Command = {
  usage: 'config export [<configuration id>] [--out <configuration.json>]',
  summary: "Write a configuration, or else the workspace's active one, as config publish --file takes it",
  notes:
    'With its name and definition, for another workspace or for a look at what changed. An existing file is not overwritten.',
  options: { out: { type: 'string' } },
  argument: ARGUMENT,
  async act(values, terminal) {
    const out = optional(values, 'out');
    return withApi(values, terminal, async ({ workspace }) => {
      const id = optional(values, ARGUMENT) ?? (await workspace.getWorkspace()).activeConfigurationId;
      if (id == null)
        throw new Complaint('The workspace has no active configuration: name one of its drafts.');
      const { name, definition } = await workspace.getConfiguration(id);
      const result = { name, definition };
      if (out === undefined) return { result, sentence: JSON.stringify(result, null, 2) };
      await writeJson(out, result);
      return {
        result,
        sentence: `${name} is in ${out}: runplane config publish --file ${out} puts it in force, in any workspace (--workspace).`,
      };
    });
  },
};
