import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Operation } from '../../apis/operation/operation.ts';
import { problemDetails as plain } from '../../apis/operation/problem-details.ts';
import { preflightHeaders } from './cors.ts';
import type { BufferedHandler, HandlerPlatform } from './handler.ts';
import { asAnswer, operationsAt } from './refuse.ts';
import type { Reply } from './reply.ts';
import { toRequest } from './request.ts';

/** Answers what no operation does: 307 without the trailing slash, 204 to OPTIONS, 405 with `Allow`, 404. */
export function fallback(operations: readonly Operation[], platform: () => HandlerPlatform): BufferedHandler {
  const at = operationsAt(operations);

  return async (event) => {
    const request = toRequest(event);
    const { path: asked, requestId } = request;
    const path = pathInApi(event);
    const reply = answer();
    platform().logger.info('no operation', {
      ...{ method: request.method, path: asked, status: reply.status, requestId },
    });
    return asAnswer(reply, request, platform());

    function answer(): Reply {
      const found = at(path);
      const allowed = [...new Set(found.map(({ method }) => method))].join(', ');
      if (found.length === 0 && path.endsWith('/') && at(withoutSlash(path)).length > 0) {
        return { status: 307, headers: { location: withoutSlash(asked) + queryOf(event) } };
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

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

/**
 * The path below the API's root. A custom domain may keep an API under a base path, which is part of the event's
 * path and not of the resource that API Gateway has found for it.
 */
export function pathInApi({
  path,
  resource,
  pathParameters,
}: Pick<APIGatewayProxyEvent, 'path' | 'resource' | 'pathParameters'>): string {
  if (!resource) return path;
  const bare = withoutSlash(path);
  const rest = withoutSlash(pathParameters?.proxy ?? '');
  const segments = resource.replace('{proxy+}', rest).split('/').filter(Boolean).length;
  const own = bare.split('/').filter(Boolean).slice(-segments);
  return segments === 0 ? '/' : `/${own.join('/')}${path.slice(bare.length)}`;
}

function queryOf(event: APIGatewayProxyEvent): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
