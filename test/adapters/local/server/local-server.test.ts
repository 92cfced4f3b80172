import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BufferedHandler } from '../../../../lib/adapters/http/handler.ts';
import { installLambdaRuntime } from '../../../../lib/adapters/local/server/lambda-runtime.ts';
import {
  type LocalRoute,
  type LocalServerOptions,
  startServer,
} from '../../../../lib/adapters/local/server/local-server.ts';

installLambdaRuntime();

/** Answers with the event it was given. */
const echo: BufferedHandler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });

const echoing = (method: string, path: string): LocalRoute => ({
  method,
  path,
  streaming: false,
  handler: echo,
});

async function aServer(routes: LocalRoute[], options: Partial<LocalServerOptions> = {}) {
  const errors: unknown[] = [];
  const server = await startServer({
    port: 0,
    routes,
    fallback: async (event) => ({ statusCode: 404, body: JSON.stringify(event) }),
    logger: { error: (_message, fields) => errors.push(fields) },
    ...options,
  });
  onTestFinished(() => server.close());
  return { ...server, errors };
}

const eventOf = async (answer: Response) => (await answer.json()) as APIGatewayProxyEvent;

/** A raw connection and everything it receives. */
function rawConnection(port: number): { socket: Socket; received: () => string } {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  return { socket, received: () => received };
}

describe('startServer: the event', () => {
  it('has path, parameters, query and headers as API Gateway has them', async () => {
    const { url } = await aServer([echoing('GET', '/api/v1/workspaces/{workspaceId}/runs/{runId}')]);

    const answer = await fetch(
      `${url}/api/v1/workspaces/w%201/runs/a%2Fb?status=queued&status=failed&q=a+b%26c`,
      {
        headers: { 'X-API-Key': 'secret' },
      },
    );

    const event = await eventOf(answer);
    expect(event).toMatchObject({
      httpMethod: 'GET',
      path: '/api/v1/workspaces/w%201/runs/a%2Fb',
      resource: '/api/v1/workspaces/{workspaceId}/runs/{runId}',
      pathParameters: { workspaceId: 'w 1', runId: 'a/b' },
      queryStringParameters: { status: 'failed', q: 'a b&c' },
      multiValueQueryStringParameters: { status: ['queued', 'failed'], q: ['a b&c'] },
      body: null,
      isBase64Encoded: false,
      requestContext: {
        resourcePath: '/api/v1/workspaces/{workspaceId}/runs/{runId}',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    const names = Object.keys(event.headers).map((name) => name.toLowerCase());
    expect(names).toContain('x-api-key');
    expect(Object.keys(event.multiValueHeaders)).toEqual(Object.keys(event.headers));
  });

  it('keeps repeated headers and their spelling', async () => {
    const { port } = await aServer([echoing('GET', '/a')]);
    const { socket, received } = rawConnection(port);
    socket.end('GET /a HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nX-One: 2\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');

    expect(received()).toContain('"X-One":["1","2"]');
    expect(received()).toContain('"X-One":"2"');
  });

  it('has null where there is nothing', async () => {
    const { url } = await aServer([echoing('GET', '/a')]);

    expect(await eventOf(await fetch(`${url}/a`))).toMatchObject({
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      body: null,
    });
  });

  it.each([
    ['application/json', '{"a":"ü"}', false],
    ['text/plain', 'plain', false],
    ['application/octet-stream', '\u0000\u0001', true],
    ['Multipart/Form-Data; boundary=x', '--x--', true],
  ])('hands over %s', async (contentType, body, isBase64Encoded) => {
    const { url } = await aServer([echoing('POST', '/a')]);

    const event = await eventOf(
      await fetch(`${url}/a`, { method: 'POST', body, headers: { 'content-type': contentType } }),
    );

    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body).toBe(body);
  });

  it('goes to the fallback for unknown paths and methods', async () => {
    const { url } = await aServer([echoing('GET', '/runs/{runId}')]);

    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['GET', '/runs/1/'],
      ['GET', '/runs/'],
      ['DELETE', '/runs/1'],
    ] as const) {
      const answer = await fetch(`${url}${path}`, { method });

      expect(answer.status).toBe(404);
      expect(await eventOf(answer)).toMatchObject({
        httpMethod: method,
        path,
        resource: '',
        pathParameters: null,
      });
    }
    expect((await fetch(`${url}/runs/1`, { method: 'HEAD' })).status).toBe(404);
  });

  it('prefers literal segments, wherever they were declared', async () => {
    const { url } = await aServer([
      echoing('GET', '/runs/{runId}/{part}'),
      echoing('GET', '/runs/{runId}'),
      echoing('GET', '/runs/batch'),
      echoing('GET', '/runs/{runId}/events'),
    ]);
    const resource = async (path: string) => (await eventOf(await fetch(`${url}${path}`))).resource;

    expect(await resource('/runs/batch')).toBe('/runs/batch');
    expect(await resource('/runs/7')).toBe('/runs/{runId}');
    expect(await resource('/runs/7/events')).toBe('/runs/{runId}/events');
    expect(await resource('/runs/7/output')).toBe('/runs/{runId}/{part}');
  });
});

