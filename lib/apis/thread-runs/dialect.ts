import * as z from 'zod';
import type { Dialect } from '../operation/operation.ts';
import { type Refusal, type RefusalCategory, refusalHeaders } from '../operation/refusal.ts';
import type { RequestParts } from '../operation/schema-issues.ts';
import { type Errors, fieldErrors, schemaErrors } from './validation-errors.ts';

/** ASP.NET Core's answer to a request that is not as its model wants it. */
const VALIDATION = {
  type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
  title: 'One or more validation errors occurred.',
  status: 400,
} as const;

type Spoken = Exclude<RefusalCategory, 'malformed_json' | 'bad_request' | 'invalid' | 'internal'>;

/** `fixed` sentences are the contract's own and say no more than they say. */
const SAYS: Record<Spoken, { status: number; message: string; fixed?: true }> = {
  unauthenticated: { status: 401, message: 'Unauthorized access', fixed: true },
  forbidden: { status: 403, message: 'Access denied to project', fixed: true },
  not_found: { status: 404, message: 'Thread not found' },
  method_not_allowed: { status: 405, message: 'Method not allowed' },
  conflict: { status: 409, message: 'Thread already has an active run' },
  precondition_failed: { status: 412, message: 'The resource changed since it was read' },
  too_large: { status: 413, message: 'The request is too large' },
  range_not_satisfiable: { status: 416, message: 'The file is not that long' },
  unsupported_media_type: { status: 415, message: 'Unsupported media type' },
  rate_limited: { status: 429, message: 'Too many requests' },
  bad_gateway: { status: 502, message: 'The assistant could not answer' },
  unavailable: { status: 503, message: 'The service is unavailable. Try again in a moment' },
};

/** `errors` has what is wrong by the name of the member, as ASP.NET Core spells it. */
const ThreadRunProblem = z
  .union([
    z.strictObject({ message: z.string() }).meta({ id: 'ThreadRunMessage' }),
    z
      .strictObject({
        type: z.string(),
        title: z.string(),
        status: z.literal(400),
        traceId: z.string(),
        errors: z.record(z.string(), z.array(z.string())).meta({ id: 'ThreadRunErrors' }),
      })
      .meta({ id: 'ThreadRunValidationProblem' }),
  ])
  .meta({ id: 'ThreadRunProblem' });

/** The dialect of an operation that says this when it fails through no fault of its caller. */
export const dialectOf = (failed: string): Dialect => ({
  problem: ThreadRunProblem,
  checks: ['caller', 'body', 'input', 'permission'],
  refuse(refusal, { requestId }) {
    const errors = errorsOf(refusal);
    if (errors !== undefined) {
      return {
        status: VALIDATION.status,
        headers: refusalHeaders(refusal, 'application/problem+json; charset=utf-8'),
        body: { ...VALIDATION, traceId: requestId, errors },
      };
    }
    const category = refusal.category as Spoken | 'internal';
    const { status, message, fixed } =
      category === 'internal' ? ({ status: 500, message: failed, fixed: true } as const) : SAYS[category];
    return {
      status,
      headers: refusalHeaders(refusal, 'application/json; charset=utf-8'),
      body: { message: fixed === true ? message : (refusal.message ?? message) },
    };
  },
});

/** What is wrong with the members of a request; undefined for a refusal that is about something else. */
function errorsOf({
  category,
  schema,
  issues = [],
  message = 'Invalid request',
}: Refusal): Errors | undefined {
  switch (category) {
    case 'malformed_json':
      return {
        $: ['The JSON value could not be converted to the request. Path: $.'],
        request: ['The request field is required.'],
      };
    case 'bad_request':
    case 'invalid':
      if (schema !== undefined) return schemaErrors(schema.issues, schema.request as Partial<RequestParts>);
      return issues.length === 0 ? { '': [message] } : fieldErrors(issues);
    default:
      return undefined;
  }
}
