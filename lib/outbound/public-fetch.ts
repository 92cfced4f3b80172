import { lookup as lookUp } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isPublicHttps } from './public-url.ts';
import { isSpecialAddress } from './special-addresses.ts';

/** By its code an address that may not be called is told from one that does not answer. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

/** An address that may not be called from here. It does not say what a name resolves to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = ADDRESS_REFUSED;

  constructor() {
    super('The address may not be called from here: only public HTTPS addresses may.');
  }
}

/** As long as Node's own `fetch` waits for a connection, in milliseconds. */
const CONNECT_MS = 10_000;
/** How long a connection is kept for the next request, in milliseconds: less than servers keep theirs. */
const IDLE_MS = 4000;

export interface PublicFetchOptions {
  /** Stands in for the resolver. */
  lookup?: LookupFunction;
  /** Stands in for the ranges that are not public. */
  isSpecial?: (address: string) => boolean;
  /** Trusted beside the well-known authorities. */
  ca?: string;
}

/**
 * `fetch` for addresses that others than the operator have chosen. The name is resolved once, every address that
 * it has must be public, and the connection goes to one of those: a name that means something else a moment
 * later changes nothing. Redirects are refused: they would carry the request and its key to another server.
 *
 * It speaks HTTP through Node's own client, because the `fetch` of a Node.js cannot be told how to connect
 * without the package it was built from.
 */
export function createPublicFetch(options: PublicFetchOptions = {}): typeof fetch {
  const { lookup = lookUp as LookupFunction, isSpecial = isSpecialAddress, ca } = options;
  const agent = new Agent({
    keepAlive: true,
    timeout: IDLE_MS,
    lookup: checked(lookup, isSpecial),
    ...(ca === undefined ? {} : { ca }),
  });

  return async (input, init) => {
    // Without the signal: a request that keeps it leaves a listener behind.
    const { signal: given, ...rest } = init ?? {};
    const asked = new Request(input, rest);
    const signal = given ?? undefined;
    signal?.throwIfAborted();
    const url = new URL(asked.url);
    if (!isPublicHttps(url)) throw new AddressRefused();
    const body = Buffer.from(await asked.arrayBuffer());
    const headers = { 'accept-encoding': 'identity', ...Object.fromEntries(asked.headers) };
    const { method } = asked;
    try {
      const answer = await send(url, { method, headers, agent, ...(signal && { signal }) }, body);
      return toResponse(answer);
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (error instanceof AddressRefused) throw error;
      throw new TypeError('fetch failed', { cause: error });
    }
  };
}

/** With Node's resolver, for all who call addresses of others. */
export const publicFetch: typeof fetch = (input, init) => {
  shared ??= createPublicFetch();
  return shared(input, init);
};
let shared: typeof fetch | undefined;

/** A resolver that gives all addresses of a name, or none when one of them is special. */
const checked =
  (lookup: LookupFunction, isSpecial: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => isSpecial(address))) {
        return callback(new AddressRefused(), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

function send(url: URL, options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, resolve);
    sent.on('error', reject);
    sent.on('socket', (socket) => {
      if (!socket.connecting) return;
      const late = () =>
        sent.destroy(Object.assign(new Error('The server did not connect'), { code: 'ETIMEDOUT' }));
      const waiting = setTimeout(late, CONNECT_MS);
      socket.once('secureConnect', () => clearTimeout(waiting));
      socket.once('close', () => clearTimeout(waiting));
    });
    sent.end(body);
  });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const WITHOUT_BODY = new Set([204, 205, 304]);

/** @throws Error for a redirect, as `fetch` does that is told to. */
function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '', rawHeaders } = answer;
  if (REDIRECTS.has(status) || status < 200 || status > 599) {
    answer.destroy();
    throw new Error('unexpected redirect');
  }
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  if (WITHOUT_BODY.has(status)) {
    answer.resume();
    return new Response(null, { status, statusText, headers });
  }
  const body = Readable.toWeb(decoded(answer)) as ReadableStream<Uint8Array>;
  return new Response(body, { status, statusText, headers });
}

/** Some servers compress what was asked for as it is. */
function decoded(answer: IncomingMessage): Readable {
  const decoders = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  };
  const coding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  const decoder = Object.entries(decoders).find(([name]) => name === coding)?.[1]();
  if (decoder === undefined) return answer;
  answer.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => answer.destroy());
  return answer.pipe(decoder);
}