describe('startServer: answers', () => {
  const answering = (handler: BufferedHandler): LocalRoute => ({
    method: 'GET',
    path: '/a',
    streaming: false,
    handler,
  });

  it('writes status, headers and body, decoding base64', async () => {
    const { url } = await aServer([
      answering(async () => ({
        statusCode: 201,
        headers: { 'X-Count': 7, 'content-type': 'image/png' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      })),
    ]);
    const answer = await fetch(`${url}/a`);

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-count')).toBe('7');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it('502: a handler that throws, without its message', async () => {
    const { url, errors } = await aServer([
      answering(async () => {
        throw new Error('secret');
      }),
    ]);
    const answer = await fetch(`${url}/a`);

    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('secret');
    expect(errors).toHaveLength(1);
  });

  it('502: a handler whose answer cannot be sent, without its headers', async () => {
    const { url } = await aServer([
      answering(async () => ({
        statusCode: 200,
        headers: { 'Content-Length': 3, 'X-Bad': 'a\nb' },
        body: 'one',
      })),
    ]);
    const answer = await fetch(`${url}/a`);

    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ status: 502 });
  });

  it('lets middleware answer first', async () => {
    const { url } = await aServer([answering(echo)], {
      middleware: async (req, res) => {
        if (!req.url?.startsWith('/_files/')) return false;
        res.writeHead(204).end();
        return true;
      },
    });

    expect((await fetch(`${url}/_files/x`)).status).toBe(204);
    expect((await fetch(`${url}/a`)).status).toBe(200);
  });
});

