/** One thing that is wrong with a request, and where. */
export interface Issue {
  path?: string;
  message: string;
  code?: string;
}

export interface ErrorParts {
  status?: number;
  code: string;
  title?: string | undefined;
  requestId?: string | undefined;
  runId?: string | undefined;
  body?: unknown;
  issues?: readonly Issue[];
  retryAfterSeconds?: number | undefined;
  mayHaveArrived?: boolean;
  cause?: unknown;
}

/** Everything that goes wrong between a client and the platform. Only an abort rejects with its own reason. */
export class RunplaneError extends Error {
  override readonly name = 'RunplaneError';
  /** Absent when there was no answer. */
  readonly status: number | undefined;
  /** `not_found`, `conflict`, `OUTPUT_NOT_READY` …; `network`, `timeout` and `cut` when there was no answer. */
  readonly code: string;
  readonly title: string | undefined;
  /** What to name when asking about this answer. */
  readonly requestId: string | undefined;
  /** Which run it is about, where that is known: an agent's is recorded whatever becomes of its answer. */
  readonly runId: string | undefined;
  /** The answer's body, parsed if it was JSON. */
  readonly body: unknown;
  /** What is wrong with the members of the request, in whichever form the API says it. */
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;
  /** Whether the platform may have done what was asked although it did not say so. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, parts: ErrorParts) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title;
    this.requestId = parts.requestId;
    this.runId = parts.runId;
    this.body = parts.body;
    this.issues = parts.issues ?? [];
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.mayHaveArrived = parts.mayHaveArrived ?? false;
  }
}

const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'validation_error',
  429: 'rate_limited',
  500: 'internal_error',
  502: 'bad_gateway',
  503: 'service_unavailable',
  504: 'gateway_timeout',
};

/** What an answer that is no success says, in the form of any of the four APIs, of a gateway or of S3. */
export function refusalOf(response: Response, text: string, now: number): RunplaneError {
  const { status, statusText, headers } = response;
  const body = parsed(text);
  const said = isObject(body) ? fromJson(body) : fromXml(text);
  const whole = said.issues.find(({ path, code }) => path === undefined && code !== undefined);
  return new RunplaneError(sentence(said, `The platform answered ${status} ${statusText}`.trim()), {
    status,
    code: whole?.code ?? CODES[status] ?? `http_${status}`,
    title: said.title,
    requestId: headers.get('x-request-id') ?? undefined,
    runId: headers.get('x-run-id') ?? undefined,
    body,
    issues: said.issues,
    retryAfterSeconds: retryAfter(headers.get('retry-after'), now),
    // With 503, nothing was done; other faults may come after the fact.
    mayHaveArrived: status >= 500 && status !== 503,
  });
}

interface Said {
  message?: string | undefined;
  title?: string | undefined;
  issues: Issue[];
}

/** Problem details and .NET's have `errors`, process runs `details`; all others a `message` alone. */
function fromJson(body: Record<string, unknown>): Said {
  const title = textOf(body.title);
  const message = textOf(body.detail) ?? textOf(body.message) ?? title;
  return { message, title, issues: [...issuesOf(body.errors), ...issuesOf(body.details)] };
}

function issuesOf(errors: unknown): Issue[] {
  if (Array.isArray(errors)) return errors.filter(isObject).map(issueOf);
  if (!isObject(errors)) return [];
  return Object.entries(errors).flatMap(([path, messages]) =>
    (Array.isArray(messages) ? messages : []).map((message) => ({ path, message: String(message) })),
  );
}

function issueOf({ path, field, message, code }: Record<string, unknown>): Issue {
  const where = textOf(path) ?? textOf(field);
  const named = textOf(code);
  return {
    ...(where === undefined ? {} : { path: where }),
    message: textOf(message) ?? '',
    ...(named === undefined ? {} : { code: named }),
  };
}

/** S3 says no in XML. */
function fromXml(text: string): Said {
  const [, code] = /<Code>([^<]*)<\/Code>/.exec(text) ?? [];
  const [, message] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  return { message, issues: code === undefined ? [] : [{ message: message ?? code, code }] };
}

/** More than these are in `issues`. */
const SHOWN_ISSUES = 3;

function sentence({ message, issues }: Said, otherwise: string): string {
  const said = message ?? otherwise;
  const more = issues
    .filter((issue) => issue.message !== said)
    .slice(0, SHOWN_ISSUES)
    .map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message));
  return more.length === 0 ? said : `${said} (${more.join('; ')})`;
}

/** Seconds, from seconds or from an HTTP date; undefined for anything else. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Codes of Node.js for a connection that never came to be, so that nothing was sent. Browsers tell none. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A request that got no answer, or not all of it. `secret` is kept out of what is said about it. */
export function networkError(what: string, cause: unknown, secret?: string): RunplaneError {
  const reason = reasonOf(cause);
  const told = secret === undefined ? reason.message : reason.message.replaceAll(secret, '…');
  const mayHaveArrived = !UNREACHED.has(reason.code ?? '');
  const advice = mayHaveArrived
    ? 'it may have been carried out all the same, so look before you repeat it'
    : 'check the address and the network';
  return new RunplaneError(`${what} got no whole answer (${told}): ${advice}`, {
    code: 'network',
    mayHaveArrived,
    cause,
  });
}

/** What fetch says is "fetch failed"; what it knows is in the causes below. */
function reasonOf(error: unknown): { message: string; code?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (first instanceof Error) return reasonOf(first);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { message: error.message || (code ?? error.name), ...(code === undefined ? {} : { code }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
