import type { $ZodIssue } from 'zod/v4/core';
import type { RefusalIssue } from '../operation/refusal.ts';
import type { RequestParts } from '../operation/schema-issues.ts';

/** Sentences by the property they are about, as ASP.NET Core's `ModelState` has them. */
export type Errors = Record<string, string[]>;

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Several sentences about one property stand together, each once. */
function gather(said: readonly (readonly [key: string, message: string])[]): Errors {
  const errors: Errors = {};
  for (const [key, message] of said) {
    const sentences = errors[key] ?? [];
    if (!sentences.includes(message)) errors[key] = [...sentences, message];
  }
  return errors;
}

export const fieldErrors = (issues: readonly RefusalIssue[]): Errors =>
  gather(issues.map(({ path = '', message }) => [pascal(path), message]));

export const schemaErrors = (issues: readonly $ZodIssue[], request: Partial<RequestParts>): Errors =>
  gather(
    issues.flatMap((issue) => (issue.path[0] === 'body' ? ofBody(issue, request.body) : [ofQuery(issue)])),
  );

const REQUEST_REQUIRED = ['request', 'The request field is required.'] as const;

/** System.Text.Json's words for a value of a wrong type, ours for the rest. */
function ofBody(issue: $ZodIssue, body: unknown): (readonly [string, string])[] {
  const [, member] = issue.path;
  if (member === undefined) {
    return body == null
      ? [['', 'A non-empty request body is required.'], REQUEST_REQUIRED]
      : [['$', 'The JSON value could not be converted to the request. Path: $.'], REQUEST_REQUIRED];
  }
  const name = String(member);
  if (issue.code !== 'invalid_type') return [[pascal(name), issue.message]];
  if (issue.input == null) return [[pascal(name), `The ${pascal(name)} field is required.`]];
  const path = `$.${name}`;
  return [[path, `The JSON value could not be converted to System.String. Path: ${path}.`], REQUEST_REQUIRED];
}

/** What ASP.NET Core says of a parameter that cannot be read, and of one that is out of its range. */
function ofQuery(issue: $ZodIssue): readonly [string, string] {
  const name = String(issue.path.at(-1) ?? '');
  switch (issue.code) {
    case 'custom':
    case 'too_small':
    case 'too_big':
      return [pascal(name), issue.message];
    default:
      return [pascal(name), `The value '${String(issue.input ?? '')}' is not valid.`];
  }
}
