import { nearest } from '../../lib/spreadsheets/words/nearest.ts';
import { type Command, Complaint } from './command.ts';
import { COMMANDS } from './index.ts';
import { columns, listed } from './print.ts';

const SHARED = columns([
  ['  --stage <stage>', 'the deployment of that name, looked up with your AWS credentials'],
  ['  --profile <name>  --region <region>', 'which AWS account is meant, unless its environment says it'],
  ['  --url <address>', 'the address of a platform, instead of its stage'],
  ['  --key <API key>', 'who you are'],
  ['  --workspace <id>', 'the workspace that is meant'],
  ['  --json', 'the answer as JSON'],
  ['  --help', 'what a command takes'],
]);

const ENVIRONMENT = columns([
  ['  BASE_URL, RUNPLANE_STAGE', 'instead of --url and --stage; what is typed counts first'],
  ['  API_KEY, WORKSPACE_ID', 'instead of --key and --workspace'],
  [
    '  RUNPLANE_DATA',
    'the folder of the local platform (.runplane), which is asked when nothing else is named',
  ],
]);

/** Every command in a line of its own. */
export const overview = (): string =>
  [
    `Commands:\n${usages([...COMMANDS.values()])}`,
    `Options of all of them:\n${SHARED}`,
    `Environment:\n${ENVIRONMENT}`,
    'runplane help <command> says more of one. Exit codes: 0 done, 1 the platform said no or could not be reached, 2 the command was not understood.',
  ].join('\n\n');

/** What one command does and takes, or every command that begins so. @throws Complaint for no command. */
export function helpOf(name: string): string {
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const below = [...COMMANDS].filter(([known]) => known.startsWith(`${name} `));
    if (below.length === 0) throw unknown(name);
    return `Commands:\n${usages(below.map(([, one]) => one))}`;
  }
  const { usage, summary, notes } = command;
  const said = notes === undefined ? [] : [notes];
  return [`runplane ${usage}`, `${summary}.`, ...said, `Options of all commands:\n${SHARED}`].join('\n\n');
}

/** Says which command was probably meant, or which there are. */
export function unknown(typed: string): Complaint {
  return new Complaint(`There is no command '${typed}': ${hintFor(typed)}`, 2);
}

function hintFor(typed: string): string {
  const names = [...COMMANDS.keys()];
  const [noun = ''] = typed.split(' ');
  const below = names.filter((name) => name.startsWith(`${noun} `));
  const isHalf = typed === noun && below.length > 0;
  const meant = isHalf ? undefined : nearest(typed, names);
  if (meant !== undefined) return `is it runplane ${meant}?`;
  if (below.length === 0) return 'runplane help shows those that there are.';
  return `after ${noun} comes ${listed(
    below.map((name) => name.slice(noun.length + 1)),
    'or',
  )}.`;
}

const usages = (commands: readonly Command[]): string =>
  commands.map(({ usage }) => `  runplane ${usage}`).join('\n');
