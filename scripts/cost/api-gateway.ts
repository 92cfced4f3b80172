import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { toEvent, withBody } from '../../lib/adapters/local/server/api-event.ts';
import type { Operation } from '../../lib/apis/operation/operation.ts';

/** One request of a caller. */
export interface Request {
  key: string;
  path?: Record<string, string>;
  json?: unknown;
}

export interface Answer {
  status: number;
  /** Of the function's own. */
  headers: Readonly<Record<string, unknown>>;
  /** One character for each byte. */
  body: string;
}

/** The event that a function is given. */
export function eventOf(
  { method, path: resource }: Pick<Operation, 'method' | 'path'>,
  { key, path: pathParameters = {}, json }: Request,
): APIGatewayProxyEvent {
  const req = new IncomingMessage(new Socket());
  req.method = method;
  req.url = resource.replace(/\{(\w+)\}/g, (_, name: string) => pathParameters[name] ?? '');
  req.rawHeaders = ['x-api-key', key, ...(json === undefined ? [] : ['content-type', 'application/json'])];
  const body = json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  return withBody(toEvent({ req, resource, pathParameters }), req, body);
}

/** What a streaming function writes its answer to. */
export class AnswerStream extends Writable {
  readonly answer: Answer = { status: 0, headers: {}, body: '' };

  setContentType(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.answer.body += chunk.toString('latin1');
    done();
  }
}

interface Prelude {
  statusCode?: number;
  headers?: Record<string, unknown>;
}

/** Puts `awslambda` where streaming functions expect it. */
export function installRuntime(): void {
  const HttpResponseStream = {
    from(stream: Writable, { statusCode = 200, headers = {} }: Prelude): Writable {
      if (!(stream instanceof AnswerStream)) throw new TypeError('Not the stream of this answer');
      Object.assign(stream.answer, { status: statusCode, headers });
      return stream;
    },
  };
  Object.assign(globalThis, { awslambda: { HttpResponseStream } });
}
