import { setImmediate as nextTurn } from 'node:timers/promises';
import { holds, isTimestamp } from './choice.ts';
import type { Machine, QueryLanguage, Retrier, State, StateOf, States } from './definition.ts';
import { errorOutput, isMeant, StatesError } from './failure.ts';
import { asJson, type JsonObject } from './json.ts';
import { evaluateAll, type StatesVariable } from './jsonata.ts';
import { place, type Roots, resolve } from './paths.ts';
import { evaluate, fill } from './payload-template.ts';
import { Scope } from './scope.ts';

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
  onState?(moment: 'entered' | 'exited' | 'retried' | 'failed', state: string): void;
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

/** After so many events Step Functions ends an execution; entering and leaving a state are one each. */
const MOST_EVENTS = 25_000;

interface Frame {
  scope: Scope;
  /** Of the execution, and of the iteration where there is one. */
  context: JsonObject;
  /** Of the machine; a state may have one of its own. */
  language: QueryLanguage;
  signal: AbortSignal;
}

/** One try of a state. */
interface Attempt extends Frame {
  name: string;
  input: unknown;
  retryCount: number;
}

interface Left {
  output: unknown;
  next: string | undefined;
}

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
  return await running.within(machine.TimeoutSeconds, signal, ExecutionTimedOut, (inTime) =>
    running.states(machine, input, { scope: new Scope(), context, language, signal: inTime }),
  );
}

