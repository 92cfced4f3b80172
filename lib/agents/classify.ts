import { ADDRESS_REFUSED } from '../outbound/index.ts';
import { AgentFailure, type AgentFailureCode, addressRefused, portRefused } from './failure.ts';

const MAX_EVIDENCE_CHARACTERS = 4_000;
const MAX_RETRY_AFTER_SECONDS = 86_400;

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** What providers say when they refuse a request, most telling first. Matched, never repeated. */
const REFUSALS: readonly [pattern: RegExp, code: AgentFailureCode][] = [
  [/content_filter|content_policy|content management policy/i, 'content_filtered'],
  [
    /context_length|context (length|window|size)|(input|prompt) (is|was) too long|input tokens exceed|request_too_large/i,
    'context_too_long',
  ],
  [
    /model_not_found|invalid_model|model identifier is invalid|model .{0,200}(does not exist|not found|is not supported)|on-demand throughput/i,
    'invalid_model',
  ],
  [/insufficient_quota|invalid_api_key/i, 'provider_unauthorized'],
];

/** Errors that a stream reports in words, after its status said that all was well. */
const STREAM_FAULTS: readonly [pattern: RegExp, code: AgentFailureCode][] = [
  [/throttl|rate.?limit|too many requests|resource_exhausted/i, 'provider_rate_limited'],
  ...REFUSALS,
  [/time.?out|timed out/i, 'provider_timeout'],
  [/validationException|invalid_request/i, 'invalid_request'],
];

const NETWORK_TIMEOUT = /^(ETIMEDOUT|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT)$/;

function byStatus(status: number): AgentFailureCode {
  if (status === 401 || status === 402 || status === 403) return 'provider_unauthorized';
  if (status === 404) return 'invalid_model';
  if (status === 408 || status === 504) return 'provider_timeout';
  if (status === 413) return 'context_too_long';
  if (status === 429) return 'provider_rate_limited';
  if (status >= 500 || status === 424) return 'provider_unavailable';
  // 2xx and 3xx: an answer that cannot be understood, as of a proxy in between.
  return status < 400 ? 'provider_unavailable' : 'invalid_request';
}

function retryAfter(headers: unknown): number | undefined {
  const milliseconds = Number.parseFloat(textOf(member(headers, 'retry-after-ms')));
  const value = textOf(member(headers, 'retry-after'));
  const seconds = Number.isFinite(milliseconds)
    ? milliseconds / 1000
    : /^[\d.]+$/.test(value)
      ? Number(value)
      : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds)
    ? Math.min(Math.max(Math.ceil(seconds), 0), MAX_RETRY_AFTER_SECONDS)
    : undefined;
}

/** The first system error code along the chain of causes. What is no `Error` came from the provider. */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const code = member(error, 'code');
  if (typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code)) return code;
  return systemCode(error.cause, depth + 1);
}

/** `fetch` calls no server at a port that the Fetch standard keeps for another protocol, and gives no code. */
const isBlockedPort = (error: unknown, depth = 0): boolean =>
  error instanceof Error &&
  depth <= 5 &&
  (error.message === 'bad port' || isBlockedPort(error.cause, depth + 1));

/** One of ours, which the SDK wraps when it is met while an answer is read. */
function ownFailure(error: unknown, depth = 0): AgentFailure | undefined {
  if (error instanceof AgentFailure) return error;
  return error instanceof Error && depth <= 5 ? ownFailure(error.cause, depth + 1) : undefined;
}

/** Everything in an error that may tell what it is about. */
function evidenceOf(error: unknown): string {
  const inner = member(member(error, 'data'), 'error') ?? member(error, 'error');
  return [
    member(member(error, 'responseHeaders'), 'x-amzn-errortype'),
    ...[inner, error].flatMap((source) => ['code', 'type', 'message'].map((key) => member(source, key))),
    member(error, 'responseBody'),
  ]
    .map(textOf)
    .join(' ')
    .slice(0, MAX_EVIDENCE_CHARACTERS);
}

const find = (table: readonly [RegExp, AgentFailureCode][], evidence: string): AgentFailureCode | undefined =>
  table.find(([pattern]) => pattern.test(evidence))?.[1];

/** Missing AWS credentials are plain errors of the SDK, told apart by their beginning alone. */
const isMissingSetup = (name: string, error: unknown): boolean =>
  /^AI_Load(APIKey|Setting)Error$/.test(name) ||
  /^AWS (SigV4 authentication requires|credential provider failed)/.test(textOf(member(error, 'message')));

/**
 * Any error of a run as a failure that holds nothing of it but what it means. `hint` is the type of an
 * error that a stream announced apart from the error itself.
 */
export function toFailure(error: unknown, hint = ''): AgentFailure {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const name = error instanceof Error ? error.name : '';
  const code = systemCode(error);
  const reason = code ?? (/^[A-Za-z_]{1,60}$/.test(name) ? name : undefined);
  const status = member(error, 'statusCode');
  const evidence = `${hint} ${evidenceOf(error)}`;

  if (code === ADDRESS_REFUSED) return addressRefused();
  if (isBlockedPort(error)) return portRefused();
  if (code !== undefined && NETWORK_TIMEOUT.test(code))
    return new AgentFailure('provider_timeout', { reason });
  if (typeof status === 'number') {
    return new AgentFailure(refusalOf(status, evidence) ?? byStatus(status), {
      providerStatus: status,
      reason,
      retryAfterSeconds: retryAfter(member(error, 'responseHeaders')),
    });
  }
  if (isMissingSetup(name, error)) {
    const message = 'The credentials or the region of the model provider are not set up.';
    return new AgentFailure('provider_unauthorized', { message, reason });
  }
  if (name === 'AI_UnsupportedFunctionalityError') return new AgentFailure('invalid_request', { reason });
  if (code !== undefined || UNREADABLE.test(name))
    return new AgentFailure('provider_unavailable', { reason });
  const fault = isOwnFault(name, error) ? 'internal_error' : find(STREAM_FAULTS, evidence);
  return new AgentFailure(fault ?? 'provider_unavailable', { reason });
}

/** A piece of a stream that is not what it should be; its words may be the model's, so they tell nothing. */
const UNREADABLE = /^AI_(JSONParse|TypeValidation|InvalidResponseData)Error$/;

/** A 429 speaks of tokens and limits too, and means the same in all its words but one. */
function refusalOf(status: number, evidence: string): AgentFailureCode | undefined {
  if (status === 429) return /insufficient_quota/.test(evidence) ? 'provider_unauthorized' : undefined;
  return status >= 400 && status < 500 ? find(REFUSALS, evidence) : undefined;
}

/** What cannot have come from the provider: a defect of ours, not worth repeating. */
const isOwnFault = (name: string, error: unknown): boolean =>
  /^AI_(InvalidPrompt|InvalidArgument|MessageConversion)Error$/.test(name) ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  (error instanceof TypeError && error.message !== 'terminated' && error.message !== 'fetch failed');
