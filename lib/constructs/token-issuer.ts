import {
  RUNPLANE_TOKEN_AUDIENCE,
  RUNPLANE_TOKEN_ISSUER,
  RUNPLANE_TOKEN_JWKS_URI,
  RUNPLANE_TOKEN_ORGANIZATION_CLAIM,
} from '../adapters/aws/environment.ts';

/** An OpenID Connect provider whose tokens are good. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** `<issuer>/.well-known/jwks.json` without it. */
  readonly jwksUri?: string | undefined;
  /** The claim that names the organisation that somebody acts for. */
  readonly organizationClaim?: string | undefined;
}

/** What a function is told of whose tokens are good. @throws Error when it could not tell theirs from others'. */
export function tokenVariables(tokens: TokenIssuer | undefined): Record<string, string> {
  if (tokens === undefined) return {};
  const { issuer, audience, jwksUri, organizationClaim } = tokens;
  if (audience === '') throw new Error('tokenIssuer goes with tokenAudience: what `aud` of its tokens is');
  return {
    [RUNPLANE_TOKEN_ISSUER]: issuer,
    [RUNPLANE_TOKEN_AUDIENCE]: audience,
    ...(jwksUri === undefined ? {} : { [RUNPLANE_TOKEN_JWKS_URI]: jwksUri }),
    ...(organizationClaim === undefined ? {} : { [RUNPLANE_TOKEN_ORGANIZATION_CLAIM]: organizationClaim }),
  };
}
