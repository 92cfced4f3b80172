import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FetchError } from 'aws-jwt-verify/error';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JwtTokenVerifier } from '../../../lib/adapters/aws/jwt-token-verifier.ts';
import {
  DEVELOPMENT_ISSUER,
  type DevelopmentIssuer,
  openDevelopmentIssuer,
} from '../../../lib/adapters/local/development-issuer.ts';
import { badTokens } from './bad-tokens.ts';

const SUBJECT = 'auth0|somebody';
let folder: string;
let issuer: DevelopmentIssuer;
let corpus: Record<string, string>;
const now = (): Date => new Date();
const seconds = (): number => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-issuer-'));
  issuer = await openDevelopmentIssuer(folder, now);
  const key = JSON.parse(await readFile(join(folder, 'issuer.json'), 'utf8')) as JWK;
  corpus = await badTokens(issuer, key, SUBJECT);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a good token', () => {
  it.each([
    ['as the issuer signs it', {}],
    ['with several audiences', { aud: ['another', 'runplane'] }],
    ['expired within the leeway', { exp: seconds() - 30 }],
    ['good from within the leeway on', { nbf: seconds() + 30 }],
  ])('%s says who it is about', async (_how, claims) => {
    const token = await issuer.sign({ sub: SUBJECT, ...claims });

    expect(await issuer.verifier.verify(token)).toEqual({ sub: SUBJECT });
  });

  it('says for which organisation they act, when it does in text', async () => {
    const inOne = await issuer.sign({ sub: SUBJECT, org_id: 'org_1' });
    const inNone = await issuer.sign({ sub: SUBJECT, org_id: ['org_1'] });

    expect(await issuer.verifier.verify(inOne)).toEqual({ sub: SUBJECT, organizationId: 'org_1' });
    expect(await issuer.verifier.verify(inNone)).toEqual({ sub: SUBJECT });
  });

  it('may be signed on a curve', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'curve', use: 'sig' }] };
    const verifier = new JwtTokenVerifier({
      issuer: 'https://login.example/',
      audience: 'api',
      jwksUri: 'https://login.example/keys',
      fetcher: { fetch: async () => new TextEncoder().encode(JSON.stringify(jwks)).buffer as ArrayBuffer },
    });
    const token = await new SignJWT({ iss: 'https://login.example/', aud: 'api', sub: SUBJECT })
      .setExpirationTime('5m')
      .setProtectedHeader({ alg: 'ES256', kid: 'curve', typ: 'at+jwt' })
      .sign(privateKey);

    expect(await verifier.verify(token)).toEqual({ sub: SUBJECT });
  });
});

describe('a bad token', () => {
  it('is one of at least forty', () => {
    expect(Object.keys(corpus).length).toBeGreaterThanOrEqual(40);
  });

  it('is refused, whatever is wrong with it', async () => {
    for (const [wrong, token] of Object.entries(corpus)) {
      expect(await issuer.verifier.verify(token), wrong).toBeUndefined();
    }
  });

  it('is not told from a good one while the keys cannot be read', async () => {
    const verifier = new JwtTokenVerifier({
      issuer: DEVELOPMENT_ISSUER,
      audience: 'runplane',
      jwksUri: 'https://login.example/keys',
      fetcher: {
        fetch: async () => {
          throw new FetchError('https://login.example/keys', new Error('connect ECONNREFUSED'));
        },
      },
    });

    await expect(verifier.verify(await issuer.sign({ sub: SUBJECT }))).rejects.toMatchObject({
      refusal: { category: 'unavailable' },
    });
  });
});

describe('the development issuer', () => {
  it('keeps its key, so that a token outlives a restart, where nobody else may read it', async () => {
    const token = await issuer.sign({ sub: SUBJECT });
    const restarted = await openDevelopmentIssuer(folder, now);

    expect(await restarted.verifier.verify(token)).toEqual({ sub: SUBJECT });
    expect((await stat(join(folder, 'issuer.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(restarted.jwks)).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });
});
