import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Attempt, Frame, Left, Limits, Works } from './attempt.ts';
import { isTimestamp } from './choice.ts';
import type { Machine, Retrier, State, StateOf, States } from './definition.ts';
import { errorOutput, isMeant, StatesError } from './failure.ts';
import { inJsonata } from './in-jsonata.ts';
import { inJsonPath } from './in-jsonpath.ts';
import { asJson, type JsonObject } from './json.ts';
import { evaluateAll } from './jsonata.ts';
import { place } from './paths.ts';
import { fill } from './payload-template.ts';
import { Scope } from './scope.ts';
import { within } from './within.ts';

/** What a Task state asks somebody else to do. */
export interface TaskCall {
  state: string;
  resource: string;
  /** What `Parameters` or `Arguments` made of the input. */
  input: unknown;
  /** How often the state was tried before. */
  retryCount: number;
  /** What `.waitForTaskToken` waits for to come back. */
  token: string | undefined;
  /** In how many seconds a sign of life has to come with the token. */
  heartbeatSeconds: number | undefined;
}

/** What an execution needs of the world. */
export interface World {
  /** Rejects with a StatesError where the task failed. */
  call(call: TaskCall, signal: AbortSignal): Promise<unknown>;
  newToken(): string;
  /** In milliseconds. Rejects when the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Told of every state when it is entered and when it is left. */
  onState?(moment: 'entered' | 'exited', state: string): void;
}

export interface ExecutionFacts {
  execution: { Id: string; Name: string; RoleArn: string };
  stateMachine: { Id: string; Name: string };
}

/** A state took longer than its `TimeoutSeconds`. Step Functions tells no cause. */
class TimedOut extends StatesError {
  constructor() {
    super('States.Timeout');
  }
}

/** The whole execution took longer than the `TimeoutSeconds` of its machine. */
export class ExecutionTimedOut extends TimedOut {}

/** After so many events Step Functions ends an execution. */
const MOST_EVENTS = 25_000;

/**
 * How many events Step Functions records of a state beside that it is entered and left: each try of a task is
 * scheduled, begun and over; Parallel and Map begin and are over, as does each iteration.
 */
const EVENTS = { Task: 3, Parallel: 2, Map: 2, iteration: 2 } as const;

/** Inline, a Map works on so many items at once. */
const MOST_ITERATIONS = 40;

/**
 * Runs a state machine to its end and resolves with its output.
 * @throws StatesError where it failed, ExecutionTimedOut for its own `TimeoutSeconds`; the reason of the signal
 * where it was aborted
 */
