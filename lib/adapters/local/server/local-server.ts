import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Logger } from '../../../apis/log/ports.ts';
import type { Refusal } from '../../../apis/operation/refusal.ts';
import type { BufferedHandler, StreamingHandler } from '../../http/handler.ts';
import { refuser } from '../../http/refuse.ts';
import { toContext, toEvent, withBody } from './api-event.ts';
import { LocalResponseStream } from './lambda-runtime.ts';
import { BodyBudget, BodyError, readBody } from './read-body.ts';
import { asOriginForm } from './request-target.ts';
import { router } from './router.ts';
import { Unanswerable } from './unanswerable.ts';

export type LocalRoute = {
  method: string;
  path: string;
  /** Says from the headers why the caller may not call; without it, everybody may. */
  gate?: (event: APIGatewayProxyEvent) => Promise<Refusal | undefined>;
  /** Whether it reads a body; one that nobody reads is not kept. */
  takesBody?: boolean;
} & ({ streaming: false; handler: BufferedHandler } | { streaming: true; handler: StreamingHandler });

/**
 * Connections that wait while the process is busy; of more, the system cuts some off. Node's 511 are fewer than a
 * thousand callers at once; the system's own limit, 4,096 on Linux, holds all the same.
 */
const BACKLOG = 4_096;

export interface LocalServerOptions {
  /** 0 takes any free one. */
  port: number;
  host?: string;
  routes: readonly LocalRoute[];
  /** Answers what no route does: unknown paths and methods. */
  fallback: BufferedHandler;
  /** Comes first; true when it has answered. */
  middleware?: (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;
  /** Refuses what reaches no function; problem details without it. */
  refuse?: (event: APIGatewayProxyEvent, refusal: Refusal) => APIGatewayProxyResult;
  /** Larger bodies are refused before any handler. */
  maxBodyBytes?: number;
  /** And all bodies at once hold no more than this: then those that come are refused for a moment. */
  maxHeldBytes?: number;
  logger: Pick<Logger, 'error'>;
  timeouts?: { headersMilliseconds: number; requestMilliseconds: number };
}

export interface LocalServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

const MEBIBYTE = 1_048_576;
const DEFAULT_MAX_BODY_BYTES = 64 * MEBIBYTE;
/** Ten documents of 25 MiB at once; what a body becomes on its way through a function comes on top. */
const DEFAULT_MAX_HELD_BYTES = 256 * MEBIBYTE;
/** A laptop's upload of 25 MiB takes no time; what takes minutes is somebody who holds a connection. */
const DEFAULT_TIMEOUTS = { headersMilliseconds: 10_000, requestMilliseconds: 120_000 };
/** What API Gateway grants a function: 29 seconds for a whole answer, 15 minutes for a stream. */
const BUFFERED_SECONDS = 29;
const STREAMING_SECONDS = 900;
/** Room for the longest `filters` (8,192 characters, three bytes each when percent-encoded) beside the rest. */
const MAX_HEADER_BYTES = 65_536;
/** How long requests at work may take to end when the server closes, and a refused body to be read off. */
const CLOSE_MILLISECONDS = 500;
const LINGER_MILLISECONDS = 2000;

/** API Gateway and Lambda in one: turns requests into proxy events, calls functions, writes their answers. */
export async function startServer(options: LocalServerOptions): Promise<LocalServer> {
  const { port, host = '127.0.0.1', logger, timeouts = DEFAULT_TIMEOUTS } = options;
  const find = router(options.routes);
  const refuseIn = options.refuse ?? refuser([], () => ({ corsOrigins: [] }));
  const streams = new Set<LocalResponseStream>();
  const budget = new BodyBudget(options.maxHeldBytes ?? DEFAULT_MAX_HELD_BYTES);
  let working = 0;

  const server = createServer(
    {
      headersTimeout: timeouts.headersMilliseconds,
      requestTimeout: timeouts.requestMilliseconds,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: Math.min(1000, timeouts.headersMilliseconds / 2),
    },
    async (req, res) => {
      res.on('error', () => undefined); // the client is gone: `close` follows
      working += 1;
      try {
        await answer(req, res);
      } catch (error) {
        refuse(req, res, error);
      } finally {
        working -= 1;
      }
    },
  );

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    asOriginForm(req);
    if (await options.middleware?.(req, res)) return;
    const path = (req.url ?? '/').split('?')[0] ?? '/';
    const { route, pathParameters } = find(req.method ?? '', path) ?? {
      route: undefined,
      pathParameters: {},
    };
    const bare = toEvent({ req, resource: route?.path ?? '', pathParameters });
    const admit = async (): Promise<void> => {
      const refusal = await route?.gate?.(bare);
      if (refusal !== undefined) throw new Unanswerable(refusal);
    };
    if (route === undefined || route.takesBody === false) return call(route, bare, res);
    const maxBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    const body = await readBody(req, { maxBytes, budget, admit });
    try {
      await call(route, withBody(bare, req, body), res);
    } finally {
      budget.give(body.length);
    }
  }

