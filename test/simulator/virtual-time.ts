import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

type Callback = (...args: unknown[]) => void;

interface Timer {
  at: number;
  /** Timers of one instant go off in the order in which they were set. */
  no: number;
  callback: Callback;
  args: unknown[];
  /** In milliseconds; undefined for one that goes off once. */
  every: number | undefined;
  isOver: boolean;
}

/** What `setTimeout` hands out, as far as anybody asks. */
class Handle {
  readonly timer: Timer;
  constructor(timer: Timer) {
    this.timer = timer;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

/**
 * A clock that stands still until it is told to go on: `Date`, `performance.now`, timers, also those of
 * `node:timers/promises`. What waits for nothing but a turn of the event loop is left as it is.
 */
export class VirtualTime {
  /** Milliseconds since 1970. */
  #now: number;
  readonly #timers: Timer[] = [];
  #no = 0;
  #restore: (() => void) | undefined;
  /** How much longer than it was asked for a sleep of `node:timers/promises` takes, in milliseconds. */
  stall: () => number = () => 0;

  constructor(beginning: number) {
    this.#now = beginning;
  }

  get now(): number {
    return this.#now;
  }

  /** How many timers are set. */
  count = (): number => this.#timers.length;

  /** Goes on to the next timer, and lets it go off. */
  next = (): void => {
    const timer = this.#take();
    if (timer === undefined) return;
    this.#now = Math.max(this.#now, timer.at);
    if (timer.every === undefined) timer.isOver = true;
    else this.#insert({ ...timer, at: this.#now + timer.every }, timer);
    timer.callback(...timer.args);
  };

  /** Forgets every timer, and begins anew. */
  reset(beginning: number): void {
    this.#now = beginning;
    for (const timer of this.#timers) timer.isOver = true;
    this.#timers.length = 0;
    this.#no = 0;
  }

  /** Takes the place of the real time, until it is uninstalled. */
  install(): void {
    const time = this;
    const real = {
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
      setInterval: globalThis.setInterval,
      clearInterval: globalThis.clearInterval,
      Date: globalThis.Date,
    };
    const realNow = performance.now;
    const realSleep = timersPromises.setTimeout;
    const RealDate = real.Date;
    class VirtualDate extends RealDate {
      constructor(...args: [] | [number]) {
        if (args.length === 0) super(time.now);
        else super(...args);
      }
      static override now(): number {
        return time.now;
      }
      /** Dates that were made before are dates, too. */
      static override [Symbol.hasInstance](value: unknown): boolean {
        return Object.prototype.toString.call(value) === '[object Date]';
      }
    }
    const clear = (handle: unknown): void => {
      if (handle instanceof Handle) time.#drop(handle.timer);
    };
    Object.assign(globalThis, {
      setTimeout: (callback: Callback, milliseconds?: number, ...args: unknown[]) =>
        time.#set(callback, milliseconds, undefined, args),
      setInterval: (callback: Callback, milliseconds?: number, ...args: unknown[]) =>
        time.#set(callback, milliseconds, Math.max(1, milliseconds ?? 1), args),
      clearTimeout: clear,
      clearInterval: clear,
      Date: VirtualDate,
    });
    performance.now = () => time.now;
    const sleep = <T>(asked?: number, value?: T, { signal }: { signal?: AbortSignal } = {}) =>
      new Promise<T>((resolve, reject) => {
        const milliseconds = (asked ?? 1) + time.stall();
        const give = (): void => {
          clear(handle);
          reject(signal?.reason);
        };
        const handle = time.#set(
          () => {
            signal?.removeEventListener('abort', give);
            resolve(value as T);
          },
          milliseconds,
          undefined,
          [],
        );
        signal?.addEventListener('abort', give, { once: true });
      });
    Object.assign(timersPromises, { setTimeout: sleep });
    syncBuiltinESMExports();
    this.#restore = () => {
      Object.assign(globalThis, real);
      performance.now = realNow;
      Object.assign(timersPromises, { setTimeout: realSleep });
      syncBuiltinESMExports();
    };
  }

  uninstall(): void {
    this.#restore?.();
    this.#restore = undefined;
  }

  #set(callback: Callback, milliseconds = 1, every: number | undefined, args: unknown[]): Handle {
    const wait = Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 1;
    const timer: Timer = { at: this.#now + wait, no: 0, callback, args, every, isOver: false };
    this.#insert(timer, timer);
    return new Handle(timer);
  }

  /** Keeps the list in the order in which timers go off. `kept` is the object that handles know. */
  #insert(next: Timer, kept: Timer): void {
    this.#no += 1;
    Object.assign(kept, next, { no: this.#no });
    let low = 0;
    for (let high = this.#timers.length; low < high; ) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other !== undefined && other.at <= kept.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, kept);
  }

  #take = (): Timer | undefined => this.#timers.shift();

  #drop(timer: Timer): void {
    if (timer.isOver) return;
    timer.isOver = true;
    const at = this.#timers.indexOf(timer);
    if (at !== -1) this.#timers.splice(at, 1);
  }
}
