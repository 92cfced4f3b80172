import type * as z from 'zod';
import type { RunKind } from '../../runs/run.ts';
import type { Permission } from '../workspaces/workspaces.ts';
import type { Refusal, RefusalCategory } from './refusal.ts';

export type ApiName = 'workspace-runs' | 'process-runs' | 'thread-runs' | 'agent-run' | 'reference';

/**
 * What is checked of a request: that its body is JSON, that the caller is known, that they may do this
 * here, that its parts are as the operation wants them.
 */
export type Check = 'body' | 'caller' | 'permission' | 'input';

/** How an API says no: total over refusals. `path` is the request's path without its query. */
export type Dialect = {
  /** What the body of every refusal is. */
  problem: z.ZodType;
  refuse(
    refusal: Refusal,
    request: { path: string; requestId: string },
  ): {
    status: number;
    headers: Record<string, string>;
    body: unknown;
  };
  /** The order of the checks: the first that fails is what is answered. */
  checks: readonly Check[];
};

/** What a request is made of once it is parsed. Parts that an operation does not name are not read. */
export interface InputShape {
  path?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
}

/** Headers that an operation may read, beside those about its caller and its content. */
export type RequestHeader =
  | 'Idempotency-Key'
  | 'If-Match'
  | 'If-None-Match'
  | 'If-Range'
  | 'Last-Event-ID'
  | 'Range';

/** What an operation answers with when it succeeds. */
export type Success =
  | { status: 200 | 201; body: z.ZodType }
  | { status: 204; body: 'empty' }
  | {
      status: 200;
      body: 'bytes' | 'events';
      contentType: string;
      /** Media types that it may have instead. */
      otherContentTypes?: readonly string[];
      /** What is answered instead when the caller asks for one whole answer. */
      json?: z.ZodType;
    };

/** `upload` writes below `temporary/` only: what a presigned form may do, and what is kept for a day. */
export type FileRight = 'read' | 'write' | 'upload' | 'remove';

/** What the code of an operation uses otherwise than its method and its platform would have it. */
export interface Uses {
  /** Of the table, where the method may write. */
  table?: 'read';
  /** By what it finds runs, other than by their ids. */
  runsBy?: 'parent' | 'status';
  files?: readonly FileRight[];
  /** A place among the open event streams, which is written to their part of the table. */
  holdsPlace?: true;
  /** Looks at state machines of others. */
  looksAtMachines?: true;
}

/** Files that are deployed with the code: where they are, and the folder in which the code finds them. */
export interface ShippedFiles {
  from: string;
  to: string;
  names: readonly string[];
}

/** Runs that an execution moves on after the answer; an agent's ends with its answer. */
type ExecutedKind = Exclude<RunKind, 'agent'>;

/**
 * One operation, described once: validation, types, the API Gateway route, the local route, the OpenAPI
 * document, the rights of its function, how the client calls it and the test matrix all read this value.
 */
export interface Operation<Input extends InputShape = InputShape, Ok extends Success = Success> {
  operationId: string;
  api: ApiName;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}` in braces, as API Gateway and OpenAPI write them. */
  path: string;
  /** Other paths that answer the same. Documents name the main one only. */
  aliases?: readonly string[];
  summary: string;
  /** The right a caller needs; null for operations that anybody may call. */
  permission: Permission | null;
  /** Whether a key of one agent may call it; the verb then sees to it that it is about that agent. */
  forAgentKeys?: boolean;
  /** Whether a token of an identity provider is as good as a key. */
  acceptsTokens?: boolean;
  /** Whether a link to this very run lets its bearer in, who shows no key: see `workspaces/stream-links.ts`. */
  acceptsLinks?: boolean;
  input: Input;
  /** The parts of a form as documents show them; the verb reads them itself. */
  form?: z.ZodObject;
  headers?: readonly RequestHeader[];
  success: Ok;
  /** Status codes besides success that do not follow from the rest; see `errorsOf` for all. */
  errors?: readonly number[];
  /** What its path names is made by it, or refused with 403: there is no 404. */
  isAlwaysFound?: boolean;
  dialect: Dialect;
  /**
   * May be sent twice although it is a POST without a key: it reads, it ends what has ended, it hands out a
   * form that costs nothing when it is not used, or it makes of an upload what it has become.
   */
  isRepeatable?: boolean;
  /** How long its JSON may be, in characters, if that is more than that of all others. */
  maxJsonLength?: number;
  /** How long it may take to answer, in seconds, if that is more than the minute of all others. */
  timeoutSeconds?: number;
  /** Reads whole workbooks, or makes other files of them, before it answers: all processor and memory. */
  computes?: true;
  /** Whose executions it starts, or else stops: it may call their state machines, and no other. */
  starts?: ExecutedKind;
  stops?: ExecutedKind;
  uses?: Uses;
  ships?: ShippedFiles;
}

export const operation = <const Input extends InputShape, const Ok extends Success>(
  value: Operation<Input, Ok>,
): Operation<Input, Ok> => value;

/** Every path at which an operation answers, the main one first. */
export const pathsOf = ({ path, aliases = [] }: Pick<Operation, 'path' | 'aliases'>): string[] => [
  path,
  ...aliases,
];

/** How the body arrives: parsed JSON, or the raw parts of a form. */
export const consumesOf = ({
  input,
  form,
}: Pick<Operation, 'input' | 'form'>): 'json' | 'multipart' | 'nothing' =>
  form !== undefined ? 'multipart' : input.body !== undefined ? 'json' : 'nothing';

/** Every status code besides success: those that the operation names, and those that follow from its parts. */
export function errorsOf(op: Operation): number[] {
  const { permission, input, headers = [], form, isAlwaysFound = false, errors = [], dialect } = op;
  const hasBody = consumesOf(op) !== 'nothing';
  const follows: Partial<Record<RefusalCategory, boolean>> = {
    unauthenticated: permission !== null,
    forbidden: permission !== null,
    not_found: input.path !== undefined && !isAlwaysFound,
    invalid: hasBody || input.query !== undefined || hasPattern(op),
    bad_request: form !== undefined,
    too_large: hasBody,
    // It may come in an encoding.
    unsupported_media_type: hasBody,
    range_not_satisfiable: headers.includes('Range'),
    precondition_failed: headers.includes('If-Match'),
    // An earlier request with the same key may not have been answered yet.
    conflict: headers.includes('Idempotency-Key'),
    internal: true,
  };
  const statuses = Object.entries(follows).flatMap(([category, does]) =>
    does ? [dialect.refuse({ category: category as RefusalCategory }, NO_REQUEST).status] : [],
  );
  return [...new Set([...errors, ...statuses])].toSorted((a, b) => a - b);
}

const NO_REQUEST = { path: '', requestId: '' };

/** Whether some text in the path is wrong, where for others it would be the name of something unknown. */
const hasPattern = ({ path, input }: Operation): boolean => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, '~']);
  return input.path?.safeParse(Object.fromEntries(names)).success === false;
};

/** Whether the answer is sent while it is made (API Gateway's STREAM transfer mode) instead of whole. */
export const isStreaming = (op: Operation): boolean =>
  op.success.body === 'bytes' || op.success.body === 'events';

/** The file of the Lambda function that answers an operation, relative to the repository's root. */
export const entryOf = (op: Pick<Operation, 'api' | 'operationId'>): string =>
  `lambdas/${op.api}/${kebab(op.operationId)}.ts`;

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
