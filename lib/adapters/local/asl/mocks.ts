import { z } from 'zod';
import type { TaskHandler } from './execution-tasks.ts';
import { StatesError } from './language/failure.ts';

const response = z.union(
  [
    z.strictObject({ Return: z.json() }),
    z.strictObject({ Throw: z.strictObject({ Error: z.string().min(1), Cause: z.string().optional() }) }),
  ],
  { error: 'has to be {"Return": …} or {"Throw": {"Error": "…", "Cause": "…"}}' },
);
type Response = z.output<typeof response>;

const mocks = z.record(z.string(), z.record(z.string(), response));

/** Which invocations of a state are answered how, the first of them being 0. */
interface Answer {
  first: number;
  last: number;
  response: Response;
}
export type Mocks = ReadonlyMap<string, readonly Answer[]>;

/**
 * What stands for tasks that cannot be done on a laptop, by the names of their states:
 * `{"Send mail": {"0": {"Throw": {"Error": "Busy"}}, "1-2": {"Return": {"MessageId": "m-1"}}}}`. Numbers count the
 * invocations of the state in an execution; the last answer stays. The form is that of the mocked responses of
 * Step Functions Local.
 * @throws TypeError that names the place
 */
export function readMocks(source: unknown, tasks: ReadonlySet<string>): Mocks {
  const result = mocks.safeParse(source);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new TypeError(`${placeOf(issue?.path ?? [])} ${issue?.message ?? 'cannot be read'}.`);
  }
  return new Map(
    Object.entries(result.data).map(([state, responses]) => {
      if (!tasks.has(state)) throw new TypeError(`${placeOf([state])} is no Task state of the workflow.`);
      return [state, answersOf(state, responses)];
    }),
  );
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'It' : path.map((step) => `["${String(step)}"]`).join('');

function answersOf(state: string, responses: Record<string, Response>): Answer[] {
  const answers = Object.entries(responses).map(([numbers, response]): Answer => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(numbers) ?? [];
    if (first === undefined || Number(last) < Number(first))
      throw new TypeError(`${placeOf([state, numbers])} has to be a number, or two like 1-3.`);
    return { first: Number(first), last: Number(last), response };
  });
  answers.sort((one, other) => one.first - other.first);
  let next = 0;
  for (const { first, last } of answers) {
    if (first !== next)
      throw new TypeError(`${placeOf([state])} has to say once what invocation ${next} comes to.`);
    next = last + 1;
  }
  if (answers.length === 0)
    throw new TypeError(`${placeOf([state])} has to say once what invocation 0 comes to.`);
  return answers;
}

/** Answers the invocations of a state of one execution. */
export function mockedTask(answers: readonly Answer[]): TaskHandler {
  let invocations = 0;
  return async () => {
    const no = invocations++;
    const found = answers.find(({ last }) => no <= last) ?? answers.at(-1);
    if (found === undefined) throw new StatesError('States.Runtime', 'Nothing is said of this task.');
    const { response } = found;
    if ('Throw' in response) throw new StatesError(response.Throw.Error, response.Throw.Cause);
    return response.Return;
  };
}
