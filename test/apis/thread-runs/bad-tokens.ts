import { createHmac, createPublicKey } from 'node:crypto';
import { generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import {
  DEVELOPMENT_AUDIENCE,
  DEVELOPMENT_ISSUER,
  type DevelopmentIssuer,
} from '../../../lib/adapters/local/development-issuer.ts';

type Header = Record<string, unknown>;
type SigningKey = Awaited<ReturnType<typeof importJWK>>;

const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Tokens that are wrong in one way each, by what is wrong with them. The issuer's own key signs the most. */
export async function badTokens(
  issuer: DevelopmentIssuer,
  privateKey: JWK,
  subject: string,
): Promise<Record<string, string>> {
  const now = Math.floor(Date.now() / 1000);
  const good: JWTPayload = {
    iss: DEVELOPMENT_ISSUER,
    aud: DEVELOPMENT_AUDIENCE,
    sub: subject,
    iat: now,
    exp: now + 3600,
  };
  const { exp: _exp, ...endless } = good;
  const { sub: _sub, ...nobody } = good;
  const { iss: _iss, ...fromNowhere } = good;
  const { aud: _aud, ...forNobody } = good;
  const own = await importJWK(privateKey, 'RS256');
  const header = { alg: 'RS256', kid: 'development', typ: 'JWT' };
  const signed = (payload: object, changed: Header = {}, key: SigningKey = own) =>
    new SignJWT({ ...payload }).setProtectedHeader({ ...header, ...changed } as never).sign(key);
  const raw = (head: unknown, payload: unknown, signature = 'c2lnbmF0dXJl') =>
    `${base64url(head)}.${base64url(payload)}.${signature}`;

  const token = await signed(good);
  const [head = '', body = '', signature = ''] = token.split('.');
  const stranger = await generateKeyPair('RS256');
  const curve = await generateKeyPair('ES256');
  const [jwk] = issuer.jwks.keys;
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
  const symmetric = (alg: string, hash: string, secret: string): string => {
    const input = `${base64url({ ...header, alg })}.${base64url(good)}`;
    return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
  };
  const flipped = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  return {
    'nothing at all': '',
    'a word': 'token',
    'dots only': '..',
    'two parts': `${head}.${body}`,
    'four parts': `${token}.${signature}`,
    'five parts, as encrypted ones have': `${token}.${body}.${signature}`,
    'no signature': `${head}.${body}.`,
    'alg none, unsigned': `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(good)}.`,
    'alg none with the key id': raw({ alg: 'none', kid: 'development' }, good, ''),
    'alg none, signed like a good one': raw({ ...header, alg: 'none' }, good, signature),
    'alg NONE in capitals': raw({ ...header, alg: 'NONE' }, good),
    'alg nOnE': raw({ ...header, alg: 'nOnE' }, good),
    'no alg': raw({ kid: 'development' }, good, signature),
    'alg that is a number': raw({ ...header, alg: 256 }, good, signature),
    'alg that is empty': raw({ ...header, alg: '' }, good, signature),
    'alg that names a property of objects': raw({ ...header, alg: 'constructor' }, good, signature),
    'HS256 with the public key as its secret': symmetric('HS256', 'sha256', publicKey),
    'HS256 with the modulus as its secret': symmetric('HS256', 'sha256', String(jwk?.n)),
    'HS512 with the public key as its secret': symmetric('HS512', 'sha512', publicKey),
    'HS256 with an empty secret': symmetric('HS256', 'sha256', ''),
    'RS512 by the right key': await signed(good, { alg: 'RS512' }, await importJWK(privateKey, 'RS512')),
    'PS256 by the right key': await signed(good, { alg: 'PS256' }, await importJWK(privateKey, 'PS256')),
    'ES256 under the key id of an RSA key': await signed(good, { alg: 'ES256' }, curve.privateKey),
    'EdDSA under the key id of an RSA key': raw({ ...header, alg: 'EdDSA' }, good),
    'a key that nobody published': await signed(good, { kid: 'unknown' }, stranger.privateKey),
    'the right key id and a wrong key': await signed(good, {}, stranger.privateKey),
    'no key id': await signed(good, { kid: undefined }),
    'a key id that is a number': await signed(good, { kid: 1 }),
    'a key id that is a path': await signed(good, { kid: '../../issuer.json' }),
    'a key that it brings along': await signed(good, { kid: 'mine', jwk }, stranger.privateKey),
    'an address to fetch keys from': await signed(
      good,
      { kid: 'mine', jku: 'http://127.0.0.1:1/jwks.json' },
      stranger.privateKey,
    ),
    'a payload that was changed': `${head}.${base64url({ ...good, sub: 'somebody else' })}.${signature}`,
    'a header that was changed': `${base64url({ ...header, extra: 1 })}.${body}.${signature}`,
    'one letter of the signature changed': `${head}.${body}.${flipped(signature, 5)}`,
    'a signature cut in half': `${head}.${body}.${signature.slice(0, 100)}`,
    'a signature of another token': `${head}.${body}.${(await signed({ ...good, jti: '1' })).split('.')[2]}`,
    'its last letter missing': token.slice(0, -1),
    'its first half': token.slice(0, token.length / 2),
    'another issuer': await signed({ ...good, iss: 'https://evil.example/' }),
    'the issuer without its last slash': await signed({ ...good, iss: DEVELOPMENT_ISSUER.slice(0, -1) }),
    'the issuer with something after it': await signed({ ...good, iss: `${DEVELOPMENT_ISSUER}evil` }),
    'no issuer': await signed(fromNowhere),
    'an issuer that is a list': await signed({ ...good, iss: [DEVELOPMENT_ISSUER] }),
    'another audience': await signed({ ...good, aud: 'another' }),
    'a list of other audiences': await signed({ ...good, aud: ['another', 'runplane2'] }),
    'an audience among numbers': await signed({ ...good, aud: [1, DEVELOPMENT_AUDIENCE] }),
    'an empty list of audiences': await signed({ ...good, aud: [] }),
    'no audience': await signed(forNobody),
    'an audience that is an object': await signed({ ...good, aud: { runplane: true } }),
    'expired an hour ago': await signed({ ...good, exp: now - 3600 }),
    'expired beyond the leeway': await signed({ ...good, exp: now - 61 }),
    'expired in 1970': await signed({ ...good, exp: 0 }),
    'an end that is text': await signed({ ...good, exp: String(now + 3600) }),
    'no end': await signed(endless),
    'an end that is null': await signed({ ...good, exp: null }),
    'good from tomorrow on': await signed({ ...good, nbf: now + 86_400 }),
    'good from beyond the leeway on': await signed({ ...good, nbf: now + 90 }),
    'a beginning that is text': await signed({ ...good, nbf: 'now' }),
    'no subject': await signed(nobody),
    'an empty subject': await signed({ ...good, sub: '' }),
    'a subject of blanks': await signed({ ...good, sub: '   ' }),
    'a subject that is a number': await signed({ ...good, sub: 7 }),
    'a subject that is a list': await signed({ ...good, sub: [subject] }),
    'a subject that is far too long': await signed({ ...good, sub: 'x'.repeat(256) }),
    'a type that is no access token': await signed(good, { typ: 'logout+jwt' }),
    'a type of a security event': await signed(good, { typ: 'secevent+jwt' }),
    'a type that is a number': await signed(good, { typ: 1 }),
    'an extension that must be understood': raw({ ...header, crit: ['exp'] }, good, signature),
    'a header that is a list': raw([header], good, signature),
    'a payload that is a list': raw(header, [good], signature),
    'a payload that is no JSON': `${head}.${base64url('{"sub":')}.${signature}`,
    'a payload that is null': raw(header, null, signature),
    'a header that is no JSON': `${base64url('not json')}.${body}.${signature}`,
    'letters that are none of base64url': `${head}.${body}.@@@`,
    'a second token after it': `${token} ${token}`,
    'a comma and a second token': `${token}, ${token}`,
    'twenty thousand letters': await signed({ ...good, note: 'x'.repeat(20_000) }),
    'an API key': 'abcdefghijkl.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  };
}
