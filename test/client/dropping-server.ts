import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  method: string;
  /** The path with its query. */
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

export interface Said {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Where an exchange is cut off: before it is looked at, before, within and after its answer. */
export const CUTS = ['unheard', 'unanswered', 'halfway', 'afterwards'] as const;
export type Cut = (typeof CUTS)[number];

export interface DroppingServer {
  url: string;
  heard: Heard[];
  /** What was cut, in order, as `POST /runs unanswered`. */
  cuts: string[];
  /** Which exchange is cut and how; by default every third, one way after the other. */
  cutting: (no: number, heard: Heard) => Cut | undefined;
  close(): Promise<void>;
}

/** Every third, so that two tries in a row never fail. */
const everyThird = (no: number): Cut | undefined => (no % 3 === 0 ? CUTS[(no / 3) % CUTS.length] : undefined);

/** A server that answers as it is told and cuts off connections by the count of exchanges. */
export async function startDropping(answer: (heard: Heard) => Promise<Said>): Promise<DroppingServer> {
  let count = 0;
  const server = createServer((req, res) => {
    void exchange(req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  const dropping: DroppingServer = {
    url: '',
    heard: [],
    cuts: [],
    cutting: everyThird,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function exchange(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const heard: Heard = {
      method: req.method ?? '',
      url: req.url ?? '',
      headers: req.headers as Record<string, string>,
      body: Buffer.concat(chunks),
      signal: gone.signal,
    };
    count += 1;
    const cut = dropping.cutting(count, heard);
    if (cut !== undefined) dropping.cuts.push(`${heard.method} ${heard.url.split('?')[0]} ${cut}`);
    if (cut === 'unheard') {
      req.socket.destroy();
      return;
    }
    dropping.heard.push(heard);
    const said = await answer(heard);
    if (cut === 'unanswered') req.socket.destroy();
    else await say(res, said, cut);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  dropping.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return dropping;
}

async function say(res: ServerResponse, said: Said, cut: Cut | undefined): Promise<void> {
  const body = typeof said.body === 'string' ? Buffer.from(said.body) : said.body;
  const whole = body === undefined || body instanceof Uint8Array ? (body ?? new Uint8Array()) : undefined;
  const length = whole === undefined || said.status === 204 ? {} : { 'content-length': whole.length };
  res.writeHead(said.status, { ...said.headers, ...length });
  res.flushHeaders();
  if (whole !== undefined) {
    if (cut === 'halfway') {
      await write(res, whole.subarray(0, Math.floor(whole.length / 2)));
      res.destroy();
      return;
    }
    await write(res, whole);
  } else {
    let written = 0;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      written += 1;
      const isLast = cut === 'halfway' && written === STREAM_CHUNKS;
      if (res.destroyed) return;
      await write(res, isLast ? chunk.subarray(0, Math.floor(chunk.length / 2)) : chunk);
      if (!isLast) continue;
      res.destroy();
      return;
    }
    // A stream that is too short to be cut within is cut before its end is told.
    if (cut === 'halfway') {
      res.destroy();
      return;
    }
  }
  await new Promise<void>((resolve) => res.end(resolve));
  if (cut === 'afterwards') res.destroy();
}

/** So many chunks of a stream come through, the last of them in part, before it is cut in the middle. */
const STREAM_CHUNKS = 4;

const write = (res: ServerResponse, chunk: Uint8Array): Promise<void> =>
  chunk.length === 0 || res.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => res.write(chunk, () => resolve()));
