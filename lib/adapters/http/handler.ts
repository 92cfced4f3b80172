import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod';
import { bare } from '../../apis/log/log-lines.ts';
import { withLog } from '../../apis/log/log-step.ts';
import {
  type Check,
  consumesOf,
  type InputShape,
  isStreaming,
  type Operation,
  type Success,
} from '../../apis/operation/operation.ts';
import { Refused, withFewIssues } from '../../apis/operation/refusal.ts';
import type { Platform } from '../../apis/platform.ts';
import type { Caller } from '../../apis/workspaces/workspaces.ts';
import { authenticate, type Identity, permit } from './authorize.ts';
import { assertPlain } from './content-encoding.ts';
import { withCors } from './cors.ts';
import { parseInput } from './input.ts';
import { jsonBody } from './json-body.ts';
import { assertAnswerable, isStreamReply, type Reply, type StreamReply, toReply, toResult } from './reply.ts';
import { type HttpRequest, toRequest } from './request.ts';
import { type ResponseStream, writeReply } from './stream.ts';
import type { WithHeaders } from './with-headers.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request after every check: its parts parsed, the caller known and permitted. */
export interface Input<Shape extends InputShape = InputShape> {
  path: Parsed<Shape['path']>;
  query: Parsed<Shape['query']>;
  body: Parsed<Shape['body']>;
  caller: Caller;
  request: HttpRequest;
  /** Aborted when the caller has gone away. */
  signal: AbortSignal;
}

/** What a verb may answer: the success body as its schema has it, or a whole reply. */
export type Answer<Ok extends Success> = Ok extends { body: infer Body }
  ? Body extends z.ZodType
    ? z.output<Body> | WithHeaders
    : Body extends 'empty'
      ? undefined
      : StreamReply
  : never;

/** An operation and the verb that answers it, for any platform that has what the verb needs. */
export interface Route<Shape extends InputShape, Ok extends Success, Needs> {
  operation: Operation<Shape, Ok>;
  respond(input: Input<Shape>, platform: Needs): Promise<Answer<Ok>>;
}

/** What every handler asks of its platform: to know its caller and to say what happened. */
export type HandlerPlatform = Pick<
  Platform,
  'keys' | 'tokens' | 'members' | 'workspaces' | 'now' | 'logger' | 'runs' | 'corsOrigins'
>;

export type BufferedHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;
export type StreamingHandler = (
  event: APIGatewayProxyEvent,
  stream: ResponseStream,
  context: Context,
) => Promise<void>;

/**
 * Binds a route to a platform: in `lambdas/` for AWS, in `lib/adapters/local` for a laptop and for tests.
 * The platform is a function, so that clients are built on first use and importing a route touches nothing.
 */
export function toHandler<Shape extends InputShape, Ok extends Success, Needs>(
  bound: Route<Shape, Ok, Needs>,
  platform: () => Needs & HandlerPlatform,
): BufferedHandler {
  const answer = answerer(bound, platform);
  const never = new AbortController().signal;
  return async (event, context) => {
    const reply = await answer(event, context, never);
    if (isStreamReply(reply))
      throw new TypeError(`${bound.operation.operationId} must be bound by toStreamHandler`);
    return toResult(reply);
  };
}

/** Marks a function whose answer the Lambda runtime is to stream; the runtime defines it before it imports one. */
const streamify = (globalThis as { awslambda?: Partial<typeof awslambda> }).awslambda?.streamifyResponse;

/** As `toHandler`, for operations whose answer is sent while it is made. */
export function toStreamHandler<Shape extends InputShape, Ok extends Success, Needs>(
  bound: Route<Shape, Ok, Needs>,
  platform: () => Needs & HandlerPlatform,
): StreamingHandler {
  const answer = answerer(bound, platform);
  const handler: StreamingHandler = async (event, stream, context) => {
    const gone = new AbortController();
    stream.once('close', () => gone.abort());
    const reply = await answer(event, context, gone.signal);
    try {
      await writeReply(stream, reply);
    } catch (error) {
      // Its status is out: the caller sees an answer that breaks off, and only the log says why.
      const { operationId } = bound.operation;
      const requestId = reply.headers?.[REQUEST_ID];
      platform().logger.error('stream failed', { operationId, requestId, error });
      throw bare(error);
    }
  };
  return streamify === undefined ? handler : (streamify(handler) as StreamingHandler);
}

