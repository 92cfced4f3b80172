import * as z from 'zod';
import { MOST_SHOWN, SHOWN_AS } from './wire-schema.ts';

/** A whole number in a query string. */
export const queryInt = (range: { min?: number; max?: number }) => {
  let number = z.int();
  if (range.min !== undefined) number = number.min(range.min);
  if (range.max !== undefined) number = number.max(range.max);
  return z
    .string()
    .regex(/^\s*[+-]?\d{1,15}\s*$/)
    .transform(Number)
    .pipe(number)
    .meta({ [SHOWN_AS]: { type: 'integer', ...bounds(range) } });
};

const bounds = ({ min, max }: { min?: number; max?: number }) => ({
  ...(min === undefined ? {} : { minimum: min }),
  maximum: max ?? MOST_SHOWN,
});

/** Of a text that is trimmed and must not be empty then. From the beginning, where some clients look only. */
export const NOT_BLANK = { pattern: '^\\s*\\S' };

/** Which page of a list is meant. */
export const cursorParam = () =>
  z.string().meta({ pattern: '^[A-Za-z0-9_-]+$', description: 'What the page before named as the next one' });

const TRUE = ['true', '1', 'yes', 'on', 't', 'y'];
const FALSE = ['false', '0', 'no', 'off', 'f', 'n'];

/** A boolean in a query string, in any of the spellings that pydantic accepts, whatever the case. */
export const queryBoolean = () =>
  z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum([...TRUE, ...FALSE] as [string, ...string[]]))
    .transform((text) => TRUE.includes(text))
    .meta({ [SHOWN_AS]: { type: 'boolean' } });

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A query string whose parameters are camelCase on the wire, and may be written in snake_case too. Others are
 * ignored, as everywhere but in lists.
 */
export function eitherName<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [snake(name), name]));
  const unify = (query: unknown, context: z.RefinementCtx): unknown => {
    const unified = new Map<string, unknown>();
    for (const [sent, value] of Object.entries(query ?? {})) {
      const name = names.get(sent) ?? sent;
      if (unified.has(name) && unified.get(name) !== value) {
        context.addIssue({
          code: 'custom',
          path: [sent],
          message: `'${sent}' and '${name}' are the same parameter and have different values`,
        });
      }
      unified.set(name, value);
    }
    return Object.fromEntries(unified);
  };
  return z.preprocess(unify, z.object(shape));
}
