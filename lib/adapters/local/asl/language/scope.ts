import { StatesError } from './failure.ts';

/**
 * Variables that `Assign` gave values. Branches and iterations read those around them and assign their own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #own = new Map<string, unknown>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  inner(): Scope {
    return new Scope(this);
  }

  /** @throws StatesError States.Runtime for a variable that was given no value. */
  read(name: string): unknown {
    if (this.#own.has(name)) return this.#own.get(name);
    if (this.#outer !== undefined) return this.#outer.read(name);
    throw new StatesError('States.Runtime', `The variable '$${name}' has no value here.`);
  }

  assign(values: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** All that can be read here, by name. */
  all(): Record<string, unknown> {
    return { ...this.#outer?.all(), ...Object.fromEntries(this.#own) };
  }
}