const REQUEST_ID = 'x-request-id';
/** Some clients put one before their JSON (RFC 8259, 8.1 lets it be ignored). */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** One request on its way through the checks. */
interface Exchange<Needs = unknown> {
  /** Its every line says which request it is about. */
  platform: Needs & HandlerPlatform;
  request: HttpRequest;
  signal: AbortSignal;
  /** The text of a JSON body, and its value once it was parsed. */
  body: unknown;
  identity?: Identity;
  caller?: Caller;
  input?: Record<string, unknown>;
}

type Checks = Record<Check, { before(exchange: { event: Exchange }): Promise<void> }>;

function checksOf(operation: Operation): Checks {
  const { permission } = operation;
  const json = jsonBody(operation);
  return {
    body: {
      before: async (exchange) => {
        if (consumesOf(operation) !== 'nothing') assertPlain(exchange.event.request);
        await json.before(exchange);
      },
    },
    caller: {
      before: async ({ event }) => {
        if (permission !== null)
          event.identity = await authenticate(operation, event.request, event.platform);
      },
    },
    permission: {
      before: async ({ event }) => {
        const { identity, request, platform } = event;
        if (permission === null || identity === undefined) return;
        event.caller = await permit({ ...operation, permission }, identity, request, platform);
      },
    },
    input: {
      before: async ({ event }) => {
        event.input = parseInput(operation, event.request, event.body);
      },
    },
  };
}

function answerer<Shape extends InputShape, Ok extends Success, Needs>(
  { operation, respond }: Route<Shape, Ok, Needs>,
  platform: () => Needs & HandlerPlatform,
) {
  const { operationId } = operation;
  const checks = checksOf(operation);
  const { query } = operation.input;
  const isPage = query instanceof z.ZodObject && 'limit' in query.shape;

  const handle = middy(async (exchange: Exchange<Needs>): Promise<Reply | StreamReply> => {
    const { request, signal, platform } = exchange;
    const input = exchange.input as Pick<Input<Shape>, 'path' | 'query' | 'body'>;
    // An operation without a permission has no caller, and its verb does not ask for one.
    const caller = exchange.caller as Caller;
    const reply = toReply(operation.success, await respond({ ...input, caller, request, signal }, platform));
    if (!isStreamReply(reply) && !isStreaming(operation)) assertAnswerable(reply, { isPage });
    return reply;
  })
    .use(operation.dialect.checks.map((check) => checks[check]))
    .onError((failed) => {
      const { request, platform } = failed.event;
      const refusal = failed.error instanceof Refused ? failed.error.refusal : undefined;
      // A fault is ours: the caller reads that there was one, the log why.
      if (refusal === undefined) platform.logger.error('request failed', { error: failed.error });
      const { status, headers, body } = operation.dialect.refuse(
        withFewIssues(refusal ?? { category: 'internal' }),
        request,
      );
      failed.response = { status, headers, body };
    });

  return async (
    event: APIGatewayProxyEvent,
    context: Context,
    signal: AbortSignal,
  ): Promise<Reply | StreamReply> => {
    const startedAt = performance.now();
    const request = toRequest(event);
    const { requestId } = request;
    const exchange: Exchange<Needs> = {
      platform: withLog(platform(), { operationId, requestId }),
      ...{ request, signal, body: request.body?.toString('utf8').replace(BYTE_ORDER_MARK, '') },
    };
    const reply: Reply | StreamReply = await handle(exchange, context);
    const milliseconds = Math.round(performance.now() - startedAt);
    exchange.platform.logger.info('request', {
      status: reply.status,
      milliseconds,
      workspaceId: exchange.caller?.workspaceId,
      keyId:
        exchange.identity !== undefined && 'key' in exchange.identity ? exchange.identity.key.id : undefined,
      // As API Gateway calls it, in its access log.
      gatewayRequestId: event.requestContext?.requestId,
    });
    const headers = {
      ...reply.headers,
      [REQUEST_ID]: requestId,
      'x-response-time-ms': String(milliseconds),
    };
    return { ...reply, headers: withCors(headers, platform().corsOrigins, request) };
  };
}
