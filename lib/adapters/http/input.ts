import * as z from 'zod';
import type { Operation } from '../../apis/operation/operation.ts';
import { Refused } from '../../apis/operation/refusal.ts';
import type { HttpRequest } from './request.ts';

/**
 * The parts that an operation names, parsed; one refusal with everything that is wrong with any of them.
 * @throws Refused `invalid`.
 */
export function parseInput(
  operation: Operation,
  request: HttpRequest,
  body: unknown,
): Record<string, unknown> {
  const parts = { path: request.pathParameters, query: request.query, body };
  const result = schemaOf(operation).safeParse(parts, { reportInput: true });
  if (result.success) return result.data;
  throw new Refused({ category: 'invalid', schema: { issues: result.error.issues, request: parts } });
}

const schemas = new WeakMap<Operation, z.ZodObject>();

function schemaOf(operation: Operation): z.ZodObject {
  const known = schemas.get(operation);
  if (known !== undefined) return known;
  const { path, query, body } = operation.input;
  const schema = z.object({ ...(path && { path }), ...(query && { query }), ...(body && { body }) });
  schemas.set(operation, schema);
  return schema;
}
