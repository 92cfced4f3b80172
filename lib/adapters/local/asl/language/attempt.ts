import type { QueryLanguage, StateOf } from './definition.ts';
import { StatesError } from './failure.ts';
import type { JsonObject } from './json.ts';
import type { Scope } from './scope.ts';

/** What the states of one machine, branch or iteration have in common. */
export interface Frame {
  scope: Scope;
  /** Of the execution, and of the iteration where there is one. */
  context: JsonObject;
  /** Of the machine; a state may have one of its own. */
  language: QueryLanguage;
  signal: AbortSignal;
}

/** One try of a state. */
export interface Attempt extends Frame {
  name: string;
  input: unknown;
  retryCount: number;
}

/** How a state was left; `assign` is what its variables become with it. */
export interface Left {
  output: unknown;
  next: string | undefined;
  assign: JsonObject;
}

/** How long a task may take, and be silent, in seconds. */
export interface Limits {
  timeout: number | undefined;
  heartbeat: number | undefined;
}

/** What both query languages have done for them. */
export interface Works {
  newToken(): string;
  pause(seconds: number | undefined, timestamp: unknown, attempt: Attempt): Promise<void>;
  task(
    state: StateOf<'Task'>,
    attempt: Attempt,
    given: unknown,
    token: string | undefined,
    limits: Limits,
  ): Promise<unknown>;
  branches(state: StateOf<'Parallel'>, given: unknown, attempt: Attempt): Promise<unknown[]>;
  map(
    state: StateOf<'Map'>,
    items: unknown[],
    most: number | undefined,
    attempt: Attempt,
    select: (item: unknown, context: JsonObject) => unknown,
  ): Promise<unknown[]>;
}

export const noChoice = (name: string): never => {
  throw new StatesError(
    'States.NoChoiceMatched',
    `No choice of the state '${name}' holds, and it has no Default.`,
  );
};

/** @throws StatesError `error` for what is no number from 0 on. */
export function notNegative(value: unknown, field: string, error: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= 0))
    throw new StatesError(
      error,
      `${field} has to be a number that is not negative, not ${JSON.stringify(value)}.`,
    );
  return value;
}
