import { createHash } from 'node:crypto';
import { Refused } from '../operation/refusal.ts';

/**
 * An opaque page token: where the page before ended, and a digest of that and of the query it belongs to.
 * The digest is no secret. Whoever makes a token up reads what their own query would have shown them; what
 * it finds out is a token that was damaged, or brought to another query.
 */
export const pageToken = (query: readonly string[], bound: string): string =>
  `${Buffer.from(bound).toString('base64url')}.${digest(query, bound)}`;

/** Where the page goes on; undefined for the first one. @throws Refused 400 for a token of another query. */
export function pageBound(query: readonly string[], token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  const bound = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8');
  if (token === pageToken(query, bound)) return bound;
  const message = 'This token was not handed out for this query';
  throw new Refused({ category: 'bad_request', issues: [{ path: 'continuation_token', message }] });
}

const digest = (query: readonly string[], bound: string): string =>
  createHash('sha256')
    .update(JSON.stringify([...query, bound]))
    .digest('base64url')
    .slice(0, 22);
