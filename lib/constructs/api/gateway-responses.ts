/** What API Gateway answers itself, before a function is called or when none can be: nobody's dialect yet. */
interface Said {
  status?: number;
  type: string;
  title: string;
  detail: string;
  retryAfterSeconds?: number;
}

/**
 * By API Gateway's own names of what went wrong. The two defaults keep the status that API Gateway has
 * chosen. None of them repeats API Gateway's own message: it speaks of integrations and tokens.
 */
const SAYS: Record<string, Said> = {
  REQUEST_TOO_LARGE: {
    status: 413,
    type: 'error',
    title: 'Error',
    detail:
      'The request is too large. Send larger documents with the form that POST /api/v1/workspaces/{workspaceId}/documents/uploads answers with.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    type: 'error',
    title: 'Error',
    detail: 'Unsupported media type',
  },
  THROTTLED: {
    status: 429,
    type: 'rate_limited',
    title: 'Too many requests',
    detail: 'Too many requests. Please try again in a moment.',
    retryAfterSeconds: 1,
  },
  // What API Gateway says of a path that it does not know.
  MISSING_AUTHENTICATION_TOKEN: {
    status: 404,
    type: 'not_found',
    title: 'Not found',
    detail: 'Not Found',
  },
  INTEGRATION_FAILURE: {
    status: 503,
    type: 'service_unavailable',
    title: 'Service unavailable',
    detail: 'Please try again in a moment.',
    retryAfterSeconds: 1,
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    type: 'service_unavailable',
    title: 'Service unavailable',
    detail: 'The request took too long. Please try again in a moment.',
  },
  DEFAULT_4XX: { type: 'bad_request', title: 'Bad request', detail: 'The request could not be understood' },
  DEFAULT_5XX: { type: 'internal_error', title: 'Internal server error', detail: 'Internal server error' },
};

/** One origin is named; of several, only the function that answers a request can tell which one asked. */
export function gatewayResponses(corsOrigins: readonly string[]) {
  const [origin, ...others] = corsOrigins;
  const allowed = origin === undefined || others.length === 0 ? origin : '*';
  return Object.fromEntries(
    Object.entries(SAYS).map(([name, { status, type, title, detail, retryAfterSeconds }]) => [
      name,
      {
        ...(status === undefined ? {} : { statusCode: status }),
        responseParameters: {
          ...literalHeader('Content-Type', 'application/problem+json'),
          ...(retryAfterSeconds === undefined ? {} : literalHeader('Retry-After', String(retryAfterSeconds))),
          ...(allowed === undefined ? {} : literalHeader('Access-Control-Allow-Origin', allowed)),
        },
        responseTemplates: {
          'application/json': JSON.stringify({
            type,
            title,
            ...(status === undefined ? {} : { status }),
            detail,
            requestId: '$context.requestId',
          }),
        },
      },
    ]),
  );
}

/** API Gateway tells a literal from a mapping by its quotes. */
const literalHeader = (name: string, value: string): Record<string, string> => ({
  [`gatewayresponse.header.${name}`]: `'${value}'`,
});
