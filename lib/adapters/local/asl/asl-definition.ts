import { LOCAL_ACCOUNT, LOCAL_REGION } from './status-change-event.ts';

/** What is left of a machine once it is ready to run here. */
export interface PreparedDefinition {
  definition: AslMachine;
  /** Every state by name, those of branches and iterations included; Step Functions wants them unique. */
  states: Map<string, { alias: string; timeoutMilliseconds: number; type: string }>;
}

export interface AslMachine {
  StartAt: string;
  States: Record<string, AslState>;
  TimeoutSeconds?: number;
  QueryLanguage?: string;
}
type AslState = Record<string, unknown> & { Type: string };

/** `setTimeout` fires at once for more than 2^31 - 1 milliseconds: some 24 days, where ASL allows years. */
const MAX_SECONDS = 2_147_483;

/**
 * Makes a definition fit for `aws-local-stepfunctions`, which takes 60 seconds for a task that names no
 * timeout, knows no `$$.State` and runs JSONata as if it were JSONPath.
 * @throws TypeError for a definition that it would run wrongly.
 */
export function prepareDefinition(
  source: object,
  substitutions: Record<string, string> = {},
): PreparedDefinition {
  const text = JSON.stringify(source).replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = substitutions[name] ?? localArn(name);
    return JSON.stringify(value).slice(1, -1);
  });
  const definition = JSON.parse(text) as AslMachine;
  const states: PreparedDefinition['states'] = new Map();
  prepareStates(definition, states);
  return { definition, states };
}

const localArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

function prepareStates(machine: AslMachine, states: PreparedDefinition['states']): void {
  if (machine.QueryLanguage === 'JSONata') throw new TypeError('JSONata is not supported here');
  if (machine.TimeoutSeconds !== undefined) {
    machine.TimeoutSeconds = Math.min(machine.TimeoutSeconds, MAX_SECONDS);
  }
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.QueryLanguage === 'JSONata') throw new TypeError(`JSONata is not supported here (${name})`);
    if (states.has(name)) throw new TypeError(`Two states are called ${name}`);
    const timeoutSeconds = prepareTimeout(state);
    const alias = `s${states.size}`;
    states.set(name, { alias, timeoutMilliseconds: timeoutSeconds * 1000, type: state.Type });
    for (const inner of innerMachines(state)) prepareStates(inner, states);
    machine.States[name] = withStateContext(state, alias) as AslState;
  }
}

/** Every state by name, those of branches and iterations included. */
export const statesOf = (machine: AslMachine): [string, AslState][] =>
  Object.entries(machine.States ?? {}).flatMap(([name, state]): [string, AslState][] => [
    [name, state],
    ...innerMachines(state).flatMap(statesOf),
  ]);

function prepareTimeout(state: AslState): number {
  if (state.Type !== 'Task') return MAX_SECONDS;
  const seconds = typeof state.TimeoutSeconds === 'number' ? state.TimeoutSeconds : MAX_SECONDS;
  const timeout = Math.min(seconds, MAX_SECONDS);
  if (state.TimeoutSecondsPath === undefined) state.TimeoutSeconds = timeout;
  return timeout;
}

function innerMachines(state: AslState): AslMachine[] {
  const { Branches = [], Iterator: iterator, ItemProcessor } = state;
  return [...(Branches as AslMachine[]), iterator, ItemProcessor].filter(
    (machine): machine is AslMachine => machine !== undefined,
  );
}

/** Members whose text is not evaluated, or belongs to states that are prepared by themselves. */
const NOT_OURS = new Set(['Comment', 'Result', 'Error', 'Cause', 'Branches', 'Iterator', 'ItemProcessor']);

/**
 * Points `$$.State` at a context of the state's own: the library has one context for a whole execution,
 * in which states of parallel branches would read each other's retries.
 */
function withStateContext(value: unknown, alias: string): unknown {
  if (typeof value === 'string') return value.replace(/\$\$\.State(?=\.)/g, `$$$$.StateOf.${alias}`);
  if (Array.isArray(value)) return value.map((item) => withStateContext(item, alias));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      NOT_OURS.has(key) ? member : withStateContext(member, alias),
    ]),
  );
}
