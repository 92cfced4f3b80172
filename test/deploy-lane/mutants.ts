import { RUNPLANE_CORS_ORIGINS } from '../../lib/adapters/aws/environment.ts';
import type { Dice } from '../support/nasty.ts';
import {
  type Mutation,
  patternTexts,
  routesOf,
  spelled,
  variablesOf,
  withIntegrationOf,
  withoutPolicy,
  withoutVariable,
  withRenamedKey,
  withWrongPattern,
  withWrongTrust,
} from './mutations.ts';
import { allRoutes } from './routes.ts';
import { type Found, NothingToChange, resourcesOf, type Templates } from './templates.ts';

/** Mutants that are deployed together, since each is found by a check that none of the others changes. */
export interface Round {
  mutations: readonly Mutation[];
  templates: Templates;
  /** What has to find them. */
  found:
    | { by: 'routes' }
    | { by: 'steps'; steps: string[]; parts: string[] }
    | { by: 'table' }
    | { by: 'deployment' };
}

type Make = (templates: Templates) => Mutation;

/** How many of each kind there are among the functions that answer requests. */
const EACH = 3;

/** The parts of the journeys in which a step is called. */
const PARTS_OF: Readonly<Record<string, readonly string[]>> = {
  ProcessDocument: ['documents'],
  Settle: ['documents'],
  // A thread wants an agent.
  AnswerThread: ['agents', 'threads'],
  RunAgentStep: ['agents'],
  TotalInvoice: ['processes'],
  LoadOrder: ['processes'],
  CheckLine: ['processes'],
  DecideOrder: ['processes'],
  Sweep: [],
};
/** It closes what processes have left open: without it, their journeys wait in vain. */
const CLOSES_PROCESSES = 'Settle';
/** Functions that answer no request are given it, and make no use of it. */
const OF_ANSWERS = RUNPLANE_CORS_ORIGINS;

/** Which mutants there are this time. */
export const chooseRounds = (templates: Templates, dice: Dice): Round[] => [
  routesRound(templates, dice),
  stepsRound(templates, dice),
  { ...together(templates, [renamedKey(templates, dice)]), found: { by: 'table' } },
  { ...together(templates, [wrongTrust(templates, dice)]), found: { by: 'deployment' } },
];

function routesRound(templates: Templates, dice: Dice): Round {
  const functionOf = new Map(allRoutes().map(({ name, answeredBy }) => [name, answeredBy]));
  const answering = new Set(functionOf.values());
  const functions = shuffled(
    functionsOf(templates).filter(({ name }) => answering.has(name)),
    dice,
  );
  const taken = functions.slice(0, 2 * EACH).map(({ name }) => name);
  const rightless = functions.slice(0, EACH).map(
    ({ name }): Make =>
      (now) =>
        withoutPolicy(now, name),
  );
  const variables = new Set<string>();
  const untold = functions.slice(EACH, 2 * EACH).map(({ name, resource }): Make => {
    const all = Object.keys(variablesOf(resource));
    const others = all.filter((each) => !variables.has(each));
    const variable = picked(others.length === 0 ? all : others, dice);
    variables.add(variable);
    return (now) => withoutVariable(now, name, variable);
  });
  const routes = shuffled(routesOf(templates), dice).filter(
    (route) => !taken.includes(functionOf.get(spelled(route)) ?? ''),
  );
  const exchanged: Make[] = [];
  for (let route = routes.pop(); route !== undefined && exchanged.length < EACH; route = routes.pop()) {
    const from = route;
    const to = shuffled(routes, dice).find((other) =>
      isPossible(templates, (now) => withIntegrationOf(now, from, other)),
    );
    if (to !== undefined) exchanged.push((now) => withIntegrationOf(now, from, to));
  }
  const makes = [...rightless, ...exchanged, wrongPattern(templates, dice), ...untold];
  return { ...together(templates, makes), found: { by: 'routes' } };
}

