import { basename, extname } from 'node:path';
import { type CreateConfigurationBody, RunplaneError } from '../../lib/client/index.ts';
import { nearestName } from '../../lib/spreadsheets/words/suggest.ts';
import { withApi } from './api.ts';
import { type Command, Complaint, optional } from './command.ts';
import { readJson } from './json-file.ts';

const USAGE = 'config publish --file <definition.json> [--name <name>] | <configuration id>';

export const publishConfiguration: Command = {
  usage: USAGE,
  summary: "Make a configuration the workspace's active one: from a file, or a draft that is there",
  notes:
    'The file is a definition, or {"name", "definition"} as config export writes it; --name stands above both, and the name of the file is the last that counts. What is not valid is refused with all that is wrong with it, and nothing of it is kept.',
  options: { file: { type: 'string' }, name: { type: 'string' } },
  argument: 'configuration id',
  async act(values, terminal) {
    const [file, id] = [optional(values, 'file'), optional(values, 'configuration id')];
    if ((file === undefined) === (id === undefined))
      throw new Complaint(`Name a file or a configuration, and one of them only: runplane ${USAGE}.`, 2);
    const named = file === undefined ? undefined : await readNamed(file, optional(values, 'name'));
    return withApi(values, terminal, async ({ workspace }) => {
      const result = await (named === undefined
        ? workspace.publishConfiguration(id ?? '')
        : workspace.createConfiguration({ ...named, publish: true })
      ).catch(complainOfAll);
      return {
        result,
        sentence: `Published ${result.name} (${result.id}): runs that name no configuration go by it from now on.`,
      };
    });
  },
};

/** What a file has beside a definition. */
const MEMBERS = ['name', 'definition'];

/** A definition has no member of that name itself. */
const isNamed = (value: object): value is { definition: unknown; name?: unknown } => 'definition' in value;

async function readNamed(file: string, typed: string | undefined): Promise<CreateConfigurationBody> {
  const value = await readJson(file);
  const ofFile = basename(file, extname(file));
  if (!isNamed(value)) return { name: typed ?? ofFile, definition: { ...value } };
  for (const member of Object.keys(value)) {
    if (MEMBERS.includes(member)) continue;
    const near = nearestName(member, MEMBERS);
    const meant = near === undefined ? 'it has a name and a definition' : `did you mean "${near}"?`;
    throw new Complaint(`${file}: there is no member "${member}" beside a definition: ${meant}`, 2);
  }
  const { name = ofFile, definition } = value;
  if (typeof name !== 'string') throw new Complaint(`${file}: name: must be a text.`, 2);
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition))
    throw new Complaint(`${file}: definition: must be an object.`, 2);
  return { name: typed ?? name, definition: { ...definition } };
}

/** @throws Complaint with everything that is wrong with a definition; other errors as they are. */
function complainOfAll(error: unknown): never {
  if (!(error instanceof RunplaneError) || error.status !== 422 || error.issues.length === 0) throw error;
  const wrong = error.issues.map(({ path, message }) =>
    path === undefined ? message : `${path}: ${message}`,
  );
  throw new Complaint(`The definition is not valid (${wrong.join('; ')}), so nothing was published.`);
}
