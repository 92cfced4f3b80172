import type * as z from 'zod';
import type { Refusal } from './refusal.ts';
import type { Permission } from './workspaces.ts';

export type ApiName = 'workspace-runs' | 'process-runs' | 'thread-runs' | 'agent-run';

/** How an API says no: total over refusals. `path` is the request's path without its query. */
export type Dialect = {
  refuse(
    refusal: Refusal,
    request: { path: string; requestId: string },
  ): {
    status: number;
    headers: Record<string, string>;
    body: unknown;
  };
  /** Whether a body that is not JSON is refused before the caller is known, or after. */
  malformedBodyFirst: boolean;
};

/** What a request is made of once it is parsed. Parts that an operation does not name are not read. */
export interface InputShape {
  path?: z.ZodType;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
}

/** What an operation answers with when it succeeds. */
export type Success =
  | { status: 200 | 201; body: z.ZodType }
  | { status: 204; body: 'empty' }
  | { status: 200; body: 'bytes' | 'events'; contentType: string };

/**
 * One operation, described once: validation, types, the API Gateway route, the local route, the OpenAPI
 * document and the test matrix all read this value.
 */
export interface Operation<Input extends InputShape = InputShape, Ok extends Success = Success> {
  operationId: string;
  api: ApiName;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}` in braces, as API Gateway and OpenAPI write them. */
  path: string;
  summary: string;
  /** The right a caller needs; null for operations that anybody may call. */
  permission: Permission | null;
  input: Input;
  /** How the body arrives: parsed JSON, or the raw parts of a form. */
  consumes: 'json' | 'multipart' | 'nothing';
  success: Ok;
  /** Status codes besides success that the operation documents. */
  errors: readonly number[];
  dialect: Dialect;
}

export const operation = <const Input extends InputShape, const Ok extends Success>(
  value: Operation<Input, Ok>,
): Operation<Input, Ok> => value;

/** Whether the answer is sent while it is made (API Gateway's STREAM transfer mode) instead of whole. */
export const isStreaming = (op: Operation): boolean =>
  op.success.body === 'bytes' || op.success.body === 'events';

/** The file of the Lambda function that answers an operation, relative to the repository's root. */
export const entryOf = (op: Pick<Operation, 'api' | 'operationId'>): string =>
  `lambdas/${op.api}/${kebab(op.operationId)}.ts`;

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