function stepsRound(templates: Templates, dice: Dice): Round {
  const steps = shuffled(
    functionsOf(templates).filter(({ name }) => name in PARTS_OF),
    dice,
  );
  const rightless = picked(steps, dice);
  const variables = ({ resource }: Found): string[] =>
    Object.keys(variablesOf(resource)).filter((variable) => variable !== OF_ANSWERS);
  const untold = steps.find((step) => areApart(rightless.name, step.name) && variables(step).length > 0);
  if (untold === undefined) throw new NothingToChange(`No step but ${rightless.name} is given a variable`);
  const variable = picked(variables(untold), dice);
  const both = [rightless, untold].map(({ name }) => name);
  return {
    ...together(templates, [
      (now) => withoutPolicy(now, rightless.name),
      (now) => withoutVariable(now, untold.name, variable),
    ]),
    found: { by: 'steps', steps: both, parts: both.flatMap(partsOf) },
  };
}

/** Neither keeps the other from being called. */
function areApart(one: string, other: string): boolean {
  const [these, those] = [partsOf(one), partsOf(other)];
  const isInVain = [one, other].includes(CLOSES_PROCESSES) && [...these, ...those].includes('processes');
  return one !== other && !isInVain && !these.some((part) => those.includes(part));
}

const partsOf = (step: string): readonly string[] => PARTS_OF[step] ?? [];

function wrongPattern(templates: Templates, dice: Dice): Make {
  const rules = resourcesOf(templates, 'AWS::Events::Rule').filter(
    ({ resource }) => patternTexts(resource).length > 0,
  );
  const rule = picked(rules, dice);
  const no = dice.below(patternTexts(rule.resource).length);
  return (now) => withWrongPattern(now, rule.name, no);
}

interface Keyed {
  IndexName?: string;
  KeySchema: { AttributeName: string }[];
}

function renamedKey(templates: Templates, dice: Dice): Make {
  const keys = resourcesOf(templates, 'AWS::DynamoDB::Table').flatMap(({ name, resource }) => {
    const { GlobalSecondaryIndexes = [], ...table } = resource.Properties as unknown as Keyed & {
      GlobalSecondaryIndexes?: Keyed[];
    };
    return [{ KeySchema: table.KeySchema }, ...GlobalSecondaryIndexes].flatMap(
      ({ KeySchema, IndexName }: Keyed) =>
        KeySchema.map((key) => ({ name, key: key.AttributeName, IndexName })),
    );
  });
  const { name, key, IndexName } = picked(keys, dice);
  return (now) => withRenamedKey(now, name, key, IndexName);
}

function wrongTrust(templates: Templates, dice: Dice): Make {
  const { name } = picked(resourcesOf(templates, 'AWS::IAM::Role'), dice);
  return (now) => withWrongTrust(now, name);
}

function together(templates: Templates, makes: readonly Make[]): Pick<Round, 'mutations' | 'templates'> {
  const mutations: Mutation[] = [];
  for (const make of makes) mutations.push(make(mutations.at(-1)?.templates ?? templates));
  return { mutations, templates: mutations.at(-1)?.templates ?? templates };
}

function isPossible(templates: Templates, make: Make): boolean {
  try {
    make(templates);
    return true;
  } catch (error) {
    if (error instanceof NothingToChange) return false;
    throw error;
  }
}

const functionsOf = (templates: Templates): Found[] => resourcesOf(templates, 'AWS::Lambda::Function');

/** @throws NothingToChange when there is nothing to pick from. */
function picked<T>(from: readonly T[], dice: Dice): T {
  const [one] = from.slice(dice.below(Math.max(1, from.length)));
  if (one === undefined) throw new NothingToChange('There is nothing of this kind in the assembly');
  return one;
}

function shuffled<T>(from: readonly T[], dice: Dice): T[] {
  const left = [...from];
  return from.flatMap(() => left.splice(dice.below(left.length), 1));
}
