import { lineOf } from './history.ts';
import { PLANTS } from './plants.ts';
import { beginVirtualTime, play } from './play.ts';
import { type Found, planOf, shrink, simulate } from './simulate.ts';
import type { Options } from './wanted.ts';

/** Lines that end the story of the smallest schedule. */
const SHOWN = 120;
/** Violations of a schedule that are printed. */
const MOST_SAID = 10;
/** What is loaded when it is first needed takes time that is not a schedule's: these need all of it. */
const WARM_UP = 3;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function tell({ plan, played, violation }: Found): void {
  const { entries } = played.history;
  print(`\nThe smallest schedule that fails alike:\n${JSON.stringify(plan)}`);
  print(`\nHow it ends:\n${entries.slice(-SHOWN).map(lineOf).join('\n')}`);
  print(`\n${violation.invariant}: ${violation.what}\n`);
}

async function main({ seed, seeds, plant, keepsGoing, traces }: Options): Promise<void> {
  await beginVirtualTime();
  for (let no = 0; no < WARM_UP; no += 1) await play(no, planOf(no));
  const make = (plant === undefined ? undefined : PLANTS[plant]) ?? (() => ({}));
  let found: { seed: number; first: Found } | undefined;
  const outcome = await simulate({
    ...{ seed, seeds, keepsGoing },
    ...(plant === undefined ? {} : { plant: { name: plant, make } }),
    onSeed: (no, { history }) => {
      if (traces) print([`seed ${no}`, ...history.entries.map(lineOf)].join('\n'));
    },
    onFound: (no, first) => {
      found ??= { seed: no, first };
      for (const { invariant, what } of first.played.violations.slice(0, MOST_SAID))
        print(`seed ${no}: ${invariant}: ${what}`);
    },
  });
  if (found !== undefined && !keepsGoing) tell(await shrink(found.seed, make, found.first));
  print(JSON.stringify(outcome));
  process.exitCode = outcome.failed.length === 0 ? 0 : 1;
}

await main(JSON.parse(process.argv[2] ?? '{}') as Options);
// middy sets its watch over a function's time by `node:timers`, which is real, and ends it by the global
// `clearTimeout`, which is virtual here: each would keep the process for as long as its function might have taken.
process.stdout.write('', () => process.exit());
