import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ApiKey, Role } from './workspaces.ts';

/**
 * An API key reads `<prefix>.<secret>`: 9 random bytes, then 32 random bytes and a CRC-32 of everything
 * before it, all in base64url. The checksum refuses mistyped and made-up keys without asking the database.
 */
const PREFIX_BYTES = 9;
const SECRET_BYTES = 32;
/** Four bytes in base64url without padding. */
const CHECKSUM_CHARS = 6;

export type KeyProblem = 'missing' | 'no_separator' | 'empty_half' | 'unknown' | 'expired' | 'revoked';

export interface NewKey {
  prefix: string;
  /** What the caller sends; shown once and never stored. */
  token: string;
  secretHash: string;
}

export function newKey(): NewKey {
  const prefix = randomBytes(PREFIX_BYTES).toString('base64url');
  const random = randomBytes(SECRET_BYTES).toString('base64url');
  const secret = random + checksum(`${prefix}.${random}`);
  return { prefix, token: `${prefix}.${secret}`, secretHash: hashSecret(secret) };
}

/** base64url of the SHA-256 of the secret, as ADE stores it. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64url');
}

/** Splits a key at its first dot and checks its checksum; says what is wrong with it otherwise. */
export function parseKey(token: string | undefined): { prefix: string; secret: string } | KeyProblem {
  if (token === undefined || token === '') return 'missing';
  const dot = token.indexOf('.');
  if (dot === -1) return 'no_separator';
  const prefix = token.slice(0, dot);
  const secret = token.slice(dot + 1);
  if (prefix === '' || secret === '') return 'empty_half';
  const random = secret.slice(0, -CHECKSUM_CHARS);
  return checksum(`${prefix}.${random}`) === secret.slice(-CHECKSUM_CHARS) ? { prefix, secret } : 'unknown';
}

/** The role that a key has in a workspace, unless it was taken from it. */
export const roleIn = ({ roles, revokedIn }: ApiKey, workspaceId: string): Role | undefined =>
  revokedIn?.[workspaceId] === undefined ? roles[workspaceId] : undefined;

/** The workspaces that a key is good for. */
export const workspacesOf = (key: ApiKey): string[] =>
  Object.keys(key.roles).filter((workspaceId) => roleIn(key, workspaceId) !== undefined);

/** What is wrong with a stored key at this instant; undefined when it may be used. */
export function keyProblem(key: ApiKey, secret: string, now: Date): KeyProblem | undefined {
  if (key.revokedAt !== undefined) return 'revoked';
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now.getTime()) return 'expired';
  const given = Buffer.from(hashSecret(secret));
  const stored = Buffer.from(key.secretHash);
  return given.length === stored.length && timingSafeEqual(given, stored) ? undefined : 'unknown';
}
