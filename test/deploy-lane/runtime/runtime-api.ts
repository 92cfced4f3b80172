import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readStream, type StreamedAnswer } from './stream-reader.ts';

/** Bytes that Lambda passes on of an answer that is whole: 6 MB and 100 bytes. */
const MAX_ANSWER_BYTES = 6_291_556;

export interface Failure {
  errorType: string;
  errorMessage: string;
}
export type Outcome =
  | { type: 'answered'; value: unknown }
  | ({ type: 'streamed' } & StreamedAnswer)
  | ({ type: 'failed' } & Failure);

interface Invocation {
  id: string;
  event: unknown;
  timeoutMs: number;
  settle(outcome: Outcome): void;
}

const failed = (errorType: string, errorMessage: string): Outcome => ({
  type: 'failed',
  errorType,
  errorMessage,
});

/** Lambda's Runtime API for one function: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  readonly #server: Server;
  readonly #waiting: Invocation[] = [];
  readonly #open = new Map<string, Invocation>();
  #idle: ServerResponse | undefined;
  /** Why nothing can be asked any more. */
  #dead: Outcome | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<RuntimeApi> {
    const server = createServer();
    const api = new RuntimeApi(server);
    server.on('request', (req: IncomingMessage, res: ServerResponse) => {
      api.#serve(req, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return api;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands over one event. A stream is there as soon as its metadata are. */
  invoke(event: unknown, timeoutMs: number): Promise<Outcome> {
    if (this.#dead !== undefined) return Promise.resolve(this.#dead);
    return new Promise((settle) => {
      this.#waiting.push({ id: randomUUID(), event, timeoutMs, settle });
      this.#handOver();
    });
  }

  /** The process is gone, or was stopped: so ends what it was asked. */
  end(errorType: string, errorMessage: string): void {
    this.#dead ??= failed(errorType, errorMessage);
    for (const { settle } of [...this.#waiting.splice(0), ...this.#open.values()]) settle(this.#dead);
    this.#open.clear();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [, what = '', id = '', how = ''] =
      /^\/2018-06-01\/runtime\/(init|invocation)\/([^/]+)(?:\/(response|error))?$/.exec(req.url ?? '') ?? [];
    if (what === 'init') {
      const { errorType, errorMessage } = JSON.parse((await buffer(req)).toString()) as Failure;
      accept(res);
      return this.end(`Runtime.${errorType}`, errorMessage);
    }
    if (id === 'next') {
      this.#idle = res;
      return this.#handOver();
    }
    const invocation = this.#open.get(id);
    if (invocation === undefined) return void res.writeHead(400).end();
    if (how === 'response' && req.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      req.once('end', () => accept(res));
      const streamed = await readStream(req).catch((error: Error) => error);
      const isWrong = streamed instanceof Error;
      return this.#settle(
        invocation,
        isWrong ? failed('Runtime.BadStream', streamed.message) : { type: 'streamed', ...streamed },
      );
    }
    const body = await buffer(req);
    if (how === 'error') {
      accept(res);
      const { errorType, errorMessage } = JSON.parse(body.toString()) as Failure;
      return this.#settle(invocation, failed(errorType, errorMessage));
    }
    if (body.length > MAX_ANSWER_BYTES) {
      res.writeHead(413).end();
      const size = `The answer has ${body.length} bytes; Lambda passes on ${MAX_ANSWER_BYTES}`;
      return this.#settle(invocation, failed('Function.ResponseSizeTooLarge', size));
    }
    accept(res);
    this.#settle(invocation, { type: 'answered', value: JSON.parse(body.toString()) as unknown });
  }

  #settle(invocation: Invocation, outcome: Outcome): void {
    this.#open.delete(invocation.id);
    invocation.settle(outcome);
  }

  #handOver(): void {
    const res = this.#idle;
    const invocation = res === undefined ? undefined : this.#waiting.shift();
    if (res === undefined || invocation === undefined) return;
    this.#idle = undefined;
    this.#open.set(invocation.id, invocation);
    res.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeoutMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:tried',
    });
    res.end(JSON.stringify(invocation.event));
  }
}

const accept = (res: ServerResponse): void => void res.writeHead(202).end();
