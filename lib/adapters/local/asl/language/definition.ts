import { z } from 'zod';
import { wrongRule } from './choice.ts';

/**
 * Amazon States Language as far as one process can run it: both query languages, all eight types of state.
 * https://states-language.net/spec.html
 */
export type QueryLanguage = 'JSONPath' | 'JSONata';

const queryLanguage = z.enum(['JSONPath', 'JSONata']);
const object = z.record(z.string(), z.unknown());
/** A number, or in JSONata an expression. */
const numeric = z.union([z.number().min(0), z.string()]);
const path = z.string().startsWith('$').or(z.string().startsWith('States.'));
const errorEquals = z.array(z.string()).min(1);

const retrier = z.object({
  ErrorEquals: errorEquals,
  /** AWS takes whole seconds; fractions make quick tests. */
  IntervalSeconds: z.number().min(0).default(1),
  MaxAttempts: z.number().int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().min(0).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
export type Retrier = z.output<typeof retrier>;

const catcher = z.object({
  ErrorEquals: errorEquals,
  Next: z.string(),
  ResultPath: path.nullable().optional(),
  Assign: object.optional(),
  Output: z.unknown().optional(),
});

const common = {
  QueryLanguage: queryLanguage.optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Assign: object.optional(),
  InputPath: path.nullable().optional(),
  OutputPath: path.nullable().optional(),
  ResultPath: path.nullable().optional(),
  Output: z.unknown().optional(),
};
const guarded = {
  ...common,
  Parameters: z.unknown().optional(),
  Arguments: z.unknown().optional(),
  ResultSelector: object.optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
};

/** With the comparisons of JSONPath, which `checkRule` looks at. */
const choiceRule = z.looseObject({
  Next: z.string(),
  Condition: z.union([z.string(), z.boolean()]).optional(),
  Assign: object.optional(),
  Output: z.unknown().optional(),
});

const task = z.object({
  ...guarded,
  Type: z.literal('Task'),
  Resource: z.string(),
  TimeoutSeconds: numeric.optional(),
  TimeoutSecondsPath: path.optional(),
  HeartbeatSeconds: numeric.optional(),
  HeartbeatSecondsPath: path.optional(),
});
const pass = z.object({
  ...common,
  Type: z.literal('Pass'),
  Result: z.unknown().optional(),
  Parameters: z.unknown().optional(),
});
const choice = z.object({
  ...common,
  Type: z.literal('Choice'),
  Choices: z.array(choiceRule).min(1),
  Default: z.string().optional(),
});
const wait = z.object({
  ...common,
  Type: z.literal('Wait'),
  Seconds: numeric.optional(),
  SecondsPath: path.optional(),
  Timestamp: z.string().optional(),
  TimestampPath: path.optional(),
});
const succeed = z.object({ ...common, Type: z.literal('Succeed') });
const fail = z.object({
  QueryLanguage: queryLanguage.optional(),
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  ErrorPath: path.optional(),
  Cause: z.string().optional(),
  CausePath: path.optional(),
});
/** Machines within are read by themselves: a schema that is a part of itself has no type. */
const parallel = z.object({ ...guarded, Type: z.literal('Parallel'), Branches: z.array(z.unknown()).min(1) });
const map = z.object({
  ...guarded,
  Type: z.literal('Map'),
  ItemProcessor: z.unknown().optional(),
  Iterator: z.unknown().optional(),
  ItemsPath: path.optional(),
  Items: z.unknown().optional(),
  ItemSelector: z.unknown().optional(),
  MaxConcurrency: numeric.optional(),
  MaxConcurrencyPath: path.optional(),
  ...{
    ItemReader: z.never().optional(),
    ItemBatcher: z.never().optional(),
    ResultWriter: z.never().optional(),
  },
});
const state = z.discriminatedUnion('Type', [task, pass, choice, wait, succeed, fail, parallel, map]);

type ParallelState = Omit<z.output<typeof parallel>, 'Branches'> & { Branches: States[] };
/** `Iterator` is the older name of its processor. */
type MapState = Omit<z.output<typeof map>, 'ItemProcessor' | 'Iterator'> & { ItemProcessor: States };
export type State =
  | z.output<typeof task>
  | z.output<typeof pass>
  | z.output<typeof choice>
  | z.output<typeof wait>
  | z.output<typeof succeed>
  | z.output<typeof fail>
  | ParallelState
  | MapState;
export type StateOf<Type extends State['Type']> = Extract<State, { Type: Type }>;

export interface States {
  StartAt: string;
  States: Record<string, State>;
}
export interface Machine extends States {
  QueryLanguage: QueryLanguage;
  TimeoutSeconds: number | undefined;
}

const states = z.object({
  StartAt: z.string(),
  States: z.record(z.string().min(1).max(80), z.unknown()),
  ProcessorConfig: z.object({ Mode: z.enum(['INLINE', 'DISTRIBUTED']).optional() }).optional(),
});
const machine = z.object({
  QueryLanguage: queryLanguage.default('JSONPath'),
  TimeoutSeconds: z.number().gt(0).optional(),
});

/**
 * Reads a definition, and looks whether all of it can be run.
 * @throws TypeError with a sentence that names the place
 */
export function readMachine(source: unknown): Machine {
  const { QueryLanguage, TimeoutSeconds } = read(machine, source, '');
  return { ...readStates(source, '', QueryLanguage, new Set()), QueryLanguage, TimeoutSeconds };
}

const NO_MACHINE = 'It is no state machine, which is an object with StartAt and States.';

function read<Schema extends z.ZodType>(schema: Schema, source: unknown, at: string): z.output<Schema> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [at, ...(issue?.path ?? []).map(String)].filter((step) => step !== '').join('.');
  throw new TypeError(where === '' ? NO_MACHINE : `${where}: ${issue?.message ?? 'it cannot be read'}`);
}

function readStates(source: unknown, at: string, language: QueryLanguage, seen: Set<string>): States {
  const { StartAt, States: found, ProcessorConfig } = read(states, source, at);
  if (ProcessorConfig?.Mode === 'DISTRIBUTED')
    throw new TypeError(`${at} is a distributed Map, which runs on AWS only. Here a Map is INLINE.`);
  const entries = Object.entries(found).map(([name, inner]): [string, State] => {
    if (seen.has(name)) throw new TypeError(`Two states are called '${name}'.`);
    seen.add(name);
    return [name, readState(inner, [at, 'States', name].filter(Boolean).join('.'), name, language, seen)];
  });
  const names = new Set(Object.keys(found));
  const mustBeThere = (name: string | undefined, from: string): void => {
    if (name !== undefined && !names.has(name))
      throw new TypeError(`${from} leads to '${name}', and there is no such state beside it.`);
  };
  mustBeThere(StartAt, 'StartAt');
  for (const [name, inner] of entries)
    for (const target of targetsOf(inner)) mustBeThere(target, `The state '${name}'`);
  return { StartAt, States: Object.fromEntries(entries) };
}

function readState(
  source: unknown,
  at: string,
  name: string,
  language: QueryLanguage,
  seen: Set<string>,
): State {
  const found = read(state, source, at);
  checkState(name, found, Object(source), { own: found.QueryLanguage ?? language, machine: language });
  if (found.Type === 'Parallel') {
    const { Branches, ...others } = found;
    const read = Branches.map((branch, no) => readStates(branch, `${at}.Branches.${no}`, language, seen));
    return { ...others, Branches: read };
  }
  if (found.Type !== 'Map') return found;
  const { ItemProcessor, Iterator: iterator, ...others } = found;
  if (ItemProcessor === undefined && iterator === undefined)
    throw new TypeError(`The state '${name}' needs an ItemProcessor.`);
  const processor = readStates(ItemProcessor ?? iterator, `${at}.ItemProcessor`, language, seen);
  return { ...others, ItemProcessor: processor };
}

/** Members of one query language that the other one does not have. */
const STRANGE: Record<QueryLanguage, readonly string[]> = {
  JSONata: [
    ...['InputPath', 'OutputPath', 'ResultPath', 'ResultSelector', 'Parameters', 'Result', 'ItemsPath'],
    ...['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath'],
    ...['ErrorPath', 'CausePath'],
  ],
  JSONPath: ['Output', 'Arguments', 'Items'],
};

function checkState(
  name: string,
  found: z.output<typeof state>,
  source: object,
  { own, machine: machines }: { own: QueryLanguage; machine: QueryLanguage },
): void {
  if (own === 'JSONPath' && machines === 'JSONata')
    throw new TypeError(`The state '${name}' cannot be in JSONPath: its machine is in JSONata.`);
  const catchers = 'Catch' in found ? found.Catch : [];
  for (const part of [source, ...catchers]) {
    const strange = STRANGE[own].find((member) => Object.hasOwn(part, member));
    if (strange !== undefined)
      throw new TypeError(`The state '${name}' is written in ${own}, which has no member ${strange}.`);
  }
  if ('Retry' in found) for (const guards of [found.Retry, found.Catch]) checkGuards(name, guards);
  checkVariables(name, found);
  if (found.Type === 'Choice')
    for (const rule of found.Choices) {
      const wrong = own === 'JSONata' ? wrongCondition(rule) : wrongRule(rule);
      if (wrong !== undefined) throw new TypeError(`A choice of the state '${name}' ${wrong}.`);
    }
  if (found.Type === 'Succeed' || found.Type === 'Fail') return;
  if (found.Type !== 'Choice' && (found.Next === undefined) === (found.End !== true))
    throw new TypeError(`The state '${name}' needs either Next or End.`);
  if (found.Type !== 'Wait') return;
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = found;
  const given = [Seconds, SecondsPath, Timestamp, TimestampPath].filter((member) => member !== undefined);
  if (given.length !== 1)
    throw new TypeError(`The state '${name}' needs one of Seconds, SecondsPath, Timestamp, TimestampPath.`);
}

function checkGuards(name: string, guards: readonly { ErrorEquals: string[] }[]): void {
  for (const [no, { ErrorEquals }] of guards.entries())
    if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || no < guards.length - 1))
      throw new TypeError(`In the state '${name}' States.ALL has to stand alone, and last.`);
}

