import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bundleSimulator } from '../test/simulator/bundle.ts';
import type { Options } from '../test/simulator/main.ts';
import { PLANTS } from '../test/simulator/plants.ts';

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

const options = asked();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (options['list-plants']) {
  process.stdout.write(`${Object.keys(PLANTS).join('\n')}\n`);
  process.exit(0);
}
const wanted: Options = {
  seed: whole('seed', options.seed, 0),
  seeds: whole('seeds', options.seeds, 1),
  plant: options.plant,
  keepsGoing: options['keep-going'],
  traces: options.trace,
};
if (wanted.plant !== undefined && PLANTS[wanted.plant] === undefined)
  fail(
    `There is no plant '${wanted.plant}'. npm run -s simulate -- --list-plants names those that there are.`,
  );

const file = await bundleSimulator(`simulate-${process.pid}`);
const child = spawn(process.execPath, [file, JSON.stringify(wanted)], {
  stdio: 'inherit',
  // The SDK announces the end of its support for Node 20; `engines` says what works here.
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
});
const [code] = await once(child, 'close');
await rm(file);
process.exit(code ?? 1);
