import { randomBytes } from 'node:crypto';
import { StatesError } from './language/failure.ts';

interface Waiting {
  succeed(output: unknown): void;
  fail(failure: StatesError): void;
  beat(): void;
}

/** How many tokens are remembered that nothing waits for any more. */
const REMEMBERED = 10_000;
const TOKEN = /^[\w-]{64}$/;

/** As long as Step Functions' own tokens may be guessed: not at all. */
const TOKEN_BYTES = 48;

/** Tasks that wait for somebody to come back with their token. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();
  /** Oldest first. */
  readonly #over = new Set<string>();

  make(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  /**
   * Resolves with what comes back with the token.
   * @throws StatesError with what the task failed with, or States.HeartbeatTimeout after so many seconds in
   * which no sign of life came; the reason of the signal
   */
  async wait(token: string, heartbeatSeconds: number | undefined, signal: AbortSignal): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<unknown>((succeed, fail) => {
      const beat = (): void => {
        clearTimeout(timer);
        if (heartbeatSeconds === undefined) return;
        timer = setTimeout(() => fail(new StatesError('States.HeartbeatTimeout')), heartbeatSeconds * 1000);
      };
      this.#waiting.set(token, { succeed, fail, beat });
      signal.addEventListener('abort', () => fail(signal.reason), { once: true });
      if (signal.aborted) fail(signal.reason);
      beat();
    });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(token);
      this.#over.add(token);
      for (const oldest of this.#over) {
        if (this.#over.size <= REMEMBERED) break;
        this.#over.delete(oldest);
      }
    }
  }

  /** False for a token that nothing waits for, or no longer; so are the two below. */
  succeed(token: string, output: unknown): boolean {
    return this.#tell(token, (waiting) => waiting.succeed(output));
  }

  fail(token: string, error: string, cause: string | undefined): boolean {
    return this.#tell(token, (waiting) => waiting.fail(new StatesError(error, cause)));
  }

  heartbeat(token: string): boolean {
    return this.#tell(token, (waiting) => waiting.beat());
  }

  /** What became of a token that nothing waits for. */
  past(token: string): 'over' | 'unknown' | 'malformed' {
    if (this.#over.has(token)) return 'over';
    return TOKEN.test(token) ? 'unknown' : 'malformed';
  }

  #tell(token: string, tell: (waiting: Waiting) => void): boolean {
    const waiting = this.#waiting.get(token);
    if (waiting !== undefined) tell(waiting);
    return waiting !== undefined;
  }
}