const VARIABLE = /^[\p{L}\p{Nl}][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]{0,79}$/u;

function checkVariables(name: string, found: z.output<typeof state>): void {
  const own = 'Assign' in found ? [found] : [];
  const others = 'Choices' in found ? found.Choices : 'Catch' in found ? found.Catch : [];
  for (const { Assign = {} } of [...own, ...others])
    for (const member of Object.keys(Assign)) {
      const variable = member.replace(/\.\$$/, '');
      if (!VARIABLE.test(variable) || variable === 'states')
        throw new TypeError(`The state '${name}' assigns '${variable}', which cannot be a variable's name.`);
    }
}

const wrongCondition = ({ Condition }: z.output<typeof choiceRule>): string | undefined =>
  Condition === undefined ? 'has no Condition' : undefined;

function targetsOf(found: State): (string | undefined)[] {
  switch (found.Type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Choice':
      return [found.Default, ...found.Choices.map(({ Next }) => Next)];
    case 'Task':
    case 'Parallel':
    case 'Map':
      return [found.Next, ...found.Catch.map(({ Next }) => Next)];
    default:
      return [found.Next];
  }
}

const machinesIn = (found: State): States[] => {
  if (found.Type === 'Parallel') return found.Branches;
  return found.Type === 'Map' ? [found.ItemProcessor] : [];
};

/** Every state by name, those of branches and iterations included: Step Functions wants names to be unique. */
export const statesOf = ({ States: found }: States): [string, State][] =>
  Object.entries(found).flatMap(([name, inner]): [string, State][] => [
    [name, inner],
    ...machinesIn(inner).flatMap(statesOf),
  ]);
