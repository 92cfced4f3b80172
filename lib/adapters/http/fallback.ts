import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type Operation, pathsOf } from '../../apis/operation/operation.ts';
import { problemDetails as plain } from '../../apis/operation/problem-details.ts';
import { preflightHeaders, withCors } from './cors.ts';
import type { BufferedHandler, HandlerPlatform } from './handler.ts';
import { type Reply, toResult } from './reply.ts';
import { toRequest } from './request.ts';

const PARAMETER = /\{[^}]+\}/g;

/** Answers what no operation does: 307 without the trailing slash, 204 to OPTIONS, 405 with `Allow`, 404. */
export function fallback(operations: readonly Operation[], platform: () => HandlerPlatform): BufferedHandler {
  const patterns = operations.flatMap((operation) =>
    pathsOf(operation).map((path) => ({
      operation,
      pattern: new RegExp(`^${path.replace(PARAMETER, '[^/]+')}$`),
    })),
  );
  const matching = (path: string): Operation[] =>
    patterns.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);

  return async (event) => {
    const request = toRequest(event);
    const { path, requestId } = request;
    const reply = answer();
    platform().logger.info('no operation', { method: request.method, path, status: reply.status, requestId });
    const headers = { ...reply.headers, 'x-request-id': requestId };
    return toResult({ ...reply, headers: withCors(headers, platform().corsOrigins, request) });

    function answer(): Reply {
      const found = matching(path);
      const allowed = [...new Set(found.map(({ method }) => method))].join(', ');
      const bare = path.replace(/\/+$/, '');
      if (found.length === 0 && bare !== path && matching(bare).length > 0) {
        return { status: 307, headers: { location: bare + queryOf(event) } };
      }
      if (found.length > 0 && request.method === 'OPTIONS')
        return { status: 204, headers: { allow: allowed, ...preflightHeaders(allowed) } };
      const dialect = found[0]?.dialect ?? plain;
      return found.length === 0
        ? dialect.refuse({ category: 'not_found', message: 'Not Found' }, request)
        : dialect.refuse({ category: 'method_not_allowed', headers: { allow: allowed } }, request);
    }
  };
}

function queryOf(event: APIGatewayProxyEvent): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
