import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createPublicFetch } from '../../lib/outbound/index.ts';

/** Of nobody: made for tests, good until 2120 for `pictures.example.com` and `models.example.com`. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6wTGPSBqNSHM+AgX
X9G8Xkw9vh2maSY/xBiU3zQn9jGhRANCAAR8NfcdOmPSCijzw6f9m34vmpcQZwLk
+33BvfP/HSB9htYnnYztASxSoSd/jMVtf6Nj60lSVIdOY8AYBpoBm+f9
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATygAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRwaWN0dXJl
cy5leGFtcGxlLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFow
HzEdMBsGA1UEAwwUcGljdHVyZXMuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAR8NfcdOmPSCijzw6f9m34vmpcQZwLk+33BvfP/HSB9htYnnYzt
ASxSoSd/jMVtf6Nj60lSVIdOY8AYBpoBm+f9o2cwZTAzBgNVHREELDAqghRwaWN0
dXJlcy5leGFtcGxlLmNvbYISbW9kZWxzLmV4YW1wbGUuY29tMA8GA1UdEwEB/wQF
MAMBAf8wHQYDVR0OBBYEFE+FyNVKHBAVhdzJaR4c9H1wqA7eMAoGCCqGSM49BAMC
A0gAMEUCIH7JXCOBtTZg7R19U+VPAnXk5NvhxMxOzlyi84OaLCtMAiEAleQtJo2i
9CVVxbFy85/pqPwpreNnNqZLUO+OvYCoSwA=
-----END CERTIFICATE-----`;

export interface PublicServer {
  port: number;
  /** Connections that it was asked for, whether they came to a request or not. */
  connections(): number;
  /** `fetch` for which every name is this server, and its address a public one. */
  fetch: typeof fetch;
  /** And one that knows no exceptions: names resolve here, and here is private. */
  guarded: typeof fetch;
  /** To be trusted by others. */
  certificate: string;
  /** Names that were resolved. */
  resolved: string[];
  close(): Promise<void>;
}

/** A server of HTTPS on the loopback. */
export async function openPublicServer(answer: RequestListener): Promise<PublicServer> {
  let connections = 0;
  const resolved: string[] = [];
  const server = createServer({ key: KEY, cert: CERTIFICATE }, answer);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lookup: LookupFunction = (hostname, _options, callback) => {
    resolved.push(hostname);
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  return {
    ...{ port, resolved, certificate: CERTIFICATE, connections: () => connections },
    fetch: createPublicFetch({ lookup, ca: CERTIFICATE, isSpecial: () => false }),
    guarded: createPublicFetch({ lookup, ca: CERTIFICATE }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
