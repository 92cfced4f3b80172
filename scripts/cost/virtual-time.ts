const real = { setTimeout, setInterval, clearTimeout, clearInterval };

type Callback = (...args: unknown[]) => void;

interface Timer {
  due: number;
  /** Milliseconds after which it is due again. */
  every: number | undefined;
  act: () => void;
}

/** Turns of the event loop in which nothing happened, before what follows is taken to wait for the clock. */
const QUIET_TURNS = 50;

/**
 * A clock that moves only while everything else stands still, from one timer to the next: what waits for
 * seconds takes none, and comes in the same order on every machine. While `run` lasts, it stands in for the
 * timers of the whole process.
 */
export class VirtualTime {
  #now: number;
  #underway = 0;
  #idle: (() => void)[] = [];
  readonly #timers = new Map<NodeJS.Timeout, Timer>();

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  readonly now = (): Date => new Date(this.#now);

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#add(resolve, milliseconds));
  }

  /** Does something that does not wait for this clock, such as calling a database: meanwhile it stands still. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#underway += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Waits in the midst of such work. */
  async sleepDuring(milliseconds: number): Promise<void> {
    this.#leave();
    await this.sleep(milliseconds);
    this.#underway += 1;
  }

  #leave(): void {
    this.#underway -= 1;
    if (this.#underway === 0) for (const resume of this.#idle.splice(0)) resume();
  }

  /** @throws Error when it waits for something that neither is under way nor comes with time. */
  async run<T>(journey: () => Promise<T>): Promise<T> {
    const restore = this.#install();
    try {
      const outcome: { settled: boolean } = { settled: false };
      const result = journey().finally(() => {
        outcome.settled = true;
      });
      result.catch(() => {}); // it is awaited below, after the clock has seen it end
      for (;;) {
        await this.#quiet();
        if (outcome.settled) return await result;
        if (!this.#fireNext()) throw new Error('The journey waits for something that no timer brings');
      }
    } finally {
      this.#timers.clear();
      restore();
    }
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      if (this.#underway > 0) {
        await new Promise<void>((resolve) => this.#idle.push(resolve));
        turns = 0;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #fireNext(): boolean {
    let next: [NodeJS.Timeout, Timer] | undefined;
    for (const entry of this.#timers) if (next === undefined || entry[1].due < next[1].due) next = entry;
    if (next === undefined) return false;
    const [handle, timer] = next;
    this.#now = Math.max(this.#now, timer.due);
    this.#timers.delete(handle);
    // Put behind those of the same moment, as the order of the map is that of the timers.
    if (timer.every !== undefined) this.#timers.set(handle, { ...timer, due: this.#now + timer.every });
    timer.act();
    return true;
  }

  #add(act: () => void, milliseconds = 0, every?: number): NodeJS.Timeout {
    // A handle as Node's own are, with `unref` and the like; its timer never fires.
    const handle = real.setTimeout(() => {}, 0);
    real.clearTimeout(handle);
    this.#timers.set(handle, { due: this.#now + Math.max(1, Math.ceil(milliseconds)), every, act });
    return handle;
  }

  #install(): () => void {
    const clear =
      (clearReal: (handle: NodeJS.Timeout | string | number | undefined) => void) =>
      (handle?: NodeJS.Timeout | string | number): void => {
        if (typeof handle !== 'object' || !this.#timers.delete(handle)) clearReal(handle);
      };
    Object.assign(globalThis, {
      setTimeout: (act: Callback, milliseconds?: number, ...args: unknown[]) =>
        this.#add(() => act(...args), milliseconds),
      setInterval: (act: Callback, milliseconds = 1, ...args: unknown[]) =>
        this.#add(() => act(...args), milliseconds, milliseconds),
      clearTimeout: clear(real.clearTimeout),
      clearInterval: clear(real.clearInterval),
    });
    return () => void Object.assign(globalThis, real);
  }
}
