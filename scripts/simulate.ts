import { parseArgs } from 'node:util';

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

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function asked() {
  try {
    return parseArgs({
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
  } catch (error) {
    return fail(
      `${error instanceof Error ? error.message : String(error)}. See npm run -s simulate -- --help`,
    );
  }
}

const whole = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1)
    fail(`--${name} must be a whole number from ${least}, not '${text}'.`);
  return value;
};

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const options = asked();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seed = whole('seed', options.seed, 0);
const seeds = whole('seeds', options.seeds, 1);

const { PLANTS } = await import('../test/simulator/plants.ts');
if (options['list-plants']) {
  process.stdout.write(`${Object.keys(PLANTS).join('\n')}\n`);
  process.exit(0);
}
const plant = options.plant === undefined ? undefined : PLANTS[options.plant];
if (options.plant !== undefined && plant === undefined)
  fail(
    `There is no plant '${options.plant}'. npm run -s simulate -- --list-plants names those that there are.`,
  );

const { lineOf } = await import('../test/simulator/history.ts');
const { beginVirtualTime, play } = await import('../test/simulator/play.ts');
const { planOf, shrink, simulate } = await import('../test/simulator/simulate.ts');
type Found = import('../test/simulator/simulate.ts').Found;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
beginVirtualTime();
// What is loaded when it is first needed takes time that is not a schedule's.
const WARM_UP = { seed: 0, plans: 3 };
for (let no = 0; no < WARM_UP.plans; no += 1) await play(WARM_UP.seed, planOf(no));

let found: { seed: number; found: Found } | undefined;
const outcome = await simulate({
  ...{ seed, seeds, keepsGoing: options['keep-going'] },
  ...(plant === undefined || options.plant === undefined
    ? {}
    : { plant: { name: options.plant, make: plant } }),
  onSeed: (no, { history }) => {
    if (!options.trace) return;
    print(`seed ${no}`);
    for (const entry of history.entries) print(lineOf(entry));
  },
  onFound: (no, first) => {
    found ??= { seed: no, found: first };
    for (const { invariant, what } of first.played.violations.slice(0, 10))
      print(`seed ${no}: ${invariant}: ${what}`);
  },
});
if (found !== undefined && !options['keep-going']) {
  const smallest = await shrink(found.seed, plant ?? (() => ({})), found.found);
  print(`\nThe smallest schedule that fails alike:\n${JSON.stringify(smallest.plan)}`);
  const SHOWN = 120;
  const lines = smallest.played.history.entries.filter(({ at }) => at > 0).slice(-SHOWN);
  print(`\nHow it ends:\n${lines.map(lineOf).join('\n')}`);
  print(`\n${smallest.violation.invariant}: ${smallest.violation.what}\n`);
}
print(JSON.stringify(outcome));
process.exit(outcome.failed.length === 0 ? 0 : 1);
