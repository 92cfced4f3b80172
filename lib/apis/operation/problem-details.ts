import * as z from 'zod';
import type { Dialect } from './operation.ts';
import { type RefusalCategory, refusalHeaders } from './refusal.ts';
import { issuesOf } from './schema-issues.ts';

/** Problem details with ADE's bare slugs as types. `detail` here is what is said when nothing better is known. */
const SAYS: Record<RefusalCategory, { status: number; type: string; title: string; detail?: string }> = {
  malformed_json: {
    status: 422,
    type: 'validation_error',
    title: 'Validation error',
    detail: 'Invalid request',
  },
  bad_request: { status: 400, type: 'bad_request', title: 'Bad request' },
  unauthenticated: {
    status: 401,
    type: 'unauthorized',
    title: 'Unauthorized',
    detail: 'Authentication required',
  },
  forbidden: { status: 403, type: 'forbidden', title: 'Forbidden' },
  not_found: { status: 404, type: 'not_found', title: 'Not found', detail: 'Not Found' },
  method_not_allowed: { status: 405, type: 'error', title: 'Error', detail: 'Method Not Allowed' },
  conflict: { status: 409, type: 'conflict', title: 'Conflict' },
  precondition_failed: { status: 412, type: 'precondition_failed', title: 'Precondition failed' },
  too_large: { status: 413, type: 'error', title: 'Error' },
  range_not_satisfiable: { status: 416, type: 'error', title: 'Error' },
  unsupported_media_type: { status: 415, type: 'error', title: 'Error' },
  invalid: { status: 422, type: 'validation_error', title: 'Validation error', detail: 'Invalid request' },
  rate_limited: { status: 429, type: 'rate_limited', title: 'Too many requests' },
  internal: {
    status: 500,
    type: 'internal_error',
    title: 'Internal server error',
    detail: 'Internal server error',
  },
  bad_gateway: {
    status: 502,
    type: 'bad_gateway',
    title: 'Bad gateway',
    detail: 'A service behind this one failed.',
  },
  unavailable: {
    status: 503,
    type: 'service_unavailable',
    title: 'Service unavailable',
    detail: 'Please try again in a moment.',
  },
};

/** Problem details (RFC 9457); `errors` says what is wrong with which member, or a code to branch on. */
const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.strictObject({ path: z.string().optional(), message: z.string(), code: z.string().optional() }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

/** How workspace runs say no, and whatever stands beside the APIs: problem details with ADE's slugs as types. */
export const problemDetails: Dialect = {
  problem: Problem,
  checks: ['body', 'caller', 'permission', 'input'],
  refuse(refusal, { path, requestId }) {
    const { status, type, title, detail } = SAYS[refusal.category];
    const issues = issuesOf(refusal);
    const said = refusal.message ?? detail;
    return {
      status,
      headers: refusalHeaders(refusal, 'application/problem+json'),
      body: {
        type,
        title,
        status,
        ...(said === undefined || said === '' ? {} : { detail: said }),
        instance: path,
        requestId,
        ...(issues === undefined ? {} : { errors: issues }),
      },
    };
  },
};
