import type { $ZodIssue } from 'zod/v4/core';

/**
 * Every way in which any API can say no. Each API's `dialect.ts` has words for all of them, by type. Where it
 * says several with one status, documents show the first of them.
 */
export const REFUSAL_CATEGORIES = [
  'bad_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'precondition_failed',
  'too_large',
  'range_not_satisfiable',
  'unsupported_media_type',
  'invalid',
  'malformed_json',
  'rate_limited',
  'internal',
  'bad_gateway',
  'unavailable',
] as const;
export type RefusalCategory = (typeof REFUSAL_CATEGORIES)[number];

/** What is wrong with one member of a request. `path` is absent when the whole is meant. */
export interface RefusalIssue {
  path?: string;
  message: string;
  code?: string;
}

export interface Refusal {
  category: RefusalCategory;
  /** A sentence that a caller may read; the dialect may replace it, never add internals to it. */
  message?: string | undefined;
  issues?: RefusalIssue[] | undefined;
  /** Issues of the request's schema, still in zod's words, with the request they were found in. */
  schema?: { issues: readonly $ZodIssue[]; request: unknown } | undefined;
  /** Of `unauthenticated`: the caller showed nothing at all. */
  isAnonymous?: boolean | undefined;
  retryAfterSeconds?: number | undefined;
  headers?: Record<string, string> | undefined;
}

/** Thrown by anything that answers a request; `toHandler` turns it into the answer of the route's dialect. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: { cause?: unknown }) {
    super(refusal.message ?? refusal.category, options);
    this.refusal = refusal;
  }
}

export const notFound = (message: string): Refused => new Refused({ category: 'not_found', message });

/** A conflict whose machine-readable code clients branch on, if it has one. */
export const conflict = (message: string, code?: string): Refused =>
  new Refused({
    category: 'conflict',
    message,
    ...(code === undefined ? {} : { issues: [{ message, code }] }),
  });

export const invalid = (message: string, issues?: RefusalIssue[]): Refused =>
  new Refused({ category: 'invalid', message, issues });

/** The headers of a refusal whose body is of this type. */
export const refusalHeaders = (
  { retryAfterSeconds, headers }: Refusal,
  contentType: string,
): Record<string, string> => ({
  'content-type': contentType,
  ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  ...headers,
});

/** Nobody mends more at a time, and a body of a megabyte may have a wrong member in every three characters. */
const MAX_ISSUES = 100;

/** The first issues of a refusal: it is to be an answer, not a copy of the request. */
export function withFewIssues({ issues, schema, ...refusal }: Refusal): Refusal {
  const few = (issue: $ZodIssue): $ZodIssue =>
    issue.code === 'unrecognized_keys' ? { ...issue, keys: issue.keys.slice(0, MAX_ISSUES) } : issue;
  return {
    ...refusal,
    ...(issues === undefined ? {} : { issues: issues.slice(0, MAX_ISSUES) }),
    ...(schema === undefined
      ? {}
      : { schema: { ...schema, issues: schema.issues.slice(0, MAX_ISSUES).map(few) } }),
  };
}
