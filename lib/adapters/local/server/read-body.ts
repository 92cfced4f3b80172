import type { IncomingMessage } from 'node:http';

/** A body that does not arrive whole, and why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly reason: 'too_large' | 'broken_off' | 'overloaded';

  constructor(reason: BodyError['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** In bytes: what anybody may send before their key is looked at. Most bodies are smaller and cost no second look. */
const FREE_BYTES = 65_536;

/** How much all bodies at once may hold, in bytes. */
export class BodyBudget {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** False, and nothing taken, when there is no room. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#most) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }

  get held(): number {
    return this.#held;
  }

  /** In bytes; nothing when half of all is taken, which nobody should do whom nobody knows. */
  get free(): number {
    return this.#held > this.#most / 2 ? 0 : FREE_BYTES;
  }
}

export interface BodyBounds {
  /** Of one body. */
  maxBytes: number;
  budget: BodyBudget;
  /** Asked once, when a body turns out to be more than a little; rejects for one that is not worth keeping. */
  admit: () => Promise<void>;
}

/**
 * The whole body. Its bytes are taken from the budget, and are for the caller to give back.
 * @throws BodyError, or what `admit` rejects with; then nothing is kept, and the rest is read off by who answers.
 */
export function readBody(req: IncomingMessage, { maxBytes, budget, admit }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isAdmitted = false;
    let isOver = false;
    const fail = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      chunks.length = 0;
      budget.give(bytes);
      reject(error);
    };
    const announced = Number(req.headers['content-length'] ?? 0);
    if (announced > maxBytes) return fail(new BodyError('too_large'));
    req.on('data', (chunk: Buffer) => {
      if (isOver) return;
      if (bytes + chunk.length > maxBytes) return fail(new BodyError('too_large'));
      if (!budget.take(chunk.length)) return fail(new BodyError('overloaded'));
      bytes += chunk.length;
      chunks.push(chunk);
      if (isAdmitted || Math.max(bytes, announced) <= budget.free) return;
      isAdmitted = true;
      req.pause();
      admit().then(() => req.resume(), fail);
    });
    req.on('end', () => {
      if (isOver) return;
      isOver = true;
      resolve(Buffer.concat(chunks));
    });
    req.on('error', () => fail(new BodyError('broken_off')));
    req.on('close', () => fail(new BodyError('broken_off')));
  });
}
