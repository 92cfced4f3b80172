import * as z from 'zod';
import { cursorParam, queryBoolean, queryInt } from '../operation/query.ts';

export const JOIN_OPERATORS = ['and', 'or'] as const;

/** A list as JSON, as far as a pattern tells. */
const LIST = '^\\s*\\[[\\s\\S]*\\]\\s*$';

/** The query parameters of every list; a list that knows more adds them. */
export const listParams = {
  limit: queryInt({ min: 1, max: 200 }).prefault('50'),
  cursor: cursorParam().optional(),
  sort: z
    .string()
    .meta({ pattern: LIST, description: 'JSON: up to 3 of `{"id": "createdAt", "desc": true}`' })
    .optional(),
  filters: z
    .string()
    .meta({
      pattern: LIST,
      description: 'JSON: a list of `{"id": "status", "operator": "eq", "value": "failed"}`',
    })
    .optional(),
  joinOperator: z.enum(JOIN_OPERATORS).prefault('and'),
  q: z.string().optional(),
  includeTotal: queryBoolean().prefault('false'),
  includeFacets: queryBoolean().prefault('false'),
};

export type ListQuery = z.output<z.ZodObject<typeof listParams>>;
