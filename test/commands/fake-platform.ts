import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  key: string | undefined;
}

export interface FakeAnswer {
  status?: number;
  /** An object is sent as JSON. */
  body?: unknown;
  contentType?: string;
}

export interface FakePlatform {
  url: string;
  /** Every request so far. */
  asked: Asked[];
  close(): Promise<void>;
}

/** Something on loopback that answers as it is told. */
export async function startFakePlatform(answer: (asked: Asked) => FakeAnswer): Promise<FakePlatform> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, key: headers['x-api-key']?.toString() };
    asked.push(one);
    const { status = 200, body = '', contentType = 'application/json' } = answer(one);
    response.writeHead(status, { 'content-type': contentType, connection: 'close' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** An address at which nothing listens. */
export async function freeAddress(): Promise<string> {
  const { url, close } = await startFakePlatform(() => ({}));
  await close();
  return url;
}