export async function execute(
  machine: Machine,
  input: unknown,
  facts: ExecutionFacts,
  world: World,
  signal: AbortSignal,
): Promise<unknown> {
  const context = {
    Execution: {
      ...facts.execution,
      Input: input,
      StartTime: new Date(world.now()).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: facts.stateMachine,
  };
  const { QueryLanguage: language } = machine;
  const running = new Running(world);
  return await within(world, machine.TimeoutSeconds, signal, ExecutionTimedOut, (inTime) =>
    running.states(machine, input, { scope: new Scope(), context, language, signal: inTime }),
  );
}

class Running implements Works {
  readonly #world: World;
  /** That the execution began is one. */
  #events = 1;

  constructor(world: World) {
    this.#world = world;
  }

  async states(machine: States, input: unknown, frame: Frame): Promise<unknown> {
    let name: string | undefined = machine.StartAt;
    let value = input;
    while (name !== undefined) {
      const state: State | undefined = machine.States[name];
      if (state === undefined) throw new StatesError('States.Runtime', `There is no state '${name}'.`);
      frame.signal.throwIfAborted();
      this.#tell('entered', name);
      // A machine that goes round in a circle leaves a turn to everybody else.
      await nextTurn();
      frame.signal.throwIfAborted();
      const { output, next, assign }: Left = await this.#state(name, state, value, frame);
      value = asJson(output, `The output of the state '${name}'`);
      frame.scope.assign(assign);
      this.#tell('exited', name);
      name = next;
    }
    return value;
  }

  #tell(moment: 'entered' | 'exited', state: string): void {
    this.#count(1);
    this.#world.onState?.(moment, state);
  }

  #count(events: number): void {
    this.#events += events;
    if (this.#events > MOST_EVENTS)
      throw new StatesError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MOST_EVENTS}).`,
      );
  }

  /** Tries a state until it is left: by its `Next`, by a catcher, or by failing. */
  async #state(name: string, state: State, input: unknown, frame: Frame): Promise<Left> {
    const language = state.QueryLanguage ?? frame.language;
    const entered = { Name: name, EnteredTime: new Date(this.#world.now()).toISOString() };
    const counts = new Map<Retrier, number>();
    for (let retryCount = 0; ; retryCount += 1) {
      const State = 'Retry' in state ? { ...entered, RetryCount: retryCount } : entered;
      const context = { ...frame.context, State };
      const attempt: Attempt = { ...frame, context, name, input, retryCount };
      try {
        return await (language === 'JSONata' ? inJsonata : inJsonPath)(state, attempt, this);
      } catch (error) {
        frame.signal.throwIfAborted();
        const failure =
          error instanceof StatesError
            ? error
            : new StatesError('States.Runtime', String(error), { cause: error });
        if (!('Retry' in state)) throw failure;
        const delay = this.#delay(state.Retry, failure, counts);
        if (delay === undefined)
          return await (language === 'JSONata' ? caughtInJsonata : caughtInJsonPath)(state, failure, attempt);
        await this.#world.wait(delay * 1000, frame.signal);
      }
    }
  }

  /** In how many seconds the state is tried again; undefined for never. */
  #delay(retriers: Retrier[], failure: StatesError, counts: Map<Retrier, number>): number | undefined {
    const retrier = retriers.find(({ ErrorEquals }) => isMeant(ErrorEquals, failure));
    if (retrier === undefined) return undefined;
    const count = counts.get(retrier) ?? 0;
    if (count >= retrier.MaxAttempts) return undefined;
    counts.set(retrier, count + 1);
    const {
      IntervalSeconds,
      BackoffRate,
      MaxDelaySeconds = Number.POSITIVE_INFINITY,
      JitterStrategy,
    } = retrier;
    const delay = Math.min(IntervalSeconds * BackoffRate ** count, MaxDelaySeconds);
    return JitterStrategy === 'FULL' ? delay * this.#world.random() : delay;
  }

  newToken(): string {
    return this.#world.newToken();
  }

  async pause(seconds: number | undefined, timestamp: unknown, { signal }: Attempt): Promise<void> {
    if (timestamp === undefined) return await this.#world.wait((seconds ?? 0) * 1000, signal);
    if (!isTimestamp(timestamp))
      throw new StatesError(
        'States.Runtime',
        `'${String(timestamp)}' is no timestamp. Write it as 2030-01-31T12:00:00Z.`,
      );
    await this.#world.wait(Math.max(0, Date.parse(timestamp) - this.#world.now()), signal);
  }

  async task(
    { Type, Resource }: StateOf<'Task'>,
    { name, retryCount, signal }: Attempt,
    given: unknown,
    token: string | undefined,
    { timeout, heartbeat }: Limits,
  ): Promise<unknown> {
    const input = asJson(given, `The input of the task '${name}'`);
    const call: TaskCall = {
      state: name,
      resource: Resource,
      input,
      retryCount,
      token,
      heartbeatSeconds: heartbeat,
    };
    this.#count(EVENTS[Type]);
    const result = await within(this.#world, timeout, signal, TimedOut, (inTime) =>
      this.#world.call(call, inTime),
    );
    return asJson(result, `The result of the task '${name}'`);
  }

  /** All branches at once; the first that fails ends the others. */
  async branches(
    { Type, Branches }: StateOf<'Parallel'>,
    given: unknown,
    attempt: Attempt,
  ): Promise<unknown[]> {
    this.#count(EVENTS[Type]);
    return await within(this.#world, undefined, attempt.signal, TimedOut, (signal) =>
      Promise.all(
        Branches.map((branch) => {
          const frame = { ...inside(attempt), signal };
          return this.states(branch, asJson(given, `The input of '${attempt.name}'`), frame);
        }),
      ),
    );
  }

  /** So many iterations at once; the first that fails ends the others. */
  async map(
    { Type, ItemProcessor }: StateOf<'Map'>,
    items: unknown[],
    most: number | undefined,
    attempt: Attempt,
    select: (item: unknown, context: JsonObject) => unknown,
  ): Promise<unknown[]> {
    this.#count(EVENTS[Type]);
    const results: unknown[] = new Array(items.length);
    const todo = items.entries();
    const iterate = async (Index: number, Value: unknown, signal: AbortSignal): Promise<unknown> => {
      this.#count(EVENTS.iteration);
      const item = { Map: { Item: { Index, Value } } };
      const selected = await select(Value, { ...attempt.context, ...item });
      const { context, ...frame } = inside(attempt);
      return await this.states(ItemProcessor, asJson(selected, `An item of '${attempt.name}'`), {
        ...{ ...frame, context: { ...context, ...item }, signal },
      });
    };
    await within(this.#world, undefined, attempt.signal, TimedOut, (signal) => {
      const work = async (): Promise<void> => {
        for (const [index, value] of todo) results[index] = await iterate(index, value, signal);
      };
      const workers = Math.min(most || MOST_ITERATIONS, MOST_ITERATIONS, items.length);
      return Promise.all(Array.from({ length: workers }, work));
    });
    return results;
  }
}

/** States within have a `$$.State` and variables of their own. */
function inside({ context, scope, language, signal }: Attempt): Frame {
  const { State: _, ...others } = context;
  return { scope: scope.inner(), context: others, language, signal };
}

type Guarded = StateOf<'Task' | 'Parallel' | 'Map'>;

const catcherOf = ({ Catch }: Guarded, failure: StatesError) => {
  const catcher = Catch.find(({ ErrorEquals }) => isMeant(ErrorEquals, failure));
  if (catcher === undefined) throw failure;
  return catcher;
};

async function caughtInJsonata(state: Guarded, failure: StatesError, attempt: Attempt): Promise<Left> {
  const { Assign = {}, Output, Next: next } = catcherOf(state, failure);
  const { input, context, scope } = attempt;
  const told = errorOutput(failure);
  const states = { input, context, errorOutput: told };
  const assign = await evaluateAll(Assign, 'Assign', states, scope);
  const output = Output === undefined ? told : await evaluateAll(Output, 'Output', states, scope);
  return { output, next, assign: assign as JsonObject };
}

async function caughtInJsonPath(state: Guarded, failure: StatesError, attempt: Attempt): Promise<Left> {
  const { Assign = {}, ResultPath = '$', Next: next } = catcherOf(state, failure);
  const { input, context, scope } = attempt;
  const told = errorOutput(failure);
  return {
    output: ResultPath === null ? input : place(ResultPath, input, told),
    next,
    assign: fill(Assign, { data: told, context, scope }) as JsonObject,
  };
}
