import type { Dialect } from '../operation.ts';
import type { RefusalCategory } from '../refusal.ts';
import { type RequestParts, toIssues } from '../schema-issues.ts';

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
  unsupported_media_type: { status: 415, message: 'Unsupported media type' },
  rate_limited: { status: 429, message: 'Too many requests' },
  internal: { status: 500, message: 'Internal server error' },
  unavailable: { status: 503, message: 'Please try again in a moment' },
};

export const dialect: Dialect = {
  checks: ['caller', 'permission', 'body', 'input'],
  refuse(refusal) {
    const { status, message } = SAYS[refusal.category];
    const issues = refusal.schema
      ? toIssues(refusal.schema.issues, refusal.schema.request as Partial<RequestParts>)
      : refusal.issues;
    return {
      status,
      headers: {
        'content-type': 'application/json',
        ...(refusal.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(refusal.retryAfterSeconds) }),
        ...refusal.headers,
      },
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
