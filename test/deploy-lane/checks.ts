/** One line for each thing that is looked at; what a failed one saw follows it. */
export class Checks {
  /** What is to be known and is no check. */
  readonly say: (line: string) => void;
  #failed = 0;

  constructor(say: (line: string) => void = (line) => void process.stdout.write(`${line}\n`)) {
    this.say = say;
  }

  get failed(): number {
    return this.#failed;
  }

  check(says: string, holds: boolean, seen?: unknown): boolean {
    if (!holds) this.#failed += 1;
    const detail = holds || seen === undefined ? '' : `  ${JSON.stringify(seen).slice(0, 600)}`;
    this.say(`${holds ? 'PASS' : 'FAIL'} ${says}${detail}`);
    return holds;
  }

  /** Does something of which nothing but its failure is to be told. */
  async attempt(says: string, work: () => Promise<unknown>): Promise<boolean> {
    const began = performance.now();
    try {
      await work();
      this.say(`PASS ${says} (${Math.round((performance.now() - began) / 1000)} s)`);
      return true;
    } catch (error) {
      return this.check(says, false, error instanceof Error ? error.message.slice(-600) : String(error));
    }
  }
}
