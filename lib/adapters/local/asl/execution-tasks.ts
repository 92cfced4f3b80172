import type { PreparedDefinition } from './asl-definition.ts';

/** Does what a task state's function would. The signal aborts when nobody waits for the answer any more. */
export type TaskHandler = (payload: unknown, context: { signal: AbortSignal }) => Promise<unknown>;

interface Try {
  aborting: AbortController;
  timer: NodeJS.Timeout;
}

/**
 * The task states of one execution: counts their tries, as `$$.State.RetryCount`, and tells handlers when
 * their state timed out or the execution ended, both of which the library does not do.
 */
export class ExecutionTasks {
  readonly handlers: Record<string, (payload: unknown) => Promise<unknown>> = {};
  /** What `$$.StateOf` holds, by the alias that the prepared definition uses. */
  readonly stateContexts: Record<string, object>;
  readonly #tries = new Map<string, number>();
  readonly #running = new Set<Try>();
  #ended = false;

  constructor({ states }: PreparedDefinition, tasks: Record<string, TaskHandler>) {
    this.stateContexts = {};
    for (const [name, { alias, timeoutMilliseconds }] of states) {
      const tries = this.#tries;
      this.stateContexts[alias] = {
        Name: name,
        get EnteredTime() {
          return new Date().toISOString();
        },
        get RetryCount() {
          return tries.get(name) ?? 0;
        },
      };
      const task = tasks[name];
      if (task === undefined) continue;
      this.handlers[name] = (payload) => this.#attempt(name, timeoutMilliseconds, task, payload);
    }
  }

  /** A state that is left by its `Catch` starts to count anew when it is entered again. */
  forget(name: string): void {
    this.#tries.delete(name);
  }

  end(): void {
    this.#ended = true;
    for (const { aborting, timer } of this.#running) {
      clearTimeout(timer);
      aborting.abort(new Error('The execution has ended'));
    }
  }

  async #attempt(
    name: string,
    timeoutMilliseconds: number,
    task: TaskHandler,
    payload: unknown,
  ): Promise<unknown> {
    // Aborted while it waits for a retry, the library runs the state once more.
    if (this.#ended) throw new Error('The execution has ended');
    this.#tries.set(name, (this.#tries.get(name) ?? 0) + 1);
    const aborting = new AbortController();
    const { signal } = aborting;
    const running: Try = {
      aborting,
      timer: setTimeout(() => aborting.abort(new Error('States.Timeout')), timeoutMilliseconds),
    };
    this.#running.add(running);
    try {
      const result = await task(payload, { signal });
      if (!signal.aborted) this.#tries.delete(name);
      return JSON.parse(JSON.stringify(result ?? null)) as unknown;
    } catch (error) {
      // The library has its own clock; what the aborted handler says must not come before it.
      if (signal.aborted) return await new Promise(() => undefined);
      throw asFunctionError(error);
    } finally {
      clearTimeout(running.timer);
      this.#running.delete(running);
    }
  }
}

/** What Step Functions reports of a function that failed: `Error` is the name, `Cause` is JSON. */
function asFunctionError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
  return Object.assign(new Error(cause, { cause: error }), { name });
}
