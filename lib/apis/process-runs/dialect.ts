import * as z from 'zod';
import type { Dialect } from '../operation/operation.ts';
import { type RefusalCategory, refusalHeaders } from '../operation/refusal.ts';
import { issuesOf } from '../operation/schema-issues.ts';

/** This API knows no 422: whatever is wrong with a request is 400. */
const SAYS: Record<RefusalCategory, { status: number; message: string }> = {
  malformed_json: { status: 400, message: 'Invalid input values' },
  bad_request: { status: 400, message: 'Invalid input values' },
  invalid: { status: 400, message: 'Invalid input values' },
  unauthenticated: { status: 401, message: 'access not permitted' },
  forbidden: { status: 403, message: 'access not permitted' },
  not_found: { status: 404, message: 'A referenced resource was not found' },
  method_not_allowed: { status: 405, message: 'Method Not Allowed' },
  conflict: { status: 409, message: 'The request conflicts with the state of the resource' },
  precondition_failed: { status: 412, message: 'The resource changed since it was read' },
  too_large: { status: 413, message: 'The request is too large' },
  range_not_satisfiable: { status: 416, message: 'The file is not that long' },
  unsupported_media_type: { status: 415, message: 'Unsupported media type' },
  rate_limited: { status: 429, message: 'Too many requests' },
  internal: { status: 500, message: 'Internal server error' },
  bad_gateway: { status: 502, message: 'A service behind this one failed' },
  unavailable: { status: 503, message: 'Please try again in a moment' },
};

/** `details` names the members of the request that are wrong. */
const ProcessRunError = z
  .strictObject({
    status_code: z.int(),
    message: z.string(),
    details: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'ProcessRunError' });

export const dialect: Dialect = {
  problem: ProcessRunError,
  checks: ['caller', 'permission', 'body', 'input'],
  refuse(refusal) {
    const { status, message } = SAYS[refusal.category];
    const issues = issuesOf(refusal);
    return {
      status,
      headers: refusalHeaders(refusal, 'application/json'),
      body: {
        status_code: status,
        message: refusal.category === 'unauthenticated' ? message : (refusal.message ?? message),
        ...(issues === undefined
          ? {}
          : { details: issues.map(({ path, message: said }) => ({ field: path ?? '', message: said })) }),
      },
    };
  },
};