  async function call(route: LocalRoute | undefined, event: APIGatewayProxyEvent, res: ServerResponse) {
    const contextFor = (seconds: number) =>
      toContext(`${event.httpMethod} ${event.resource}`, event.requestContext.requestId, seconds);

    if (route?.streaming !== true) {
      const handler = route?.handler ?? options.fallback;
      write(res, await handler(event, contextFor(BUFFERED_SECONDS)));
      return;
    }
    const stream = new LocalResponseStream(res);
    stream.on('error', () => undefined); // the function hears of it by its own means
    streams.add(stream);
    try {
      // The runtime's class cannot be extended: it exists only as a type.
      const responseStream = stream as unknown as awslambda.HttpResponseStream;
      await route.handler(event, responseStream, contextFor(STREAMING_SECONDS));
      // A function that returns has ended its stream, or forgot to.
      if (!stream.writableEnded && !stream.destroyed) stream.end();
    } finally {
      streams.delete(stream);
    }
  }

  function refuse(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      logger.error('A function failed', { method: req.method, path: req.url?.split('?')[0], error });
    }
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    for (const name of res.getHeaderNames()) res.removeHeader(name); // of the answer that failed
    if (refusal === undefined) {
      res.writeHead(502, { 'content-type': 'application/problem+json' });
      res.end(
        JSON.stringify({ type: 'about:blank', title: 'Bad Gateway', status: 502, detail: BAD_GATEWAY }),
      );
    } else write(res, refuseIn(toEvent({ req, resource: '', pathParameters: {} }), refusal));
    if (req.complete) return;
    // Closing on a client that still sends would take the answer from it.
    req.resume();
    const lingering = setTimeout(() => req.socket.destroy(), LINGER_MILLISECONDS).unref();
    // It has sent everything: the connection may be at its next request by then.
    req.once('end', () => clearTimeout(lingering));
  }

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const stream of streams) stream.hangUp();
    server.closeIdleConnections();
    const deadline = performance.now() + CLOSE_MILLISECONDS;
    while (working > 0 && performance.now() < deadline) await sleep(5);
    server.closeAllConnections();
    await closed;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const chosen = (server.address() as AddressInfo).port;
  return { url: `http://${host}:${chosen}`, port: chosen, close };
}

const BAD_GATEWAY = 'Internal server error';

const BODIES: Record<BodyError['reason'], Refusal> = {
  too_large: { category: 'too_large', message: 'The request is too large.' },
  broken_off: { category: 'bad_request', message: 'The request ended before its body did.' },
  overloaded: {
    category: 'unavailable',
    message: 'Too much is being uploaded at the same time. Please try again in a moment.',
    retryAfterSeconds: 1,
  },
};

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Unanswerable) return error.refusal;
  return error instanceof BodyError ? BODIES[error.reason] : undefined;
}

function write(res: ServerResponse, result: APIGatewayProxyResult): void {
  const { statusCode, headers = {}, multiValueHeaders = {}, body = '', isBase64Encoded = false } = result;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, String(value));
  for (const [name, values] of Object.entries(multiValueHeaders)) res.setHeader(name, values.map(String));
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  // API Gateway calls everything JSON that says nothing else.
  if (bytes.length > 0 && !res.hasHeader('content-type')) res.setHeader('content-type', 'application/json');
  res.statusCode = statusCode;
  res.end(bytes.length > 0 ? bytes : undefined);
}
