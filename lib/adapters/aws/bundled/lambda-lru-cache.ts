/**
 * Takes the place of `mnemonist/lru-cache` in bundles. The SDK keeps DynamoDB's endpoints in one when it is
 * told to look for them, which ours is not: five kilobytes in every function that are made and never asked.
 * Who turns the search on by `AWS_ENABLE_ENDPOINT_DISCOVERY` finds it working: a map remembers in which order
 * its keys were set.
 */
export default class LruCache<Value> {
  readonly #capacity: number;
  readonly #values = new Map<string, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The value, without counting as a use of it. */
  peek(key: string): Value | undefined {
    return this.#values.get(key);
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Forgets what was not used for the longest time when there is no room. */
  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#capacity && oldest !== undefined) this.#values.delete(oldest);
  }

  clear(): void {
    this.#values.clear();
  }
}
