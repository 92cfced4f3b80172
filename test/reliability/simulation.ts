import { setImmediate as turn } from 'node:timers/promises';
import { RunsError } from '../../lib/runs/errors.ts';

/** One request of ours to a port: which one of all it is, who made it and what it asks. */
export interface Request {
  index: number;
  invocation: string;
  /** `runs.commit` */
  name: string;
}

/**
 * What happens to a request: its sender dies before or after it is applied; it is applied and the answer never
 * comes; it is refused for now; it is applied again so much later, and the second answer counts; it, or its
 * answer, is on its way for so long; what it reads is so old, where reads may be.
 */
export type Strike =
  | { fault: 'crash before' | 'crash after' | 'lost answer' | 'throttled' }
  | { fault: 'applied twice' | 'delayed' | 'late answer' | 'stale read'; milliseconds: number };
export type Fault = Strike['fault'];

/** What the simulation asks whenever something may go wrong. */
export interface Sky {
  strike(request: Request): Strike | undefined;
  /** Milliseconds that a request or an answer takes. */
  latency(): number;
  /** Whether a request arrives whose sender died while it was on its way. */
  arrives(): boolean;
}

/** A clock that moves only when it is told to. */
export interface Clock {
  /** How many timers are set. */
  count(): number;
  /** Goes on to the next timer, and lets it go off. */
  next(): void;
}

export type Ending<T> =
  | { status: 'done'; value: T }
  | { status: 'threw'; error: unknown }
  | { status: 'died' };

/** What the code of a dead invocation meets; nobody sees how it takes it. */
class Died extends Error {
  override readonly name = 'Died';
}

/** One call of a function of ours. When it dies, nothing that it still does is seen by anybody. */
export class Invocation {
  readonly name: string;
  /** How far its clock is from the others', in milliseconds. */
  readonly skew: number;
  readonly death: Promise<never>;
  isAlive = true;
  #die: (reason: Error) => void = () => undefined;

  constructor(name: string, skew: number) {
    this.name = name;
    this.skew = skew;
    this.death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.death.catch(() => undefined); // whoever waits for it races against it
  }

  end(): void {
    this.isAlive = false;
    this.#die(new Died(`${this.name} is over`));
  }
}

/** How long a client of a port waits for an answer that does not come, in milliseconds. */
const PATIENCE_MS = 4000;
/** Turns of the event loop without news after which there is none before the clock moves. */
const QUIET_TURNS = 3;

/** The fake clock begins every schedule here, so that equal seeds make equal ids. */
export const BEGINNING = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * Time, and what takes any: one event after the other, in an order that the sky alone decides. Code of ours
 * runs in between and takes none. Its clock is the one that `Date` and the timers go by.
 */
export class Simulation {
  readonly trace: string[] = [];
  readonly #sky: Sky;
  /** Set while a read may be that old. */
  readonly #setLag: (milliseconds: number) => void;
  readonly #clock: Clock;
  readonly #live = new Set<Invocation>();
  #requests = 0;
  /** Requests at work in a real database. */
  #working = 0;
  #news = 0;

  constructor(sky: Sky, setLag: (milliseconds: number) => void, clock: Clock) {
    this.#sky = sky;
    this.#setLag = setLag;
    this.#clock = clock;
  }

  get requests(): number {
    return this.#requests;
  }

  get live(): ReadonlySet<Invocation> {
    return this.#live;
  }

