import * as z from 'zod';
import { queryBoolean, queryInt } from '../operation/query.ts';

export const JOIN_OPERATORS = ['and', 'or'] as const;

/** The query parameters of every list; a list that knows more adds them. */
export const listParams = {
  limit: queryInt({ min: 1, max: 200 }).prefault('50'),
  cursor: z.string().optional(),
  sort: z.string().optional(),
  filters: z.string().optional(),
  joinOperator: z.enum(JOIN_OPERATORS).prefault('and'),
  q: z.string().optional(),
  includeTotal: queryBoolean().prefault('false'),
  includeFacets: queryBoolean().prefault('false'),
};

export type ListQuery = z.output<z.ZodObject<typeof listParams>>;
