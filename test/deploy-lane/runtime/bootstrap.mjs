/**
 * What Lambda runs in a function's process: it loads the handler, asks the Runtime API for one event after the other
 * and answers each, whole or piece by piece.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and runtimes-custom.html#runtimes-custom-response-streaming
 */
import { request } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API: API, LAMBDA_TASK_ROOT: ROOT, _HANDLER: HANDLER } = process.env;
const BASE = `http://${API}/2018-06-01/runtime`;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const PRELUDE = Symbol('prelude');
const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response';

/** An answer that is sent while it is written. Its first byte sends the head. */
class ResponseStream extends Writable {
  #sent;
  #url;
  #contentType = 'application/octet-stream';

  constructor(url) {
    super();
    this.#url = url;
  }

  get hasBegun() {
    return this.#sent !== undefined;
  }

  setContentType(contentType) {
    this.#contentType = contentType;
  }

  /** Ends what has begun with an error in the trailers, and waits until it is received. */
  async fail({ errorType, errorMessage }) {
    const { req, received } = this.#sent;
    req.addTrailers({
      'Lambda-Runtime-Function-Error-Type': errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify({ errorType, errorMessage })).toString(
        'base64',
      ),
    });
    req.end();
    await received;
  }

  _write(chunk, _encoding, done) {
    this.#begin().req.write(chunk, done);
  }

  _final(done) {
    const { req, received } = this.#begin();
    req.end();
    received.then(() => done(), done);
  }

  #begin() {
    if (this.#sent !== undefined) return this.#sent;
    const headers = {
      'content-type': this.#contentType,
      'transfer-encoding': 'chunked',
      'lambda-runtime-function-response-mode': 'streaming',
      trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    };
    const req = request(this.#url, { method: 'POST', headers, agent: false });
    const received = new Promise((resolve, reject) => {
      req.on('response', (res) => res.resume().on('end', resolve));
      req.on('error', reject);
    });
    received.catch((error) => this.destroy(error));
    this.#sent = { req, received };
    if (this[PRELUDE] !== undefined) {
      req.write(this[PRELUDE]);
      req.write(Buffer.alloc(8));
    }
    return this.#sent;
  }
}

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
  HttpResponseStream: {
    from(stream, metadata) {
      stream.setContentType(HTTP_INTEGRATION);
      stream[PRELUDE] = JSON.stringify(metadata);
      return stream;
    },
  },
};

const described = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

async function post(path, body, type) {
  const headers = type === undefined ? {} : { 'lambda-runtime-function-error-type': type };
  await (await fetch(`${BASE}/${path}`, { method: 'POST', headers, body })).arrayBuffer();
}

async function load() {
  const [file, name] = HANDLER.split('.');
  const handler = (await import(pathToFileURL(join(ROOT, `${file}.mjs`)).href))[name];
  if (typeof handler !== 'function') throw new TypeError(`${HANDLER} is no function`);
  // Node 24 of Lambda takes no callbacks: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
  if (handler[STREAMING] === undefined && handler.length > 2)
    throw new TypeError(`${HANDLER} takes ${handler.length} parameters; a callback is not supported`);
  return handler;
}

async function answerOne(handler) {
  const next = await fetch(`${BASE}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const event = await next.json();
  const context = {
    awsRequestId: id,
    invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const stream = new ResponseStream(`${BASE}/invocation/${id}/response`);
  try {
    if (handler[STREAMING] === undefined) {
      await post(`invocation/${id}/response`, JSON.stringify((await handler(event, context)) ?? null));
      return;
    }
    await handler(event, stream, context);
    if (!stream.writableFinished) throw new Error('The handler returned before its stream had ended');
  } catch (error) {
    const failure = described(error);
    if (stream.hasBegun) await stream.fail(failure);
    else await post(`invocation/${id}/error`, JSON.stringify(failure), failure.errorType);
  }
}

let handler;
try {
  handler = await load();
} catch (error) {
  const failure = described(error);
  await post('init/error', JSON.stringify(failure), `Runtime.${failure.errorType}`);
  process.exit(1);
}
for (;;) await answerOne(handler);
