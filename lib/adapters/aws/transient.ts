/** Names under which AWS services refuse for now although the request was good. */
const BUSY: readonly string[] = [
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ExecutionLimitExceeded',
  'KmsThrottlingException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'InternalServerError',
  'TimeoutError',
];

/** What Node calls a network that failed before there was an answer. */
const NETWORK: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

/** Whether an error of an AWS client passes by itself: throttled, unavailable, or never answered. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (BUSY.includes(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK.includes(error.code)) return true;
  const status = statusOf(error);
  return status !== undefined && (status === 429 || status >= 500);
}

function statusOf(error: object): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata))
    return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}
