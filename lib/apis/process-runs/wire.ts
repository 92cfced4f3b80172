import * as z from 'zod';
import { type InputShape, operation, type Success } from '../operation/operation.ts';
import { queryInt } from '../operation/query.ts';
import { dialect } from './dialect.ts';

export const STAGES = ['Draft', 'Published'] as const;
export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

/** The pattern of ids on this wire: an agent's and a process's. File ids are held to none. */
export const ID = /^[a-zA-Z0-9_-]{1,26}$/;
const SAYS_ID = 'should have 1 to 26 letters, digits, hyphens or underscores';
export const id = z
  .string()
  .refine((text) => ID.test(text), SAYS_ID)
  .meta({ minLength: 1, maxLength: 26, pattern: ID.source });
export const name = z.string().min(1).max(100);
export const instant = z.string().meta({ format: 'date-time' });

/** A query that a client wrote with nothing in it is a query without it. */
export const continuationToken = z
  .string()
  .max(500)
  .meta({ pattern: '^([A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+)?$' })
  .optional();

export const page = {
  limit: queryInt({ min: 1, max: 100 }).prefault('10'),
  continuation_token: continuationToken,
};

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ continuation_token: z.string().nullable(), items: z.array(item).nullable() });

/** The vendor's clients call the same routes below `/v2`. */
export const define = <const Input extends InputShape, const Ok extends Success>(
  value: Omit<Parameters<typeof operation<Input, Ok>>[0], 'api' | 'dialect' | 'aliases'>,
) => operation<Input, Ok>({ api: 'process-runs', dialect, aliases: [`/v2${value.path}`], ...value });
