import { type Attempt, type Left, noChoice, notNegative, type Works } from './attempt.ts';
import type { State } from './definition.ts';
import { StatesError } from './failure.ts';
import type { JsonObject } from './json.ts';
import { evaluateAll, type StatesVariable } from './jsonata.ts';

/** A value is not of the type that a field needs; Step Functions has the same name for a failed expression. */
const UNFIT = 'States.QueryEvaluationError';

interface Leaving {
  Assign?: JsonObject | undefined;
  Output?: unknown;
}

/**
 * A try of a state in JSONata: its input is what it is, and `Output` says what leaves.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export async function inJsonata(state: State, attempt: Attempt, works: Works): Promise<Left> {
  const { name, input, context, scope } = attempt;
  const read = (value: unknown, field: string, more: Partial<StatesVariable> = {}): Promise<unknown> =>
    evaluateAll(value, field, { input, context, ...more }, scope);
  const number = async (value: unknown, field: string): Promise<number | undefined> =>
    notNegative(await read(value, field), field, UNFIT);
  const text = async (value: string | undefined, field: string): Promise<string | undefined> => {
    const found = await read(value, field);
    if (found === undefined || typeof found === 'string') return found;
    throw new StatesError(UNFIT, `${field} of the state '${name}' has to be a string.`);
  };
  const leave = async (
    { Assign = {}, Output }: Leaving,
    next: string | undefined,
    otherwise: unknown,
    known: Partial<StatesVariable> = {},
  ): Promise<Left> => {
    const [assign, output] = await Promise.all([
      read(Assign, 'Assign', known),
      Output === undefined ? otherwise : read(Output, 'Output', known),
    ]);
    return { output, next, assign: assign as JsonObject };
  };
  switch (state.Type) {
    case 'Fail':
      throw new StatesError((await text(state.Error, 'Error')) ?? '', await text(state.Cause, 'Cause'));
    case 'Succeed':
      return await leave({ Output: state.Output }, undefined, input);
    case 'Pass':
      return await leave(state, state.Next, input);
    case 'Choice':
      for (const [no, rule] of state.Choices.entries()) {
        const condition = await read(rule.Condition, `Choices[${no}]/Condition`);
        if (typeof condition !== 'boolean')
          throw new StatesError(UNFIT, `A Condition of the state '${name}' has to be true or false.`);
        if (condition) return await leave(rule, rule.Next, input);
      }
      return await leave(state, state.Default ?? noChoice(name), input);
    case 'Wait':
      await works.pause(
        await number(state.Seconds, 'Seconds'),
        await text(state.Timestamp, 'Timestamp'),
        attempt,
      );
      return await leave(state, state.Next, input);
    case 'Task': {
      const token = state.Resource.endsWith('.waitForTaskToken') ? works.newToken() : undefined;
      const told = token === undefined ? context : { ...context, Task: { Token: token } };
      // A function is given the input where nothing is said; an integration has no arguments then.
      const given = state.Resource.includes(':states:::') ? {} : input;
      const result = await works.task(
        state,
        attempt,
        state.Arguments === undefined ? given : await read(state.Arguments, 'Arguments', { context: told }),
        token,
        {
          timeout: await number(state.TimeoutSeconds, 'TimeoutSeconds'),
          heartbeat: await number(state.HeartbeatSeconds, 'HeartbeatSeconds'),
        },
      );
      return await leave(state, state.Next, result, { result });
    }
    case 'Parallel': {
      const given = state.Arguments === undefined ? input : await read(state.Arguments, 'Arguments');
      const result = await works.branches(state, given, attempt);
      return await leave(state, state.Next, result, { result });
    }
    case 'Map': {
      const items = state.Items === undefined ? input : await read(state.Items, 'Items');
      if (!Array.isArray(items))
        throw new StatesError(UNFIT, `Items of the Map '${name}' has to be an array.`);
      const most = await number(state.MaxConcurrency, 'MaxConcurrency');
      const { ItemSelector } = state;
      const result = await works.map(state, items, most, attempt, (item, inner) =>
        ItemSelector === undefined ? item : read(ItemSelector, 'ItemSelector', { context: inner }),
      );
      return await leave(state, state.Next, result, { result });
    }
  }
}
