import * as z from 'zod';
import { type InputShape, operation, type Success } from '../operation/operation.ts';
import { cursorParam, queryInt } from '../operation/query.ts';
import { dialect } from './dialect.ts';

export const instant = z.string().meta({ format: 'date-time' });

/** Ids in a path are held to no pattern: one that nothing has is not found. */
export const ofAgent = z.object({ agentId: z.string() });

export const page = z.object({
  limit: queryInt({ min: 1, max: 100 }).prefault('20'),
  cursor: cursorParam().max(500).optional(),
});

/** A page of a list; `nextCursor` is null on the last one. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const define = <const Input extends InputShape, const Ok extends Success>(
  value: Omit<Parameters<typeof operation<Input, Ok>>[0], 'api' | 'dialect'> & {
    dialect?: Parameters<typeof operation<Input, Ok>>[0]['dialect'];
  },
) => operation<Input, Ok>({ api: 'agent-run', dialect, ...value });
