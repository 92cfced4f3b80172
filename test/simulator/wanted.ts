import { parseArgs } from 'node:util';

/** What `npm run simulate` was asked for, when it was found to make sense. */
export interface Options {
  seed: number;
  seeds: number;
  plant?: string | undefined;
  keepsGoing: boolean;
  traces: boolean;
}

/** What is said at once, without playing anything, and the code that it ends with. */
export interface Said {
  code: 0 | 2;
  stdout: string;
  stderr: string;
}

const HELP = `Plays schedules of callers and faults against the whole platform in virtual time, and judges what came of them.

  npm run -s simulate -- [--seed N] [--seeds N] [--plant NAME] [--keep-going] [--trace]

  --seed N        the first seed; 1 when it is not given
  --seeds N       how many seeds, one schedule each; 500 when it is not given
  --plant NAME    takes a mend out, or puts a fault in, which is to be found
  --list-plants   names them, one a line
  --keep-going    goes on after the first seed that fails
  --trace         prints everything that happened in each schedule

Standard output ends with one line of JSON. Ends with 0 when nothing was found, 1 when something was, and 2
when it was asked for something that it does not know.
`;

const says = (stdout: string): Said => ({ code: 0, stdout, stderr: '' });
const refuses = (message: string): Said => ({ code: 2, stdout: '', stderr: `${message}\n` });

function valuesOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '500' },
      plant: { type: 'string' },
      'list-plants': { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

/** A whole number that is at least so much; undefined when the text is none. */
function whole(text: string, least: number): number | undefined {
  const value = Number(text);
  const isFit = text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value < 2 ** 31;
  return isFit ? value : undefined;
}

/** What arguments ask for: schedules to be played, or something to be said. `plants` are those that there are. */
export function wantedOf(args: readonly string[], plants: readonly string[]): Options | Said {
  let values: ReturnType<typeof valuesOf>;
  try {
    values = valuesOf(args);
  } catch (error) {
    // The parser of Node says which argument it does not know.
    if (!(error instanceof TypeError)) throw error;
    return refuses(`${error.message}. See npm run -s simulate -- --help`);
  }
  const { plant } = values;
  if (values.help) return says(HELP);
  if (values['list-plants']) return says(`${plants.join('\n')}\n`);
  const seed = whole(values.seed, 0);
  if (seed === undefined) return refuses(`--seed must be a whole number from 0, not '${values.seed}'.`);
  const seeds = whole(values.seeds, 1);
  if (seeds === undefined) return refuses(`--seeds must be a whole number from 1, not '${values.seeds}'.`);
  if (plant !== undefined && !plants.includes(plant))
    return refuses(
      `There is no plant '${plant}'. npm run -s simulate -- --list-plants names those that there are.`,
    );
  return { seed, seeds, plant, keepsGoing: values['keep-going'], traces: values.trace };
}
