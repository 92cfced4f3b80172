import { AgentFailure } from './failure.ts';

/** Ends a run when its caller goes away or its time is over, and knows which of the two it was. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #ended: Promise<never>;
  #reject: (failure: AgentFailure) => void = () => {};
  #failure: AgentFailure | undefined;

  constructor(caller: AbortSignal | undefined, timeoutMs: number) {
    this.#caller = caller;
    this.#ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Whoever races against the end sees it; a run that ends while nobody does is no unhandled rejection.
    this.#ended.catch(() => {});
    this.#timer = setTimeout(() => this.#end(new AgentFailure('provider_timeout')), timeoutMs);
    if (caller?.aborted === true) this.#cancel();
    else caller?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** For the provider: aborted when the run is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the run had to end early. */
  get failure(): AgentFailure | undefined {
    return this.#failure;
  }

  /** The work, or a rejection as soon as the run must end: no provider can hold on to it. */
  race<T>(work: PromiseLike<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  /** Lets go of the provider and of the caller. */
  release(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }

  readonly #cancel = (): void => this.#end(new AgentFailure('cancelled'));

  #end(failure: AgentFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#reject(failure);
    this.#controller.abort();
  }
}
