import { NO_TOKENS, type TokenVerifier } from '../../apis/workspaces/tokens.ts';
import {
  RUNPLANE_TOKEN_AUDIENCE,
  RUNPLANE_TOKEN_ISSUER,
  RUNPLANE_TOKEN_JWKS_URI,
  RUNPLANE_TOKEN_ORGANIZATION_CLAIM,
  tokensEnvironment,
} from './environment.ts';

/**
 * Tokens of the provider that the environment names; without one, only keys are good. What verifies them is
 * loaded with the first token, because most functions never see one.
 */
export function configuredTokens(): TokenVerifier {
  let opening: Promise<TokenVerifier> | undefined;
  return {
    verify: async (token) => {
      opening ??= open();
      return (await opening).verify(token);
    },
  };
}

async function open(): Promise<TokenVerifier> {
  if (process.env[RUNPLANE_TOKEN_ISSUER] === undefined) return NO_TOKENS;
  const environment = tokensEnvironment();
  const issuer = environment[RUNPLANE_TOKEN_ISSUER];
  const { JwtTokenVerifier } = await import('./jwt-token-verifier.ts');
  return new JwtTokenVerifier({
    issuer,
    audience: environment[RUNPLANE_TOKEN_AUDIENCE],
    jwksUri: environment[RUNPLANE_TOKEN_JWKS_URI] ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    organizationClaim: environment[RUNPLANE_TOKEN_ORGANIZATION_CLAIM],
  });
}
