import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './workspaces.ts';

/** What a link is good for: one run's stream, until a moment. */
export interface StreamLink {
  workspaceId: string;
  runId: string;
  /** In seconds since 1970. */
  until: number;
}

/** What a link shows in place of a key: whose it is, until when, and that its owner made it. */
interface Token {
  prefix: string;
  until: number;
  signature: string;
}

const TOKEN = /^([\w-]{1,100})\.(\d{10})\.([\w-]{43})$/;

/**
 * Signed with the hash of the key that asked for it, which nobody outside knows and both platforms have: there is no
 * secret more to keep, and a link ends with its key. The words before it keep it from being taken for anything else.
 */
const sign = ({ prefix, secretHash }: ApiKey, { workspaceId, runId, until }: StreamLink): string =>
  createHmac('sha256', secretHash)
    .update(['stream of a run', prefix, workspaceId.toLowerCase(), runId.toLowerCase(), until].join('\n'))
    .digest('base64url');

export const streamToken = (key: ApiKey, link: StreamLink): string =>
  `${key.prefix}.${link.until}.${sign(key, link)}`;

/** The parts of a token; undefined for what is none. */
export function readStreamToken(text: string): Token | undefined {
  const [, prefix, until, signature] = TOKEN.exec(text) ?? [];
  if (prefix === undefined || until === undefined || signature === undefined) return undefined;
  return { prefix, until: Number(until), signature };
}

/** Whether a key made this token for this run, and both are still good. */
export function isStreamToken(
  key: ApiKey,
  { until, signature }: Token,
  of: Omit<StreamLink, 'until'>,
  now: Date,
): boolean {
  if (key.revokedAt !== undefined || until * 1000 <= now.getTime()) return false;
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now.getTime()) return false;
  const expected = Buffer.from(sign(key, { ...of, until }));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
