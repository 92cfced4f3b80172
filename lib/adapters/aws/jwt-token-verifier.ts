import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksValidationError, JwtBaseError, JwtParseError } from 'aws-jwt-verify/error';
import type { Fetcher } from 'aws-jwt-verify/https';
import { type Jwk, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model';
import { Refused } from '../../apis/operation/refusal.ts';
import type { Subject, TokenVerifier } from '../../apis/workspaces/tokens.ts';

export interface TokenIssuer {
  /** `iss` of its tokens, letter by letter. */
  issuer: string;
  /** `aud` of tokens that are meant for this platform. */
  audience: string;
  /** Where its public keys are. */
  jwksUri: string;
  /** The claim that names the organisation, such as Auth0's `org_id`. */
  organizationClaim?: string | undefined;
  /** Reads the keys; over HTTPS without it. */
  fetcher?: Fetcher | undefined;
}

/** How far the clocks of issuer and platform may be apart, in seconds. */
const LEEWAY_SECONDS = 60;

/** In characters. Tokens of providers have one to two thousand; a longer one is not worth taking apart. */
const MAX_TOKEN = 16_384;
const MAX_SUBJECT = 255;

/** By algorithm, the kind of key it goes with. No other is accepted: not `none`, and nothing symmetric. */
const KEY_TYPES: Readonly<Record<string, string>> = { RS256: 'RSA', ES256: 'EC' };

/** What `typ` may be (RFC 7519, 5.1 and RFC 9068, 2.1): an access token of any provider, and nothing else. */
const TYPES = /^(application\/)?(at\+)?jwt$/i;

/** Bearer tokens of one OpenID Connect provider, checked with `aws-jwt-verify`, which keeps its keys. */
export class JwtTokenVerifier implements TokenVerifier {
  readonly #verifier;
  readonly #organizationClaim: string | undefined;

  constructor({ issuer, audience, jwksUri, organizationClaim, fetcher }: TokenIssuer) {
    this.#organizationClaim = organizationClaim;
    this.#verifier = JwtVerifier.create(
      { issuer, audience, jwksUri, graceSeconds: LEEWAY_SECONDS, customJwtCheck: assertAcceptable },
      { jwksCache: new SimpleJwksCache(fetcher === undefined ? {} : { fetcher }) },
    );
  }

  async verify(token: string): Promise<Subject | undefined> {
    if (token.length > MAX_TOKEN) return undefined;
    try {
      const { sub = '', ...claims } = await this.#verifier.verify(token);
      const named = this.#organizationClaim === undefined ? undefined : claims[this.#organizationClaim];
      return { sub, ...(typeof named === 'string' && named !== '' ? { organizationId: named } : {}) };
    } catch (error) {
      if (isProvidersFault(error)) throw new Refused(UNREADABLE, { cause: error });
      // What Node's crypto throws at a key or a signature it cannot read means the same as a wrong one.
      if (error instanceof JwtBaseError || (error instanceof Error && 'code' in error)) return undefined;
      throw error;
    }
  }
}

const UNREADABLE = { category: 'unavailable', retryAfterSeconds: 10 } as const;

/** The token may be good; nobody can tell while the keys cannot be read. */
const isProvidersFault = (error: unknown): boolean =>
  error instanceof FetchError || error instanceof JwksValidationError;

/** What the library leaves open: algorithms beyond ours, tokens without an end or a subject, extensions. */
function assertAcceptable({
  header,
  payload,
  jwk,
}: {
  header: JwtHeader;
  payload: JwtPayload;
  jwk: Jwk;
}): void {
  const { alg = '', typ, crit } = header;
  const isOurs = Object.hasOwn(KEY_TYPES, alg) && KEY_TYPES[alg] === jwk.kty;
  if (!isOurs) throw new JwtParseError(`Algorithm ${alg} is not accepted`);
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.test(typ)))
    throw new JwtParseError('It is a token of another type');
  // An extension that must be understood (RFC 7515, 4.1.11), and none is.
  if (crit !== undefined) throw new JwtParseError('It has critical extensions');
  if (payload.exp === undefined) throw new JwtParseError('It never expires');
  const { sub } = payload;
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > MAX_SUBJECT)
    throw new JwtParseError('It says not whom it is about');
}
