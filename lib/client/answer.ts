import { networkError, RunplaneError } from './errors.ts';

/** Ends a request when its caller aborts it, or when nothing was heard for too long. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #milliseconds: number;
  /** How long was waited last. */
  #waited: number;
  readonly #say: { what: string; secret: string | undefined };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSilent = false;

  constructor(
    caller: AbortSignal | undefined,
    milliseconds: number,
    say: { what: string; secret: string | undefined },
  ) {
    this.#caller = caller;
    this.#milliseconds = milliseconds;
    this.#waited = milliseconds;
    this.#say = say;
    if (caller?.aborted) this.#stop();
    else caller?.addEventListener('abort', this.#stop, { once: true });
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #stop = (): void => this.#controller.abort(this.#caller?.reason);

  /** Something came: the time begins anew. */
  heard(milliseconds = this.#milliseconds): void {
    clearTimeout(this.#timer);
    this.#waited = milliseconds;
    this.#timer = setTimeout(() => {
      this.#isSilent = true;
      this.#controller.abort();
    }, milliseconds);
  }

  /** From now on only the caller ends the request. */
  relax(): void {
    clearTimeout(this.#timer);
  }

  /** The request is over, one way or the other. */
  end(): void {
    this.relax();
    this.#caller?.removeEventListener('abort', this.#stop);
    this.#controller.abort();
  }

  /** Why a request failed: the caller's own reason, silence, or the network. */
  explain(cause: unknown): unknown {
    if (this.#caller?.aborted) return this.#caller.reason;
    const { what, secret } = this.#say;
    if (!this.#isSilent) return networkError(what, cause, secret);
    const seconds = Math.round(this.#waited / 1000);
    const message = `${what} heard nothing for ${seconds} s: it may have been carried out all the same, so look before you repeat it`;
    return new RunplaneError(message, { code: 'timeout', mayHaveArrived: true, cause });
  }
}

/** An answer whose headers have come, under watch until its body has, too. */
export class Answer {
  readonly response: Response;
  readonly #watch: Watch;

  constructor(response: Response, watch: Watch) {
    this.response = response;
    this.#watch = watch;
    watch.heard();
  }

  /** The body as it comes. `silenceMilliseconds` is how long it may pause. The request ends with the reader. */
  async *chunks(silenceMilliseconds?: number): AsyncGenerator<Uint8Array> {
    try {
      const reader = this.response.body?.getReader();
      for (;;) {
        this.#watch.heard(silenceMilliseconds);
        const { value } = (await reader?.read()) ?? {};
        this.#watch.relax(); // what its reader does with a chunk takes as long as it takes
        if (value === undefined) return;
        yield value;
      }
    } catch (error) {
      throw this.#watch.explain(error);
    } finally {
      this.#watch.end();
    }
  }

  async bytes(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this.chunks()) parts.push(chunk);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /** Leaves the body to whoever gets the response. */
  leave(): Response {
    this.#watch.relax();
    return this.response;
  }
}
