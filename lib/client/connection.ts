import { type Clock, systemClock } from './clock.ts';

/** A key or a token, or how to get it: that is asked before every try. */
export type Secret = string | (() => string | Promise<string>);

export type ClientOptions = {
  /** Of the platform, with the stage if there is one in its path. */
  baseUrl: string;
  /** How often a failed try may be followed by another; 4 unless it is said. */
  retries?: number;
  /** How long one try may hear nothing; 60,000 unless it is said. Agents get 15 minutes. */
  timeoutMilliseconds?: number;
  /** Ends everything that the client does. */
  signal?: AbortSignal;
  /** Instead of the global one. */
  fetch?: typeof fetch;
  /** For tests. */
  clock?: Partial<Clock>;
} & (
  | { /** An API key, for all four APIs. */ apiKey: Secret; token?: never }
  | { /** A token of an identity provider, for thread runs. */ token: Secret; apiKey?: never }
);

/** The header that says who is calling, and what of it nobody may read. */
export interface Credential {
  header: string;
  value: string;
  secret: string;
}

/** What a client was created with. */
export interface Connection {
  /** Without a slash at its end. */
  baseUrl: string;
  /** Asked before every try. */
  credential(): Promise<Credential>;
  fetch: typeof fetch;
  retries: number;
  timeoutMilliseconds: number;
  signal: AbortSignal | undefined;
  clock: Clock;
}

/** Longer than the 29 seconds that a gateway grants an answer, with time for 4 MB on a slow line. */
const TIMEOUT_MS = 60_000;
/** A few seconds of trying: a moment of too many requests, a function that is replaced. */
const RETRIES = 4;

/** @throws TypeError for an address that is none. */
export function connect(options: ClientOptions): Connection {
  const { baseUrl, retries = RETRIES, timeoutMilliseconds = TIMEOUT_MS, signal } = options;
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new TypeError(`baseUrl must be an http or https address, not '${baseUrl}'`);
  return {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    credential: () => credentialOf(options),
    // Called as a function of nobody: browsers refuse any other.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    retries,
    timeoutMilliseconds,
    signal,
    clock: { ...systemClock, ...options.clock },
  };
}

/** What a header can carry. Anything else would be repeated by fetch in the error that it throws. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** @throws TypeError that does not say what the secret is. */
async function credentialOf({ apiKey, token }: ClientOptions): Promise<Credential> {
  const given = apiKey ?? token;
  const secret = (typeof given === 'function' ? await given() : given)?.trim() ?? '';
  const what = token === undefined ? 'apiKey' : 'token';
  if (!PRINTABLE.test(secret))
    throw new TypeError(
      `The ${what} is empty or has characters that no header can carry: look where it comes from`,
    );
  return token === undefined
    ? { header: 'x-api-key', value: secret, secret }
    : { header: 'authorization', value: `Bearer ${secret}`, secret };
}
