import { StatesError } from './language/failure.ts';
import type { TaskCall, World } from './language/interpreter.ts';
import type { TaskTokens } from './task-tokens.ts';

/** Does what a task state asks for. `signal` is aborted when the state times out or its execution ends. */
export type TaskHandler = (
  payload: unknown,
  options: { signal: AbortSignal; retryCount: number },
) => Promise<unknown>;

/** `setTimeout` fires at once for more milliseconds than that: some 24 days, where ASL allows years. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The world of one execution: the handlers of its tasks, the tokens some wait for, the clock. */
export class ExecutionTasks implements World {
  readonly #tasks: Record<string, TaskHandler>;
  readonly #tokens: TaskTokens;
  readonly #mocked: ReadonlySet<string>;
  readonly now = Date.now;
  readonly random = Math.random;

  /** What a task of the `mocked` states returns is what would have come with its token. */
  constructor(
    tasks: Record<string, TaskHandler>,
    tokens: TaskTokens,
    mocked: ReadonlySet<string> = new Set(),
  ) {
    this.#tasks = tasks;
    this.#tokens = tokens;
    this.#mocked = mocked;
  }

  newToken(): string {
    return this.#tokens.make();
  }

  async call(
    { state, input, retryCount, token, heartbeatSeconds }: TaskCall,
    signal: AbortSignal,
  ): Promise<unknown> {
    const task = this.#tasks[state];
    if (task === undefined) throw new StatesError('States.Runtime', `Nothing is known that does '${state}'.`);
    // Whoever is asked may come back with the token before they have answered.
    const answer =
      token === undefined || this.#mocked.has(state)
        ? undefined
        : this.#tokens.wait(token, heartbeatSeconds, signal);
    answer?.catch(() => undefined); // It is thrown where it is waited for.
    const result = task(input, { signal, retryCount }).catch((error: unknown) => {
      throw error instanceof StatesError ? error : asFunctionError(error);
    });
    if (answer === undefined) return await result;
    return await Promise.race([answer, result.then(() => answer)]);
  }

  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    for (let left = milliseconds; left > 0; left -= LONGEST_TIMER)
      await sleep(Math.min(left, LONGEST_TIMER), signal);
    signal.throwIfAborted();
  }
}

/** Not that of `node:timers/promises`: the tests' clock moves this one. */
const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });

/** What Step Functions reports of a function that failed: `Error` is the name, `Cause` is JSON. */
function asFunctionError(error: unknown): StatesError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
  return new StatesError(name, cause, { cause: error });
}
