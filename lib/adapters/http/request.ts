import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What API Gateway's REST proxy event says, whatever the casing of its header names. */
export interface HttpRequest {
  method: string;
  /** Without query and stage. */
  path: string;
  /** Where its sender has found us, with scheme, stage and base path, without query. */
  address: string;
  requestId: string;
  header(name: string): string | undefined;
  pathParameters: Record<string, string>;
  /** The last value of each parameter, as a form would have it. */
  query: Record<string, string>;
  /** The body as it came; undefined when there was none. */
  body: Buffer | undefined;
}

/** A caller's own request id is echoed when it is short and printable, so that it may stand in a log line. */
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;

export function toRequest(event: APIGatewayProxyEvent): HttpRequest {
  const headers = new Map(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const header = (name: string): string | undefined => headers.get(name);
  const sent = header('x-request-id');
  return {
    method: event.httpMethod,
    path: event.path,
    address: addressOf(event, header('x-forwarded-proto')),
    requestId: sent !== undefined && REQUEST_ID.test(sent) ? sent : `req_${randomUUID().replaceAll('-', '')}`,
    header,
    pathParameters: defined(event.pathParameters),
    query: defined(event.queryStringParameters),
    body: event.body == null ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** API Gateway always says which scheme it was, and a laptop has one. */
function addressOf({ requestContext, path }: APIGatewayProxyEvent, forwarded: string | undefined): string {
  const scheme = forwarded === 'https' ? 'https' : 'http';
  return `${scheme}://${requestContext?.domainName ?? 'localhost'}${requestContext?.path ?? path}`;
}

function defined(record: Record<string, string | undefined> | null): Record<string, string> {
  const entries = Object.entries(record ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
