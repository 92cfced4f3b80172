import * as z from 'zod';
import type { $ZodIssue } from 'zod/v4/core';
import type { Dialect } from '../operation/operation.ts';
import { type Refusal, type RefusalCategory, refusalHeaders } from '../operation/refusal.ts';
import { dottedPath } from '../operation/schema-issues.ts';

/** This API knows no 422: whatever is wrong with a request is 400. */
const SAYS: Record<RefusalCategory, { status: number; message: string }> = {
  malformed_json: { status: 400, message: 'Request body is not valid JSON' },
  bad_request: { status: 400, message: 'Bad request' },
  invalid: { status: 400, message: 'Bad request' },
  unauthenticated: { status: 401, message: 'Invalid API key' },
  forbidden: { status: 403, message: 'Access denied' },
  not_found: { status: 404, message: 'Not found' },
  method_not_allowed: { status: 405, message: 'Method not allowed' },
  conflict: { status: 409, message: 'The request conflicts with the state of the resource' },
  precondition_failed: { status: 412, message: 'The resource changed since it was read' },
  too_large: { status: 413, message: 'The request is too large' },
  range_not_satisfiable: { status: 416, message: 'The file is not that long' },
  unsupported_media_type: { status: 415, message: 'Unsupported media type' },
  rate_limited: { status: 429, message: 'Too many requests' },
  internal: { status: 500, message: 'Internal server error' },
  bad_gateway: { status: 502, message: 'The model provider failed' },
  unavailable: { status: 503, message: 'Please try again in a moment' },
};

/** Callers of this API are told that there is no key, or that it is not good, and no more. */
const NO_KEY = 'API key is required';

function messageOf(refusal: Refusal, otherwise: string): string {
  if (refusal.category === 'unauthenticated') return refusal.isAnonymous === true ? NO_KEY : otherwise;
  const [issue] = refusal.schema?.issues ?? [];
  return issue === undefined ? (refusal.message ?? otherwise) : sentenceOf(issue);
}

/** The first thing that is wrong, as one sentence: `stream must be a boolean`. */
export function sentenceOf(issue: $ZodIssue): string {
  const [, ...path] = issue.path; // the part of the request comes first
  const name = dottedPath(path);
  if (name === '') return issue.message;
  return /^(is|must) /.test(issue.message) ? `${name} ${issue.message}` : `${name}: ${issue.message}`;
}

const AgentRunError = z.strictObject({ message: z.string() }).meta({ id: 'AgentRunError' });

/** `{message}` for every error; `fault` is what is said of one that is ours. */
const speaking = (fault: string): Dialect => ({
  problem: AgentRunError,
  checks: ['caller', 'permission', 'body', 'input'],
  refuse(refusal) {
    const { status, message } = SAYS[refusal.category];
    return {
      status,
      headers: refusalHeaders(refusal, 'application/json'),
      body: { message: messageOf(refusal, refusal.category === 'internal' ? fault : message) },
    };
  },
});

export const FAULT = 'Error processing agent run';

/** The dialect of running an agent. */
export const runDialect: Dialect = speaking(FAULT);
/** The dialect of everything around it. */
export const dialect: Dialect = speaking(SAYS.internal.message);
