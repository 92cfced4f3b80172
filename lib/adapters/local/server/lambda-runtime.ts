import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';

/** What a streaming function says before its first byte. */
export interface ResponsePrelude {
  statusCode?: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
}

/**
 * The `responseStream` of a streaming function, written to a local HTTP response. It closes when the client
 * goes away.
 */
export class LocalResponseStream extends Writable {
  readonly #res: ServerResponse;
  #prelude: ResponsePrelude = {};
  #contentType = 'application/octet-stream';

  constructor(res: ServerResponse) {
    super();
    this.#res = res;
    res.on('error', () => this.destroy());
    res.on('close', () => this.destroy());
  }

  setContentType(contentType: string): void {
    this.#contentType = contentType;
  }

  setPrelude(prelude: ResponsePrelude): void {
    // Through JSON, as the runtime sends it.
    this.#prelude = JSON.parse(JSON.stringify(prelude)) as ResponsePrelude;
  }

  /** Ends the response where it stands; the function sees its stream closed. */
  hangUp(): void {
    this.#res.end();
    this.destroy();
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error | null) => void): void {
    try {
      this.#sendHead();
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#res.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    try {
      this.#sendHead();
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#res.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // An answer that has not begun can still become an error; one that has is cut off.
    if (this.#res.headersSent && !this.#res.writableEnded) this.#res.destroy();
    callback(error);
  }

  #sendHead(): void {
    if (this.#res.headersSent) return;
    const { statusCode = 200, headers = {}, multiValueHeaders = {}, cookies } = this.#prelude;
    const head: OutgoingHttpHeaders = lowerCase({ ...headers, ...multiValueHeaders });
    this.#res.writeHead(statusCode, {
      'content-type': this.#contentType,
      ...head,
      ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
    });
    // A stream of events may be silent for long; its reader waits for the head.
    this.#res.flushHeaders();
  }
}

const lowerCase = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response';
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** The global that Lambda's Node.js runtime gives to functions, over `LocalResponseStream`. */
const localRuntime = {
  HttpResponseStream: {
    from(stream: Writable, prelude: ResponsePrelude): Writable {
      if (!(stream instanceof LocalResponseStream)) throw new TypeError('Not the stream of this response');
      if (prelude.headers?.['content-type'] === undefined) stream.setContentType(HTTP_INTEGRATION);
      stream.setPrelude(prelude);
      return stream;
    },
  },
  streamifyResponse<Handler extends object>(handler: Handler): Handler {
    return Object.assign(handler, { [STREAMING]: 'response' });
  },
};

/**
 * Puts `awslambda` where functions expect it; libraries may have put things of their own there already.
 * Entries read it when they are imported: call this first.
 */
export function installLambdaRuntime(): void {
  const runtime = globalThis as { awslambda?: object };
  runtime.awslambda = Object.assign(runtime.awslambda ?? {}, localRuntime);
}