class Running {
  readonly #world: World;
  #events = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async states(machine: States, input: unknown, frame: Frame): Promise<unknown> {
    let name: string | undefined = machine.StartAt;
    let value = input;
    while (name !== undefined) {
      const state: State | undefined = machine.States[name];
      if (state === undefined) throw new StatesError('States.Runtime', `There is no state '${name}'.`);
      // A machine that goes round in a circle leaves a turn to everybody else.
      await nextTurn();
      frame.signal.throwIfAborted();
      this.#tell('entered', name);
      const left: Left = await this.#state(name, state, value, frame);
      this.#tell('exited', name);
      value = asJson(left.output, `The output of the state '${name}'`);
      name = left.next;
    }
    return value;
  }

  /** Does something for at most so many seconds; what takes longer is told by its signal, and fails so. */
  async within<Result>(
    seconds: number | undefined,
    outer: AbortSignal,
    Late: new () => StatesError,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const ending = new AbortController();
    const end = (): void => ending.abort(outer.reason);
    if (outer.aborted) end();
    outer.addEventListener('abort', end, { once: true });
    const over = new AbortController();
    const tooLate =
      seconds === undefined
        ? new Promise<never>(() => undefined)
        : this.#world.wait(seconds * 1000, over.signal).then(() => {
            const late = new Late();
            ending.abort(late);
            throw late;
          });
    const ended = new Promise<never>((_, reject) => {
      const tell = (): void => reject(ending.signal.reason);
      if (ending.signal.aborted) tell();
      ending.signal.addEventListener('abort', tell, { once: true });
    });
    tooLate.catch(() => undefined); // The clock that is stopped below rejects as well.
    ended.catch(() => undefined);
    try {
      return await Promise.race([work(ending.signal), tooLate, ended]);
    } finally {
      over.abort();
      outer.removeEventListener('abort', end);
      if (!ending.signal.aborted) ending.abort(new Error('It is over'));
    }
  }

  #tell(moment: 'entered' | 'exited' | 'retried' | 'failed', state: string): void {
    this.#events += 1;
    if (this.#events > MOST_EVENTS)
      throw new StatesError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MOST_EVENTS}).`,
      );
    this.#world.onState?.(moment, state);
  }

  /** Tries a state until it is left: by its `Next`, by a catcher, or by failing. */
  async #state(name: string, state: State, input: unknown, frame: Frame): Promise<Left> {
    const language = state.QueryLanguage ?? frame.language;
    const entered = new Date(this.#world.now()).toISOString();
    const counts = new Map<Retrier, number>();
    for (let retryCount = 0; ; retryCount += 1) {
      const context = {
        ...frame.context,
        State: { Name: name, EnteredTime: entered, RetryCount: retryCount },
      };
      const attempt: Attempt = { ...frame, context, name, input, retryCount };
      try {
        return await (language === 'JSONata'
          ? this.#inJsonata(state, attempt)
          : this.#inJsonPath(state, attempt));
      } catch (error) {
        frame.signal.throwIfAborted();
        const failure =
          error instanceof StatesError
            ? error
            : new StatesError('States.Runtime', String(error), { cause: error });
        this.#tell('failed', name);
        if (!('Retry' in state)) throw failure;
        const guarded = state as StateOf<'Task'>;
        const delay = this.#delay(guarded.Retry, failure, counts);
        if (delay === undefined) return await this.#caught(guarded, failure, language, attempt);
        this.#tell('retried', name);
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

  async #caught(
    { Catch }: StateOf<'Task'>,
    failure: StatesError,
    language: QueryLanguage,
    { input, scope, context }: Attempt,
  ): Promise<Left> {
    const catcher = Catch.find(({ ErrorEquals }) => isMeant(ErrorEquals, failure));
    if (catcher === undefined) throw failure;
    const told = errorOutput(failure);
    if (language === 'JSONata') {
      const states: StatesVariable = { input, context, errorOutput: told };
      const assigned = await evaluateAll(catcher.Assign ?? {}, 'Assign', states, scope);
      const output =
        catcher.Output === undefined ? told : await evaluateAll(catcher.Output, 'Output', states, scope);
      scope.assign(assigned as JsonObject);
      return { output, next: catcher.Next };
    }
    const assigned = fill(catcher.Assign ?? {}, { data: told, context, scope });
    scope.assign(assigned as JsonObject);
    const { ResultPath = '$' } = catcher;
    return { output: ResultPath === null ? input : place(ResultPath, input, told), next: catcher.Next };
  }

  // JSONPath: input is filtered, a result is put into it, and what leaves is filtered again.

  async #inJsonPath(state: State, attempt: Attempt): Promise<Left> {
    const { input, context, scope } = attempt;
    const of = (data: unknown): Roots => ({ data, context, scope });
    if (state.Type === 'Fail') throw failOf(state, of(input));
    const { InputPath = '$', OutputPath = '$', ResultPath = '$' } = state;
    const given = InputPath === null ? {} : evaluatePath(InputPath, of(input));
    const leave = (
      result: unknown,
      selected: unknown,
      next: string | undefined,
      assign?: JsonObject,
    ): Left => {
      const assigned = fill(assign ?? {}, of(selected)) as JsonObject;
      scope.assign(assigned);
      return { output: OutputPath === null ? {} : evaluatePath(OutputPath, of(result)), next };
    };
    switch (state.Type) {
      case 'Succeed':
        return leave(given, given, undefined);
      case 'Choice': {
        const chosen = state.Choices.find((rule) => holds(rule, of(given)));
        const next = chosen?.Next ?? state.Default ?? noChoice(attempt.name);
        return leave(given, given, next, chosen === undefined ? state.Assign : chosen.Assign);
      }
      case 'Wait': {
        const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
        const seconds = SecondsPath === undefined ? Seconds : evaluatePath(SecondsPath, of(given));
        const timestamp = TimestampPath === undefined ? Timestamp : evaluatePath(TimestampPath, of(given));
        await this.#pause(seconds, timestamp, attempt.signal);
        return leave(given, given, state.Next, state.Assign);
      }
      case 'Pass': {
        const filled = state.Parameters === undefined ? given : fill(state.Parameters, of(given));
        const result = Object.hasOwn(state, 'Result') ? state.Result : filled;
        return leave(placed(ResultPath, input, result), result, state.Next, state.Assign);
      }
      default: {
        const raw = await this.#workInJsonPath(state, given, attempt);
        const { ResultSelector } = state;
        const result = ResultSelector === undefined ? raw : fill(ResultSelector, of(raw));
        return leave(placed(ResultPath, input, result), result, state.Next, state.Assign);
      }
    }
  }

  async #workInJsonPath(
    state: StateOf<'Task' | 'Parallel' | 'Map'>,
    given: unknown,
    attempt: Attempt,
  ): Promise<unknown> {
    const { scope } = attempt;
    const number = (fixed: unknown, path: string | undefined, field: string): number | undefined =>
      seconds(
        path === undefined ? fixed : resolve(path, { data: given, context: attempt.context, scope }),
        field,
      );
    if (state.Type === 'Task') {
      const token = state.Resource.endsWith('.waitForTaskToken') ? this.#world.newToken() : undefined;
      const context = token === undefined ? attempt.context : { ...attempt.context, Task: { Token: token } };
      const roots = { data: given, context, scope };
      const input = state.Parameters === undefined ? given : fill(state.Parameters, roots);
      return await this.#task(state, attempt, input, token, {
        timeout: number(state.TimeoutSeconds, state.TimeoutSecondsPath, 'TimeoutSeconds'),
        heartbeat: number(state.HeartbeatSeconds, state.HeartbeatSecondsPath, 'HeartbeatSeconds'),
      });
    }
    const roots = { data: given, context: attempt.context, scope };
    if (state.Type === 'Parallel')
      return await this.#branches(
        state,
        state.Parameters === undefined ? given : fill(state.Parameters, roots),
        attempt,
      );
    const items = resolve(state.ItemsPath ?? '$', roots);
    const selector = state.ItemSelector ?? state.Parameters;
    return await this.#map(
      state,
      items,
      number(state.MaxConcurrency, state.MaxConcurrencyPath, 'MaxConcurrency'),
      attempt,
      (item, context) => (selector === undefined ? item : fill(selector, { data: given, context, scope })),
    );
  }

  // JSONata: the input is what it is, and `Output` says what leaves.

  async #inJsonata(state: State, attempt: Attempt): Promise<Left> {
    const { input, context, scope } = attempt;
    const states: StatesVariable = { input, context };
    const read = (value: unknown, field: string, more: Partial<StatesVariable> = {}): Promise<unknown> =>
      evaluateAll(value, field, { ...states, ...more }, scope);
    if (state.Type === 'Fail') {
      const [error, cause] = await Promise.all([read(state.Error, 'Error'), read(state.Cause, 'Cause')]);
      throw new StatesError(textOf(error) ?? '', textOf(cause));
    }
    const leave = async (
      result: unknown,
      next: string | undefined,
      { Assign, Output }: { Assign?: JsonObject | undefined; Output?: unknown },
      hasResult: boolean,
    ): Promise<Left> => {
      const known = hasResult ? { result } : {};
      const assigned = await read(Assign ?? {}, 'Assign', known);
      const output = Output === undefined ? result : await read(Output, 'Output', known);
      scope.assign(assigned as JsonObject);
      return { output, next };
    };
    switch (state.Type) {
      case 'Succeed':
        return await leave(input, undefined, state, false);
      case 'Pass':
        return await leave(input, state.Next, state, false);
      case 'Choice': {
        for (const rule of state.Choices) {
          const condition = await read(rule.Condition, 'Condition');
          if (typeof condition !== 'boolean')
            throw new StatesError(
              'States.QueryEvaluationError',
              `The Condition of a rule of '${attempt.name}' has to be true or false.`,
            );
          if (condition) return await leave(input, rule.Next, { Output: state.Output, ...rule }, false);
        }
        return await leave(input, state.Default ?? noChoice(attempt.name), state, false);
      }
      case 'Wait': {
        await this.#pause(
          await read(state.Seconds, 'Seconds'),
          await read(state.Timestamp, 'Timestamp'),
          attempt.signal,
        );
        return await leave(input, state.Next, state, false);
      }
      case 'Task': {
        const token = state.Resource.endsWith('.waitForTaskToken') ? this.#world.newToken() : undefined;
        const withToken = token === undefined ? context : { ...context, Task: { Token: token } };
        const given = await read(state.Arguments ?? {}, 'Arguments', { context: withToken });
        const limits = {
          timeout: seconds(await read(state.TimeoutSeconds, 'TimeoutSeconds'), 'TimeoutSeconds'),
          heartbeat: seconds(await read(state.HeartbeatSeconds, 'HeartbeatSeconds'), 'HeartbeatSeconds'),
        };
        return await leave(await this.#task(state, attempt, given, token, limits), state.Next, state, true);
      }
      case 'Parallel': {
        const given = state.Arguments === undefined ? input : await read(state.Arguments, 'Arguments');
        return await leave(await this.#branches(state, given, attempt), state.Next, state, true);
      }
      case 'Map': {
        const items = state.Items === undefined ? input : await read(state.Items, 'Items');
        const most = seconds(await read(state.MaxConcurrency, 'MaxConcurrency'), 'MaxConcurrency');
        const { ItemSelector } = state;
        const results = await this.#map(state, items, most, attempt, (item, inner) =>
          ItemSelector === undefined ? item : read(ItemSelector, 'ItemSelector', { context: inner }),
        );
        return await leave(results, state.Next, state, true);
      }
    }
  }

  // What both have in common.

  async #pause(given: unknown, timestamp: unknown, signal: AbortSignal): Promise<void> {
    if (timestamp === undefined) {
      await this.#world.wait((seconds(given, 'Seconds') ?? 0) * 1000, signal);
      return;
    }
    if (!isTimestamp(timestamp))
      throw new StatesError(
        'States.Runtime',
        `'${String(timestamp)}' is no timestamp. Write it as 2030-01-31T12:00:00Z.`,
      );
    await this.#world.wait(Math.max(0, Date.parse(timestamp) - this.#world.now()), signal);
  }

  async #task(
    { Resource }: StateOf<'Task'>,
    { name, retryCount, signal }: Attempt,
    given: unknown,
    token: string | undefined,
    { timeout, heartbeat }: { timeout: number | undefined; heartbeat: number | undefined },
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
    const result = await this.within(timeout, signal, TimedOut, (inTime) => this.#world.call(call, inTime));
    return asJson(result, `The result of the task '${name}'`);
  }

  /** All branches at once; the first that fails ends the others. */
  async #branches({ Branches }: StateOf<'Parallel'>, given: unknown, attempt: Attempt): Promise<unknown[]> {
    return await this.within(undefined, attempt.signal, TimedOut, (signal) =>
      Promise.all(
        Branches.map((branch) =>
          this.states(branch, asJson(given, `The input of '${attempt.name}'`), {
            ...{
              scope: attempt.scope.inner(),
              context: outside(attempt),
              language: attempt.language,
              signal,
            },
          }),
        ),
      ),
    );
  }

  async #map(
    state: StateOf<'Map'>,
    found: unknown,
    most: number | undefined,
    attempt: Attempt,
    select: (item: unknown, context: JsonObject) => unknown,
  ): Promise<unknown[]> {
    if (!Array.isArray(found))
      throw new StatesError('States.Runtime', `The items of the Map '${attempt.name}' have to be an array.`);
    const items: unknown[] = found;
    const results: unknown[] = new Array(items.length);
    const todo = items.entries();
    // Inline, Step Functions works on 40 items at once where nothing less is asked for.
    const workers = Math.min(most === undefined || most === 0 ? 40 : most, 40, items.length);
    await this.within(undefined, attempt.signal, TimedOut, (signal) => {
      const work = async (): Promise<void> => {
        for (const [Index, Value] of todo) {
          const context = { ...attempt.context, Map: { Item: { Index, Value } } };
          const input = asJson(
            await select(Value, context),
            `The input of an iteration of '${attempt.name}'`,
          );
          const inner = { ...outside(attempt), Map: { Item: { Index, Value } } };
          results[Index] = await this.states(state.ItemProcessor, input, {
            ...{ scope: attempt.scope.inner(), context: inner, language: attempt.language, signal },
          });
        }
      };
      return Promise.all(Array.from({ length: workers }, work));
    });
    return results;
  }
}

/** States within have a `$$.State` of their own. */
const outside = ({ context: { State: _, ...context } }: Attempt): JsonObject => context;

const evaluatePath = (path: string, roots: Roots): unknown =>
  path.startsWith('States.') ? evaluate(path, roots) : resolve(path, roots);

const placed = (path: string | null, input: unknown, result: unknown): unknown =>
  path === null ? input : place(path, input, result);

const noChoice = (name: string): never => {
  throw new StatesError(
    'States.NoChoiceMatched',
    `No choice of the state '${name}' holds, and it has no Default.`,
  );
};

const textOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

function failOf({ Error: error, ErrorPath, Cause, CausePath }: StateOf<'Fail'>, roots: Roots): StatesError {
  const read = (path: string): string | undefined => textOf(evaluatePath(path, roots));
  return new StatesError(
    (ErrorPath === undefined ? error : read(ErrorPath)) ?? '',
    CausePath === undefined ? Cause : read(CausePath),
  );
}

function seconds(value: unknown, field: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= 0))
    throw new StatesError(
      'States.Runtime',
      `${field} has to be a number that is not negative, not ${JSON.stringify(value)}.`,
    );
  return value;
}
