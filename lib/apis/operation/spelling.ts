import * as z from 'zod';
import { BOTH_SPELLINGS, camel } from './wire-schema.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A strict object whose snake_case members may also be spelled in camelCase. The same member in both
 * spellings must have the same value. Unknown members are refused under the name they were sent with.
 */
export function bothSpellings<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const canonical = new Map(Object.keys(shape).map((key) => [camel(key), key]));
  const unify = (value: unknown, context: z.RefinementCtx): unknown => {
    if (!isObject(value)) return value;
    const unified: Record<string, unknown> = {};
    for (const [sent, member] of Object.entries(value)) {
      const key = canonical.get(sent) ?? sent;
      if (Object.hasOwn(unified, key) && JSON.stringify(unified[key]) !== JSON.stringify(member)) {
        context.addIssue({
          code: 'custom',
          path: [sent],
          message: `'${key}' and '${camel(key)}' are the same member and have different values`,
        });
      }
      // Object.defineProperty: a member called __proto__ is a member like any other, and unknown.
      Object.defineProperty(unified, key, {
        value: member,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return unified;
  };
  return z.preprocess(unify, z.strictObject(shape)).meta({ [BOTH_SPELLINGS]: true });
}

/** The path of an issue in the spelling that the caller used in this part of the request. */
export function spelledAsSent(path: readonly PropertyKey[], sent: unknown): PropertyKey[] {
  let at: unknown = sent;
  return path.map((segment) => {
    const spelled =
      isObject(at) &&
      typeof segment === 'string' &&
      !Object.hasOwn(at, segment) &&
      Object.hasOwn(at, camel(segment))
        ? camel(segment)
        : segment;
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[spelled] : undefined;
    return spelled;
  });
}
