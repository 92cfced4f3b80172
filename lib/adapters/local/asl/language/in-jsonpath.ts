import { type Attempt, type Left, noChoice, notNegative, type Works } from './attempt.ts';
import { holds } from './choice.ts';
import type { State, StateOf } from './definition.ts';
import { StatesError } from './failure.ts';
import type { JsonObject } from './json.ts';
import { place, type Roots, resolve } from './paths.ts';
import { evaluate, fill } from './payload-template.ts';

/**
 * A try of a state in JSONPath: its input is filtered, a result is put into it, and what leaves is filtered
 * again. Variables are assigned from the result that `ResultSelector` made, with the values they had before.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 */
export async function inJsonPath(state: State, attempt: Attempt, works: Works): Promise<Left> {
  const { input, context, scope } = attempt;
  const of = (data: unknown): Roots => ({ data, context, scope });
  if (state.Type === 'Fail') throw failOf(state, of(input));
  const { InputPath = '$', OutputPath = '$', ResultPath = '$' } = state;
  const given = InputPath === null ? {} : evaluate(InputPath, of(input));
  const leave = (whole: unknown, result: unknown, next: string | undefined, assign?: JsonObject): Left => ({
    output: OutputPath === null ? {} : evaluate(OutputPath, of(whole)),
    next,
    assign: fill(assign ?? {}, of(result)) as JsonObject,
  });
  const placed = (result: unknown): unknown =>
    ResultPath === null ? input : place(ResultPath, input, result);
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
      const seconds = SecondsPath === undefined ? Seconds : evaluate(SecondsPath, of(given));
      const timestamp = TimestampPath === undefined ? Timestamp : evaluate(TimestampPath, of(given));
      await works.pause(notNegative(seconds, 'Seconds', 'States.Runtime'), timestamp, attempt);
      return leave(given, given, state.Next, state.Assign);
    }
    case 'Pass': {
      const filled = state.Parameters === undefined ? given : fill(state.Parameters, of(given));
      const result = Object.hasOwn(state, 'Result') ? state.Result : filled;
      return leave(placed(result), result, state.Next, state.Assign);
    }
    default: {
      const raw = await work(state, given, attempt, works);
      const { ResultSelector } = state;
      const result = ResultSelector === undefined ? raw : fill(ResultSelector, of(raw));
      return leave(placed(result), result, state.Next, state.Assign);
    }
  }
}

async function work(
  state: StateOf<'Task' | 'Parallel' | 'Map'>,
  given: unknown,
  attempt: Attempt,
  works: Works,
): Promise<unknown> {
  const { context, scope } = attempt;
  const roots: Roots = { data: given, context, scope };
  const number = (fixed: unknown, path: string | undefined, field: string): number | undefined =>
    notNegative(path === undefined ? fixed : evaluate(path, roots), field, 'States.Runtime');
  const filled = (template: unknown, from: Roots): unknown =>
    template === undefined ? given : fill(template, from);
  switch (state.Type) {
    case 'Task': {
      const token = state.Resource.endsWith('.waitForTaskToken') ? works.newToken() : undefined;
      const told = token === undefined ? context : { ...context, Task: { Token: token } };
      return await works.task(state, attempt, filled(state.Parameters, { ...roots, context: told }), token, {
        timeout: number(state.TimeoutSeconds, state.TimeoutSecondsPath, 'TimeoutSeconds'),
        heartbeat: number(state.HeartbeatSeconds, state.HeartbeatSecondsPath, 'HeartbeatSeconds'),
      });
    }
    case 'Parallel':
      return await works.branches(state, filled(state.Parameters, roots), attempt);
    case 'Map': {
      const items = resolve(state.ItemsPath ?? '$', roots);
      if (!Array.isArray(items))
        throw new StatesError(
          'States.Runtime',
          `The items of the Map '${attempt.name}' have to be an array.`,
        );
      const most = number(state.MaxConcurrency, state.MaxConcurrencyPath, 'MaxConcurrency');
      // `Parameters` is the older name.
      const selector = state.ItemSelector ?? state.Parameters;
      return await works.map(state, items, most, attempt, (item, inner) =>
        selector === undefined ? item : fill(selector, { ...roots, context: inner }),
      );
    }
  }
}

function failOf({ Error: error, ErrorPath, Cause, CausePath }: StateOf<'Fail'>, roots: Roots): StatesError {
  const read = (path: string): string => {
    const found = evaluate(path, roots);
    if (typeof found === 'string') return found;
    throw new StatesError('States.Runtime', `'${path}' of a Fail state has to lead to a string.`);
  };
  return new StatesError(
    (ErrorPath === undefined ? error : read(ErrorPath)) ?? '',
    CausePath === undefined ? Cause : read(CausePath),
  );
}
