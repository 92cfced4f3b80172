import type { HttpRequest } from './request.ts';

/** Stands for every origin. */
const EVERY = '*';

/** Headers that pages of other origins may send beside those that every page may. */
const SENT = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'If-Range'],
  ...['Last-Event-ID', 'Range', 'X-API-Key', 'X-Request-Id'],
  // What monitoring in a page adds to every request of it; a page whose preflight fails sends none.
  ...['X-Correlation-Id', 'traceparent', 'tracestate', 'baggage', 'sentry-trace'],
];
/** And read beside those that every page may. */
const READ = [
  ...[
    'Accept-Ranges',
    'Content-Disposition',
    'Content-Range',
    'Date',
    'ETag',
    'Idempotency-Replayed',
    'Link',
    'Location',
    'Retry-After',
  ],
  ...['X-Request-Id', 'X-Response-Time-Ms', 'X-Run-Id'],
];

/** How long a browser need not ask again, in seconds: what Chromium takes at the most. */
const PREFLIGHT_SECONDS = 7200;

/**
 * An answer's headers, and with them what lets a page of another origin read it, when its origin is one of
 * those that may call. Keys and tokens come in headers, never in cookies, so credentials are not asked for.
 */
export function withCors(
  headers: Record<string, string>,
  origins: readonly string[],
  request: Pick<HttpRequest, 'header'>,
): Record<string, string> {
  if (origins.length === 0) return headers;
  const vary = headers.vary === undefined ? 'origin' : `${headers.vary}, origin`;
  const origin = request.header('origin');
  const allowed = origins.includes(EVERY) ? EVERY : origins.find((known) => known === origin);
  return {
    ...headers,
    vary,
    ...(allowed === undefined
      ? {}
      : { 'access-control-allow-origin': allowed, 'access-control-expose-headers': READ.join(', ') }),
  };
}

/** And what lets it send the request that it asks about. */
export const preflightHeaders = (methods: string) => ({
  'access-control-allow-methods': methods,
  'access-control-allow-headers': SENT.join(', '),
  'access-control-max-age': String(PREFLIGHT_SECONDS),
});