  note(text: string): void {
    this.trace.push(`${((Date.now() - BEGINNING) / 1000).toFixed(3)} ${text}`);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Calls a function of ours, which dies when its time is over. */
  async invoke<T>(
    { name, seconds, skew = 0 }: { name: string; seconds: number; skew?: number },
    work: (invocation: Invocation) => Promise<T>,
  ): Promise<Ending<T>> {
    const invocation = new Invocation(name, skew);
    this.#live.add(invocation);
    this.note(`${name} begins`);
    const limit = setTimeout(() => this.kill(invocation, 'its time is over'), seconds * 1000);
    const worked = work(invocation).then(
      (value): Ending<T> => ({ status: 'done', value }),
      (error: unknown): Ending<T> => ({ status: 'threw', error }),
    );
    const died = invocation.death.catch((): Ending<T> => ({ status: 'died' }));
    const ending = await Promise.race([worked, died]);
    clearTimeout(limit);
    this.#live.delete(invocation);
    this.#news += 1;
    if (!invocation.isAlive) return { status: 'died' };
    invocation.end();
    this.note(`${name} ${ending.status === 'threw' ? `throws ${String(ending.error)}` : ending.status}`);
    return ending;
  }

  kill(invocation: Invocation, why: string): void {
    if (!invocation.isAlive) return;
    this.note(`${invocation.name} dies: ${why}`);
    invocation.end();
  }

  /** The port as an invocation sees it: every call is a request that may meet with something. */
  through<Port extends object>(invocation: Invocation, name: string, port: Port, isLong = false): Port {
    return new Proxy(port, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function' || typeof method !== 'string') return value;
        return (...args: unknown[]): Promise<unknown> =>
          this.request(invocation, `${name}.${method}`, async () => value.apply(target, args), isLong);
      },
    });
  }

  /** Lets time pass until something is so; false when it is not within the limit, or never would be. */
  async until(isSo: () => boolean, limitMilliseconds: number): Promise<boolean> {
    const deadline = Date.now() + limitMilliseconds;
    for (;;) {
      await this.settle();
      if (isSo()) return true;
      if (Date.now() >= deadline || this.#clock.count() === 0) return false;
      this.#clock.next();
    }
  }

  /** Resolves when nothing more happens without time passing. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      const before = this.#news;
      await turn();
      quiet = this.#working === 0 && this.#news === before ? quiet + 1 : 0;
    }
  }

  /**
   * One request of an invocation, which may meet with something: `onStrike` is told of it. While a long one is
   * at work, time goes on.
   */
  async request(
    invocation: Invocation,
    name: string,
    act: () => Promise<unknown>,
    isLong = false,
    onStrike: (fault: string | undefined) => void = () => undefined,
  ): Promise<unknown> {
    if (!invocation.isAlive) throw new Died(`${invocation.name} is over`);
    const request = { index: this.#requests, invocation: invocation.name, name };
    this.#requests += 1;
    this.#news += 1;
    const strike = this.#sky.strike(request);
    onStrike(strike && ('milliseconds' in strike ? `${strike.fault} ${strike.milliseconds}` : strike.fault));
    const answer = this.#carry(invocation, request, strike, isLong ? act : () => this.#apply(act));
    try {
      return await Promise.race([answer, invocation.death]);
    } finally {
      this.#news += 1;
    }
  }

  async #carry(
    invocation: Invocation,
    { index, name }: Request,
    strike: Strike | undefined,
    act: () => Promise<unknown>,
  ): Promise<unknown> {
    const { fault } = strike ?? {};
    const milliseconds = strike !== undefined && 'milliseconds' in strike ? strike.milliseconds : 0;
    await this.wait(this.#sky.latency() + (fault === 'delayed' ? milliseconds : 0));
    // What its sender has held back for so long is not on its way when the sender dies.
    const isLost = !invocation.isAlive && (fault === 'delayed' || !this.#sky.arrives());
    if (isLost) throw new Died('The request never arrived');
    this.note(
      `${index} ${invocation.name} ${name}${fault === undefined ? '' : `: ${fault} ${milliseconds}`}`,
    );
    if (fault === 'crash before') this.kill(invocation, `before ${name}`);
    if (fault === 'crash before') throw new Died(invocation.name);
    if (fault === 'throttled') throw refusal(name);
    if (fault === 'stale read') this.#setLag(milliseconds);
    let answer = outcomeOf(act);
    if (fault === 'applied twice') {
      await answer;
      await this.wait(milliseconds);
      if (invocation.isAlive) this.note(`${index} ${invocation.name} ${name} again`);
      if (invocation.isAlive) answer = outcomeOf(act);
    }
    const outcome = await answer;
    this.#setLag(0);
    if (fault === 'crash after') this.kill(invocation, `after ${name}`);
    if (fault === 'lost answer') await this.wait(PATIENCE_MS);
    if (fault === 'lost answer') throw timeout(name);
    await this.wait(this.#sky.latency() + (fault === 'late answer' ? milliseconds : 0));
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Nothing else happens until a request has been applied. */
  async #apply(act: () => Promise<unknown>): Promise<unknown> {
    this.#working += 1;
    try {
      return await act();
    } finally {
      this.#working -= 1;
      this.#news += 1;
    }
  }
}

const outcomeOf = (act: () => Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> =>
  act().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/** The executor's port says in its own words what passes by itself; those of others come as they are. */
const refusal = (name: string): Error =>
  name.startsWith('executor.')
    ? new RunsError('executor_busy', { runId: 'simulated' })
    : Object.assign(new Error(`${name} was throttled, by the test`), { name: 'ThrottlingException' });

const timeout = (name: string): Error =>
  name.startsWith('executor.')
    ? new RunsError('executor_busy', { runId: 'simulated' })
    : Object.assign(new Error(`${name} was not answered, by the test`), { name: 'TimeoutError' });
