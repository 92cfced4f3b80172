import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { hostOf } from './request-target.ts';

/** The types that our API hands over as base64; everything else is taken for text. */
export const BINARY_MEDIA_TYPES = ['multipart/form-data', 'application/octet-stream'] as const;

export interface ApiRequest {
  req: IncomingMessage;
  /** The route's path; empty for a request that no route answers. */
  resource: string;
  pathParameters: Record<string, string>;
}

/** A request, still without a body, as API Gateway's REST APIs give it to a function (proxy integration, payload 1.0). */
export function toEvent({ req, resource, pathParameters }: ApiRequest): APIGatewayProxyEvent {
  const [path = '/', query = ''] = splitOnce(req.url ?? '/', '?');
  const method = req.method ?? 'GET';
  const headers = multiValue(pairs(req.rawHeaders));
  const parameters = multiValue([...new URLSearchParams(query)]);
  const now = new Date();
  const requestId = randomUUID();
  const sourceIp = req.socket.remoteAddress ?? '127.0.0.1';
  return {
    resource,
    path,
    httpMethod: method,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastValues(parameters)),
    multiValueQueryStringParameters: orNull(parameters),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: null,
      domainName: hostOf(req),
      extendedRequestId: requestId,
      httpMethod: method,
      identity: { ...NO_IDENTITY, sourceIp, userAgent: req.headers['user-agent'] ?? null },
      path,
      protocol: `HTTP/${req.httpVersion}`,
      requestId,
      requestTime: now.toISOString(),
      requestTimeEpoch: now.getTime(),
      resourceId: resource,
      resourcePath: resource,
      stage: 'local',
    },
    body: null,
    isBase64Encoded: false,
  };
}

/** The event, and the body that has come to it. */
export function withBody(
  event: APIGatewayProxyEvent,
  req: IncomingMessage,
  body: Buffer,
): APIGatewayProxyEvent {
  const isBinary = BINARY_MEDIA_TYPES.some((type) => type === mediaType(req));
  return {
    ...event,
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}

/** What Lambda tells a function about its invocation. */
export function toContext(functionName: string, requestId: string, timeoutSeconds: number): Context {
  const deadline = performance.now() + timeoutSeconds * 1000;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    // Of the callback style, which Node.js functions left behind.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

const NO_IDENTITY = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
} as const;

const mediaType = (req: IncomingMessage): string =>
  (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) found.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return found;
}

function multiValue(values: readonly [string, string][]): Record<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of values) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(all);
}

const lastValues = (values: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length === 0 ? null : values);
