import { describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { isStreaming, type Operation, pathsOf } from '../../../lib/apis/operation/operation.ts';
import { ANY, apiDefinition } from '../../../lib/constructs/api/api-definition.ts';

const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;

const define = (of: readonly Operation[] = operations, corsOrigins: string[] = []) =>
  apiDefinition({
    title: 'runplane-test',
    operations: of,
    partition: 'aws',
    region: 'eu-west-1',
    functionOf: ({ operationId }) => arnOf(operationId),
    fallback: arnOf('fallback'),
    corsOrigins,
  });

const { paths, ...document } = define();
const integrationOf = (path: string, method: string) =>
  paths[path]?.[method]?.['x-amazon-apigateway-integration'];

describe.each(operations.map((op) => [`${op.method} ${op.path}`, op] as const))('%s', (_route, op) => {
  const method = op.method.toLowerCase();

  it('AWS allows 29 s an answer: its own function is called in the way in which it answers', () => {
    const called = isStreaming(op)
      ? `2021-11-15/functions/${arnOf(op.operationId)}/response-streaming-invocations`
      : `2015-03-31/functions/${arnOf(op.operationId)}/invocations`;

    expect(integrationOf(op.path, method)).toMatchObject({
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/${called}`,
      responseTransferMode: isStreaming(op) ? 'STREAM' : 'BUFFERED',
      timeoutInMillis: isStreaming(op) ? 900_000 : 29_000,
    });
  });

  it('names every parameter of its path', () => {
    const named = paths[op.path]?.[method]?.parameters?.map(({ name }) => `{${name}}`) ?? [];

    expect(named).toEqual(op.path.match(/\{[^}]+\}/g) ?? []);
  });
});

describe('apiDefinition', () => {
  it('has exactly one method per operation', () => {
    const named = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );

    expect(named.sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
  });

  it('sends every other method of every path, and every path in between, to the fallback', () => {
    const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arnOf('fallback')}/invocations`;

    for (const path of Object.keys(paths)) expect(integrationOf(path, ANY)).toMatchObject({ uri });
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/', '/{proxy+}', '/api', '/api/v1', '/api/v1/workspaces/{workspaceId}']),
    );
  });

  it('keeps to one parameter name at each place of a path, as API Gateway demands', () => {
    const names = new Map<string, Set<string>>();
    for (const path of Object.keys(paths)) {
      const segments = path.split('/');
      for (const [index, segment] of segments.entries()) {
        if (!segment.startsWith('{')) continue;
        const place = segments.slice(0, index).join('/');
        names.set(place, (names.get(place) ?? new Set()).add(segment));
      }
    }

    expect([...names].filter(([, siblings]) => siblings.size > 1)).toEqual([]);
  });

  it('stays below the 300 paths that API Gateway takes, also with sixty more operations', () => {
    const mostPaths = Math.max(...operations.map((op) => pathsOf(op).length));

    expect(Object.keys(paths).length + 60 * mostPaths).toBeLessThan(300);
  });

  it('is OpenAPI 3.0, and takes forms as bytes', () => {
    expect(document).toMatchObject({
      openapi: '3.0.1',
      'x-amazon-apigateway-binary-media-types': ['multipart/form-data'],
    });
  });

  it('refuses two operations on one route', () => {
    const [first] = operations;
    if (first === undefined) throw new Error('There are no operations');

    expect(() => define([first, first])).toThrow(`${first.method} ${first.path} is described twice`);
  });
});

describe('gateway responses', () => {
  const responsesFor = (...corsOrigins: string[]) =>
    define(operations, corsOrigins)['x-amazon-apigateway-gateway-responses'];

  it('cover what API Gateway refuses by itself, and everything else by default', () => {
    expect(responsesFor()).toMatchObject({
      REQUEST_TOO_LARGE: { statusCode: 413 },
      THROTTLED: { statusCode: 429 },
      MISSING_AUTHENTICATION_TOKEN: { statusCode: 404 },
      INTEGRATION_TIMEOUT: { statusCode: 504 },
      DEFAULT_4XX: {},
      DEFAULT_5XX: {},
    });
  });

  it('are problem details that repeat no message of API Gateway', () => {
    for (const { responseTemplates, responseParameters } of Object.values(responsesFor())) {
      const template = responseTemplates['application/json'];
      expect(JSON.parse(template)).toMatchObject({
        type: expect.any(String),
        title: expect.any(String),
        detail: expect.any(String),
        requestId: '$context.requestId',
      });
      expect(template).not.toContain('$context.error');
      expect(responseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
    }
  });

  it('say when to come back', () => {
    expect(responsesFor().THROTTLED?.responseParameters).toMatchObject({
      'gatewayresponse.header.Retry-After': "'1'",
    });
  });

  it('can be read by pages of the configured origins, and of no other by default', () => {
    const header = 'gatewayresponse.header.Access-Control-Allow-Origin';

    expect(responsesFor().DEFAULT_5XX?.responseParameters).not.toHaveProperty([header]);
    expect(responsesFor('https://a.example').DEFAULT_5XX?.responseParameters).toMatchObject({
      [header]: "'https://a.example'",
    });
    expect(
      responsesFor('https://a.example', 'https://b.example').DEFAULT_5XX?.responseParameters,
    ).toMatchObject({ [header]: "'*'" });
  });
});
