import { Answer, Watch } from './answer.ts';
import type { Connection, Credential } from './connection.ts';
import { RunplaneError, refusalOf } from './errors.ts';
import { type Patience, persist } from './retry.ts';
import type { Input, OperationEntry, RequestOptions } from './shapes.ts';
import { OPERATIONS, type Operations } from './types.ts';

export type OperationId = keyof Operations;

/** A request for an operation. */
export interface Call<T> {
  id: OperationId;
  input: Input;
  options?: RequestOptions | undefined;
  /** Runs within the try, so that an answer that is cut off is tried again. */
  read(answer: Answer): Promise<T>;
  /** What a failure comes to when an earlier try may have done it. @throws it when it is what it seems. */
  recover?(failure: RunplaneError): Promise<T>;
}

/** Sends a request for an operation, again if that may help and can do no harm. @throws RunplaneError */
export async function call<T>(connection: Connection, asked: Call<T>): Promise<T> {
  const { id, input, options = {}, read, recover } = asked;
  const entry = OPERATIONS[id];
  const { keyed = false, repeatable = false } = entry;
  const key = keyed ? (options.idempotencyKey ?? crypto.randomUUID()) : undefined;
  const content = contentOf(input);
  const request = {
    what: id,
    method: entry.method,
    url: urlOf(connection.baseUrl, entry, input),
    headers: {
      ...options.headers,
      ...(content.type === undefined ? {} : { 'content-type': content.type }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: content.body,
    silenceMilliseconds:
      options.timeoutMilliseconds ?? entry.timeoutMilliseconds ?? connection.timeoutMilliseconds,
  };
  const patience = patienceOf(connection, options, {
    method: entry.method,
    harmless: keyed || !['POST', 'PATCH'].includes(entry.method) || repeatable,
    keyed,
  });
  return persist(async (mayBeDone) => {
    try {
      const credential = await connection.credential();
      return await read(await send(connection, { ...request, credential }, patience.signal));
    } catch (error) {
      if (!mayBeDone || recover === undefined || !(error instanceof RunplaneError)) throw error;
      return recover(error);
    }
  }, patience);
}

/** The answer of an operation that answers JSON, as the type that the platform's document gives it. */
export const ask = async <Id extends OperationId>(
  connection: Connection,
  id: Id,
  input: Input & Omit<Operations[Id], 'answer'>,
  options?: RequestOptions,
): Promise<Operations[Id]['answer']> =>
  (await call(connection, { id, input, options, read: reading.json })) as Operations[Id]['answer'];

export function patienceOf(
  { retries, clock, signal }: Connection,
  options: RequestOptions,
  repetition: Pick<Patience, 'method' | 'harmless' | 'keyed'>,
): Patience {
  return {
    ...repetition,
    clock,
    retries: options.retries ?? retries,
    signal: signalOf(signal, options.signal),
  };
}

/** Aborts when either does. */
export const signalOf = (one?: AbortSignal, other?: AbortSignal): AbortSignal | undefined =>
  one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);

interface Outgoing {
  /** How errors call it. */
  what: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | FormData | undefined;
  silenceMilliseconds: number;
  credential?: Credential;
}

/** A line that carries less than this, in bytes per millisecond, is given up. */
const SLOWEST = 32;

/** One try, up to the headers of its answer. @throws RunplaneError unless the answer is a success. */
export async function send(
  connection: Connection,
  { what, method, url, headers, body, silenceMilliseconds, credential }: Outgoing,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { fetch, clock } = connection;
  const watch = new Watch(signal, silenceMilliseconds, { what, secret: credential?.secret });
  // Nothing is heard while a body goes out.
  watch.heard(silenceMilliseconds + sizeOf(body) / SLOWEST);
  const shown = credential === undefined ? {} : { [credential.header]: credential.value };
  let response: Response;
  try {
    const init = { method, headers: { ...headers, ...shown }, ...(body === undefined ? {} : { body }) };
    response = await fetch(url, { ...init, redirect: 'manual', signal: watch.signal });
    const location = response.headers.get('location');
    // Elsewhere the key is nobody's business: a presigned URL brings its own proof.
    if (method === 'GET' && isRedirect(response) && location !== null)
      response = await fetch(new URL(location, url).href, { signal: watch.signal });
  } catch (cause) {
    watch.end();
    throw watch.explain(cause);
  }
  if (response.type === 'opaqueredirect') {
    watch.end();
    const message = `${what} is answered elsewhere, and browsers do not say where: leave \`redirect\` out`;
    throw new RunplaneError(message, { code: 'redirected' });
  }
  const answer = new Answer(response, watch);
  if (response.ok) return answer;
  throw refusalOf(response, await answer.text(), clock.now());
}

const isRedirect = ({ status }: Response): boolean => status >= 300 && status < 400;

function sizeOf(body: string | FormData | undefined): number {
  if (body === undefined || typeof body === 'string') return body?.length ?? 0;
  let size = 0;
  body.forEach((part) => {
    size += typeof part === 'string' ? part.length : part.size;
  });
  return size;
}

/** @throws TypeError for a name in the path that is missing, or that would name another path. */
function urlOf(baseUrl: string, { path, takes }: OperationEntry, input: Input): string {
  const names: Record<string, unknown> = { ...input.path };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(names[name] ?? '');
    if (value === '' || value === '.' || value === '..')
      throw new TypeError(`${name} must name something, not be '${value}'`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(takes.includes('query') ? (input.query ?? {}) : {}))
    if (value !== undefined && value !== null) query.set(name, textOf(value));
  return `${baseUrl}${filled}${query.size === 0 ? '' : `?${query}`}`;
}

/** As text parts of a form and parameters of a query have it. */
const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

function contentOf({ body, form }: Input): { type?: string; body: string | FormData | undefined } {
  if (form === undefined)
    return body === undefined
      ? { body: undefined }
      : { type: 'application/json', body: JSON.stringify(body) };
  if (form instanceof FormData) return { body: form };
  const parts = new FormData();
  for (const [name, value] of Object.entries(form)) {
    if (value instanceof Blob) parts.set(name, value);
    else if (value !== undefined && value !== null) parts.set(name, textOf(value));
  }
  return { body: parts };
}

/** What to read an answer as. */
export const reading = {
  /** As it stands: whoever gets it reads it to its end, or leaves it. */
  answer: async (answer: Answer): Promise<Answer> => answer,
  nothing: async (answer: Answer): Promise<undefined> => {
    await answer.bytes();
    return undefined;
  },
  bytes: (answer: Answer): Promise<Uint8Array> => answer.bytes(),
  text: (answer: Answer): Promise<string> => answer.text(),
  response: async (answer: Answer): Promise<Response> => answer.leave(),
  /** @throws RunplaneError for an answer that is not JSON. */
  json: async (answer: Answer): Promise<unknown> => parseJson(await answer.text(), answer.response),
};

/** @throws RunplaneError for text that is not JSON. */
export function parseJson(text: string, { status, headers }: Response): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const requestId = headers.get('x-request-id') ?? undefined;
    const message = 'The answer is not JSON: check that baseUrl is the address of a Runplane platform';
    throw new RunplaneError(message, { code: 'bad_answer', status, requestId, body: text, cause });
  }
}
