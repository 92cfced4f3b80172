import { Writable } from 'node:stream';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';

/** What a streaming function writes to: it keeps what comes, and can be hung up. */
export class KeptStream extends Writable {
  status = 200;
  headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];
  /** Told of every chunk. */
  onChunk: (chunks: number) => void = () => undefined;

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.#chunks.push(chunk);
    callback();
    this.onChunk(this.#chunks.length);
  }
}

/** The global that Lambda's Node.js runtime gives to functions. Entries read it when they are imported. */
function installRuntime(): void {
  const runtime = globalThis as { awslambda?: object };
  runtime.awslambda = Object.assign(runtime.awslambda ?? {}, {
    HttpResponseStream: {
      from(
        stream: KeptStream,
        prelude: { statusCode?: number; headers?: Record<string, string> },
      ): KeptStream {
        stream.status = prelude.statusCode ?? 200;
        stream.headers = prelude.headers ?? {};
        return stream;
      },
    },
    streamifyResponse: <Handler>(handler: Handler): Handler => handler,
  });
}

installRuntime();

export interface HttpRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: Buffer | string | undefined;
}

/** A request as API Gateway gives it to a function. */
export function eventOf(
  { method, path, headers, body }: HttpRequest,
  resource: string,
  pathParameters: Record<string, string>,
  requestId: string,
): APIGatewayProxyEvent {
  const [bare = '/', query = ''] = path.split('?');
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const isBinary = Buffer.isBuffer(body);
  return {
    resource,
    path: bare,
    httpMethod: method,
    headers: { 'x-request-id': requestId, ...headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: Object.keys(parameters).length === 0 ? null : parameters,
    multiValueQueryStringParameters: null,
    pathParameters,
    stageVariables: null,
    requestContext: { requestId, httpMethod: method, path: bare } as APIGatewayProxyEvent['requestContext'],
    body: body === undefined ? null : Buffer.isBuffer(body) ? body.toString('base64') : body,
    isBase64Encoded: isBinary,
  };
}

export const contextOf = (name: string, requestId: string): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: name,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
  memoryLimitInMB: '1024',
  awsRequestId: requestId,
  logGroupName: name,
  logStreamName: 'simulated',
  getRemainingTimeInMillis: () => 29_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

export const textOf = ({ body, isBase64Encoded }: APIGatewayProxyResult): string =>
  isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body;
