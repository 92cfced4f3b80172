import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { fallback, pathInApi } from '../../../lib/adapters/http/fallback.ts';
import type { HandlerPlatform } from '../../../lib/adapters/http/handler.ts';
import { operations } from '../../../lib/apis/index.ts';

/** As API Gateway tells of a request that came through a domain with a base path, or without one. */
const EVENTS: [path: string, resource: string, proxy: string | undefined, inApi: string][] = [
  ['/runs/batch', '', undefined, '/runs/batch'],
  ['/', '/', undefined, '/'],
  ['/base', '/', undefined, '/'],
  ['/nowhere/at/all', '/{proxy+}', 'nowhere/at/all', '/nowhere/at/all'],
  ['/base/nowhere/at/all', '/{proxy+}', 'nowhere/at/all', '/nowhere/at/all'],
  ['/base/two/runs/', '/{proxy+}', 'runs/', '/runs/'],
  ['/runs/', '/runs', undefined, '/runs/'],
  ['/base/runs', '/runs', undefined, '/runs'],
  ['/runs/runs/x', '/runs/{runId}', undefined, '/runs/x'],
  [
    '/a/api/v1/workspaces/w/runs/batch',
    '/api/v1/workspaces/{workspaceId}/runs/batch',
    undefined,
    '/api/v1/workspaces/w/runs/batch',
  ],
];

const answer = async (method: string, path: string, resource: string, proxy?: string) => {
  const platform = { corsOrigins: [], logger: { info: () => undefined } } as unknown as HandlerPlatform;
  const event = { httpMethod: method, path, resource, headers: {}, pathParameters: proxy ? { proxy } : null };
  return fallback(operations, () => platform)(event as unknown as APIGatewayProxyEvent, {} as Context);
};

describe('what no operation answers', () => {
  it.each(EVENTS)('%s of %s', (path, resource, proxy, inApi) => {
    expect(pathInApi({ path, resource, pathParameters: proxy ? { proxy } : null })).toBe(inApi);
  });

  it.each(['', '/base'])('is found behind the base path %j', async (base) => {
    expect(await answer('DELETE', `${base}/runs`, '/runs')).toMatchObject({
      statusCode: 405,
      headers: { allow: 'POST, GET' },
    });
    expect(await answer('OPTIONS', `${base}/api/v1/run`, '/api/v1/run')).toMatchObject({ statusCode: 204 });
    expect(await answer('GET', `${base}/runs/`, '/{proxy+}', 'runs/')).toMatchObject({
      statusCode: 307,
      headers: { location: `${base}/runs` },
    });
    expect(await answer('GET', `${base}/nowhere`, '/{proxy+}', 'nowhere')).toMatchObject({ statusCode: 404 });
  });
});
