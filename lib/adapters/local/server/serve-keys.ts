import type { DevelopmentIssuer } from '../development-issuer.ts';
import type { LocalServerOptions } from './local-server.ts';

type Middleware = NonNullable<LocalServerOptions['middleware']>;

/** Where a provider publishes its keys: other services on the laptop may check the demo's token by them. */
const JWKS_PATH = '/.well-known/jwks.json';

export const serveKeys =
  ({ jwks }: Pick<DevelopmentIssuer, 'jwks'>): Middleware =>
  async (req, res) => {
    if (req.method !== 'GET' || req.url?.split('?')[0] !== JWKS_PATH) return false;
    res.writeHead(200, { 'content-type': 'application/jwk-set+json' });
    res.end(JSON.stringify(jwks));
    return true;
  };

/** Asks one after the other until somebody has answered. */
export const firstOf =
  (...middlewares: readonly Middleware[]): Middleware =>
  async (req, res) => {
    for (const answer of middlewares) if (await answer(req, res)) return true;
    return false;
  };
