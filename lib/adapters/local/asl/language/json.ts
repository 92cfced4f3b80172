import { StatesError } from './failure.ts';

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a state may be given or give, in bytes of UTF-8. */
export const MOST_BYTES = 256 * 1024;

/**
 * The value as JSON has it, by itself: nothing that one state changes is seen by another one.
 * @throws StatesError States.DataLimitExceeded for more than 256 KiB.
 */
export function asJson(value: unknown, what: string): unknown {
  const text = JSON.stringify(value ?? null);
  if (text.length > MOST_BYTES / 4 && Buffer.byteLength(text) > MOST_BYTES) {
    throw new StatesError('States.DataLimitExceeded', `${what} is longer than 262144 bytes.`);
  }
  return JSON.parse(text);
}

/** Whether two values are the same in JSON, in whatever order their members stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, no) => isSame(item, other[no]))
    );
  if (!isObject(one)) return one === other;
  const keys = Object.keys(one);
  return (
    isObject(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}