describe('startServer: streams', () => {
  const streaming = (handler: (LocalRoute & { streaming: true })['handler']): LocalRoute => ({
    method: 'GET',
    path: '/stream',
    streaming: true,
    handler,
  });
  const eventStream = { statusCode: 200, headers: { 'Content-Type': 'text/event-stream' } };

  it('sends each piece as it is written, under the prelude', async () => {
    const { url } = await aServer([
      streaming(async (_event, responseStream) => {
        const stream = awslambda.HttpResponseStream.from(responseStream, eventStream);
        stream.write('data: 1\n\n');
        await sleep(200);
        stream.end('data: 2\n\n');
      }),
    ]);
    const answer = await fetch(`${url}/stream`);
    const reader = answer.body?.getReader();
    const before = Date.now();
    const first = await reader?.read();
    const waited = Date.now() - before;
    const second = await reader?.read();

    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(waited).toBeLessThan(150);
    expect([first, second].map((read) => Buffer.from(read?.value ?? []).toString())).toEqual([
      'data: 1\n\n',
      'data: 2\n\n',
    ]);
    expect((await reader?.read())?.done).toBe(true);
  });

  it('streams large bodies whole, and empty ones with their status', async () => {
    const bytes = Buffer.alloc(8_000_000, 'runplane');
    const { url } = await aServer([
      streaming(async (event, responseStream) => {
        const isEmpty = event.queryStringParameters !== null;
        const stream = awslambda.HttpResponseStream.from(responseStream, { statusCode: isEmpty ? 404 : 200 });
        await pipeline(Readable.from(isEmpty ? [] : [bytes]), stream);
      }),
    ]);

    expect(Buffer.from(await (await fetch(`${url}/stream`)).arrayBuffer()).equals(bytes)).toBe(true);
    expect((await fetch(`${url}/stream?empty=1`)).status).toBe(404);
  });

  it('closes the stream when the client goes away', async () => {
    const closed = vi.fn();
    const { url, errors } = await aServer([
      streaming(async (_event, responseStream) => {
        const stream = awslambda.HttpResponseStream.from(responseStream, eventStream);
        stream.write('data: 1\n\n');
        await once(stream, 'close');
        closed();
      }),
    ]);
    const aborting = new AbortController();
    const answer = await fetch(`${url}/stream`, { signal: aborting.signal });
    await answer.body?.getReader().read();
    aborting.abort();

    await expect.poll(() => closed.mock.calls.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  it('502: fails before the first byte; cut off after', async () => {
    const { url, errors } = await aServer([
      streaming(async (event, responseStream) => {
        const stream = awslambda.HttpResponseStream.from(responseStream, eventStream);
        if (event.queryStringParameters !== null) {
          stream.write('half');
          await sleep(20);
        }
        throw new Error('secret');
      }),
    ]);

    expect((await fetch(`${url}/stream`)).status).toBe(502);
    const cut = await fetch(`${url}/stream?late=1`);
    await expect(cut.text()).rejects.toThrow();
    expect(errors).toHaveLength(2);
  });

  it('ends open streams when it closes, within a second', async () => {
    const server = await aServer([
      streaming(async (_event, responseStream) => {
        const stream = awslambda.HttpResponseStream.from(responseStream, eventStream);
        stream.write('data: 1\n\n');
        await once(stream, 'close');
      }),
    ]);
    const answer = await fetch(`${server.url}/stream`);
    const text = answer.text();
    await sleep(20);
    const before = Date.now();
    await server.close();

    expect(Date.now() - before).toBeLessThan(1000);
    expect(await text).toBe('data: 1\n\n');
  });
});

describe('startServer: hostile requests', () => {
  it.each(['/%', '/%zz', '/runs/%E0%A4%A', '/runs/1?q=%'])('400: %s', async (path) => {
    const { port } = await aServer([echoing('GET', '/runs/{runId}')]);
    const { socket, received } = rawConnection(port);
    socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');

    expect(received()).toMatch(/^HTTP\/1.1 400 /);
    expect(received()).toContain('application/problem+json');
  });

  it.each([
    ['announced', { 'content-type': 'text/plain' }, 'x'.repeat(300_000)],
    ['chunked', { 'content-type': 'text/plain' }, undefined],
  ])('413: a body over the cap, %s', async (_how, headers, body) => {
    const { url } = await aServer([echoing('POST', '/a')], { maxBodyBytes: 100_000 });
    const chunks = Array.from({ length: 30 }, () => new Uint8Array(10_000));
    const stream = Readable.toWeb(Readable.from(chunks)) as unknown as NonNullable<RequestInit['body']>;

    const answer = await fetch(`${url}/a`, {
      method: 'POST',
      headers,
      body: body ?? stream,
      duplex: 'half',
    } as RequestInit);

    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ status: 413, detail: 'The request is too large.' });
  });

  it('asks the gate before it keeps more than a little, and not for less', async () => {
    let asked = 0;
    const gate: LocalRoute['gate'] = async () => {
      asked += 1;
      return { category: 'unauthenticated' };
    };
    const { url } = await aServer([{ ...echoing('POST', '/a'), gate }]);
    const post = (bytes: number) => fetch(`${url}/a`, { method: 'POST', body: 'x'.repeat(bytes) });

    expect([(await post(60_000)).status, asked]).toEqual([200, 0]);
    expect([(await post(70_000)).status, asked]).toEqual([401, 1]);
  });

  it('503: more bodies at once than may be held, and none of them afterwards', async () => {
    const { url, port } = await aServer([echoing('POST', '/a')], { maxHeldBytes: 300_000 });
    const waiting = rawConnection(port);
    waiting.socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 250001\r\n\r\n');
    waiting.socket.write('x'.repeat(250_000));
    const post = () => fetch(`${url}/a`, { method: 'POST', body: 'x'.repeat(100_000) });

    await vi.waitFor(async () => {
      const refused = await post();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    });
    waiting.socket.destroy();
    await vi.waitFor(async () => expect((await post()).status).toBe(200));
    expect((await post()).status).toBe(200);
  });

  it('a refused body that is read off leaves the connection to the next request', async () => {
    const { port } = await aServer([echoing('GET', '/a')]);
    const { socket, received } = rawConnection(port);
    socket.write(`POST /% HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf `);
    await once(socket, 'data');
    socket.write('whole');
    await sleep(2100); // longer than a refused body is waited for
    socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(received).toContain('HTTP/1.1 200 ');
  });

  /** The answer to a target as it is; `fetch` would rewrite it. */
  async function answerTo(port: number, line: string, host: string) {
    const { socket, received } = rawConnection(port);
    socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    const [head = '', body = ''] = received().split('\r\n\r\n');
    return {
      status: Number(head.split(' ')[1]),
      text: body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1),
    };
  }

  it.each([
    ['http://x.example/a?b=1', '/a', { b: '1' }, 'x.example'],
    ['HTTPS://x.example:8001/a', '/a', null, 'x.example:8001'],
    ['http://x.example', '/', null, 'x.example'],
    ['http://x.example?b=1', '/', { b: '1' }, 'x.example'],
  ])('takes %s for its path, and its host for the one that is meant', async (target, path, query, host) => {
    const { port } = await aServer([echoing('GET', '/a')]);

    const event: APIGatewayProxyEvent = JSON.parse((await answerTo(port, `GET ${target}`, 'proxy')).text);

    expect(event).toMatchObject({ path, queryStringParameters: query });
    expect(event.requestContext.domainName).toBe(host);
  });

  it.each([
    ['OPTIONS *', '`*` asks about no path: name the one that is meant.'],
    ['GET http://x.example/%zz', 'The URL is not encoded properly.'],
  ])('400: %s, for its own reason', async (line, said) => {
    const { port } = await aServer([]);

    const { status, text } = await answerTo(port, line, 'x');

    expect([status, JSON.parse(text).detail]).toEqual([400, said]);
  });

  it.each([
    ['x.example', 'x.example'],
    ['x_y.example:8001', 'x_y.example:8001'],
    ['[::1]:8001', '[::1]:8001'],
    ['x.example/path?', undefined],
    ['user@x.example', undefined],
    ['x.example:port', undefined],
    ['"><script>', undefined],
    ['', undefined],
  ])('is known under the host %j, or else under its own', async (host, expected) => {
    const { port } = await aServer([echoing('GET', '/a')]);

    const event: APIGatewayProxyEvent = JSON.parse((await answerTo(port, 'GET /a', host)).text);

    expect(event.requestContext.domainName).toBe(expected ?? `127.0.0.1:${port}`);
  });

  it('431: too many headers', async () => {
    const { port, url } = await aServer([echoing('GET', '/a')]);
    const { socket, received } = rawConnection(port);
    socket.write(`GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`);
    await once(socket, 'close');

    expect(received()).toMatch(/^HTTP\/1.1 431 /);
    expect((await fetch(`${url}/a`)).status).toBe(200);
  });

  it('outlives uploads that break off, rubbish and silence', async () => {
    const timeouts = { headersMilliseconds: 200, requestMilliseconds: 200 };
    const { port, url } = await aServer([echoing('POST', '/a')], { timeouts });
    const broken = rawConnection(port);
    broken.socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    const rubbish = rawConnection(port);
    rubbish.socket.write('\u0000\u0001\u0002\r\n\r\n');
    const slow = rawConnection(port);
    slow.socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow');
    await sleep(30);
    broken.socket.destroy();
    await once(slow.socket, 'close');

    expect(rubbish.received()).toMatch(/^HTTP\/1.1 400 /);
    expect(slow.received()).toMatch(/^HTTP\/1.1 408 /);
    expect((await fetch(`${url}/a`, { method: 'POST' })).status).toBe(200);
  });

  it('treats names of Object.prototype as any other', async () => {
    const { url } = await aServer([echoing('GET', '/{__proto__}')]);

    const event = await eventOf(
      await fetch(`${url}/x?__proto__=1&constructor=2`, { headers: { __proto__x: '3' } }),
    );

    expect(event.multiValueQueryStringParameters).toHaveProperty('constructor', ['2']);
    expect(Object.keys(event.queryStringParameters ?? {})).toEqual(['__proto__', 'constructor']);
  });
});
