import type { IncomingMessage } from 'node:http';
import { Unanswerable } from './unanswerable.ts';

/** `http://host/path`, as clients send it that take every server for a proxy: what counts is behind the host. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is;
/** What may stand in `Host` and become part of an address. */
const HOST = /^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Brings what is asked for into the form of every other request: a path and perhaps a query.
 * @throws Unanswerable for what names no path, or one that is not encoded properly.
 */
export function asOriginForm(req: IncomingMessage): void {
  const target = req.url ?? '/';
  const [, host, rest = ''] = ABSOLUTE.exec(target) ?? [];
  if (host !== undefined) {
    // RFC 9112, 3.2.2: its host counts, whatever the header says.
    req.headers.host = host;
    req.url = rest.startsWith('/') ? rest : `/${rest}`;
  }
  const path = req.url ?? '/';
  if (path === '*') throw unanswerable('`*` asks about no path: name the one that is meant.');
  if (!path.startsWith('/'))
    throw unanswerable('The request names no path: what is asked for begins with a slash.');
  if (!isWellFormed(path)) throw unanswerable('The URL is not encoded properly.');
}

/** The host under which the caller knows this server, or where it listens if the caller's is none. */
export function hostOf({ headers: { host }, socket }: IncomingMessage): string {
  if (host !== undefined && HOST.test(host)) return host;
  const { localAddress = '127.0.0.1', localPort } = socket;
  const address = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return localPort === undefined ? address : `${address}:${localPort}`;
}

const unanswerable = (message: string): Unanswerable =>
  new Unanswerable({ category: 'bad_request', message });

function isWellFormed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
