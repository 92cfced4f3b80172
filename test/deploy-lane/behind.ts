import { isDeepStrictEqual } from 'node:util';
import { TABLE } from '../../lib/adapters/aws/dynamo/table.ts';
import type { Checks } from './checks.ts';
import { keys, type Said, said, untaken } from './look-behind.ts';
import { allRoutes, failuresIn, linesOf } from './routes.ts';

/** A deployed stage, from an account's own point of view. */
export interface Standing {
  checks: Checks;
  stage: string;
  /** Of the account. */
  environment: Record<string, string>;
}

/** The keys of the table are those by which the stores write and ask. */
export async function checkTable({ checks, stage, environment }: Standing): Promise<void> {
  const found = Object.entries(await keys(`runplane-${stage}-`, environment));
  checks.check('there is one table', found.length === 1, found);
  const wanted = Object.entries({ '': TABLE.key, ...TABLE.indexes });
  for (const [table, parts] of found) {
    for (const [index, { partition, sort }] of wanted) {
      const says = `${index === '' ? table : `the index ${index} of ${table}`} has the keys ${partition} and ${sort}`;
      checks.check(says, isDeepStrictEqual(parts[index], { HASH: partition, RANGE: sort }), parts[index]);
    }
  }
}

/** EventBridge itself says which changes of a run's status the stage's rules take. */
export async function checkRules({ checks, stage, environment }: Standing): Promise<void> {
  const { rules, untaken: changes } = await untaken(`runplane-${stage}-`, environment);
  const names = rules.map((rule) => /-([A-Za-z]+)[0-9A-F]{8}-\w+$/.exec(rule)?.[1] ?? rule);
  checks.check(`${names.join()} takes every change of a run's status`, changes.length === 0, changes);
}

/** The sweeper is called every minute, for the first time a minute after it was deployed. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 1000;

/**
 * What executions and rules call has been called, has written its log, tells its stage and no failure.
 * @param only these, where the others had nothing to do.
 */
export async function checkSteps({ checks, stage, environment }: Standing, only?: readonly string[]) {
  const answering = new Set(allRoutes().map(({ answeredBy }) => answeredBy));
  const look = async (): Promise<Said> => {
    const all = Object.entries(await said(`runplane-${stage}-`, environment));
    const isAsked = (name: string): boolean => only?.includes(name) ?? !answering.has(name);
    return Object.fromEntries(all.filter(([name]) => isAsked(name)));
  };
  const end = Date.now() + PATIENCE_MS;
  let steps = await look();
  while (Object.values(steps).some((lines) => lines.length === 0) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    steps = await look();
  }
  for (const [name, lines] of Object.entries(steps)) {
    const untold = linesOf(steps, name).filter(
      ({ service, stage: told }) => service === 'runplane' && told !== stage,
    );
    const problems = [
      ...(lines.length > 0 ? [] : ['nothing is in its log: it was not called, or may not write']),
      ...failuresIn(lines),
      ...(untold.length === 0 ? [] : ['its log does not tell RUNPLANE_STAGE']),
    ];
    checks.check(`${name} does its work`, problems.length === 0, problems);
  }
}
