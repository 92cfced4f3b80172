import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { JwtTokenVerifier } from '../aws/jwt-token-verifier.ts';
import { FolderError } from './folder-error.ts';

/** An identity provider for a laptop: it vouches for whomever this process names. */
export interface DevelopmentIssuer {
  verifier: JwtTokenVerifier;
  /** The public half of its key, as a provider publishes it. */
  jwks: { keys: JWK[] };
  /** A token for a year from now, unless the claims say otherwise. */
  sign(claims: JWTPayload): Promise<string>;
}

export const DEVELOPMENT_ISSUER = 'https://issuer.runplane.example/';
export const DEVELOPMENT_AUDIENCE = 'runplane';
const ALGORITHM = 'RS256'; // as Auth0, Cognito and Entra ID sign
const KEY_ID = 'development';
const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Opens the issuer of a data folder. Its key is made once, so that a token outlives restarts, and stands in
 * a file that nobody else may read.
 * @throws FolderError when the file holds no key.
 */
export async function openDevelopmentIssuer(dataFolder: string, now: () => Date): Promise<DevelopmentIssuer> {
  const file = join(dataFolder, 'issuer.json');
  const key = await keyIn(file);
  const { kty = '', n = '', e = '' } = key;
  const jwks = { keys: [{ kty, n, e, kid: KEY_ID, alg: ALGORITHM, use: 'sig' }] };
  const signingKey = await importJWK(key, ALGORITHM).catch((cause: unknown) => {
    throw noKey(file, cause);
  });
  return {
    jwks,
    verifier: new JwtTokenVerifier({
      issuer: DEVELOPMENT_ISSUER,
      audience: DEVELOPMENT_AUDIENCE,
      jwksUri: new URL('.well-known/jwks.json', DEVELOPMENT_ISSUER).href,
      organizationClaim: 'org_id',
      fetcher: { fetch: async () => toArrayBuffer(JSON.stringify(jwks)) },
    }),
    sign: (claims) => {
      const issuedAt = Math.floor(now().getTime() / 1000);
      const exp = issuedAt + YEAR_SECONDS;
      const standard = { iss: DEVELOPMENT_ISSUER, aud: DEVELOPMENT_AUDIENCE, iat: issuedAt, exp };
      return new SignJWT({ ...standard, ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: 'JWT' })
        .sign(signingKey);
    },
  };
}

async function keyIn(file: string): Promise<JWK> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    return jwkOf(text, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const key = await exportJWK(privateKey);
    // Whole or not at all: a key that was cut off would keep the platform from ever starting again.
    await writeFile(`${file}.new`, JSON.stringify(key), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return key;
  }
}

function jwkOf(text: string, file: string): JWK {
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null) return key;
  } catch (cause) {
    throw noKey(file, cause);
  }
  throw noKey(file, undefined);
}

const noKey = (file: string, cause: unknown): FolderError =>
  new FolderError(
    `${file} is not the key that a start wrote there. Put back a copy of it, or remove it: then a new one is made, and tokens that were signed before no longer hold.`,
    { cause },
  );

function toArrayBuffer(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
