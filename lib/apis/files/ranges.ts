import { createHash } from 'node:crypto';

/** Bytes from the first to the last, which is absent for the rest of the file; or as many as stand at its end. */
export type AskedRange = { start: number; end?: number } | { last: number };

/** What is sent of a file: its first and last byte. */
export interface SentRange {
  start: number;
  end: number;
}

/**
 * One range (RFC 9110, 14). Undefined for whatever else stands there, several of them among it: then the whole
 * file is the answer.
 */
export function parseRange(header: string | undefined): AskedRange | undefined {
  const [, start = '', end = ''] =
    /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (start === '') return end === '' ? undefined : { last: Number(end) };
  if (end === '') return { start: Number(start) };
  return Number(end) < Number(start) ? undefined : { start: Number(start), end: Number(end) };
}

/** What there is of it in a file of this many bytes; undefined for nothing. */
export function rangeOf(asked: AskedRange, size: number): SentRange | undefined {
  const start = 'last' in asked ? Math.max(0, size - asked.last) : asked.start;
  const end = 'last' in asked ? size - 1 : Math.min(asked.end ?? size - 1, size - 1);
  return start > end ? undefined : { start, end };
}

/** Of a stored file: no key is ever written twice with other bytes, so a key is a file's version. */
export const etagOf = (fileKey: string): string =>
  `"${createHash('sha256').update(fileKey).digest('base64url').slice(0, 22)}"`;

/** Whether a list of tags (RFC 9110, 13.1) names the file, or any that there is. A weak tag names it for `If-None-Match` only. */
export function isNamed(tags: string, etag: string, { weakly }: { weakly: boolean }): boolean {
  const named = tags.split(',').map((tag) => tag.trim());
  return named.includes('*') || named.includes(etag) || (weakly && named.includes(`W/${etag}`));
}

/** Whether the range holds: `If-Range` names this file, or nothing does. A weak tag and a date name none. */
export const isSameFile = (ifRange: string | undefined, etag: string): boolean =>
  ifRange === undefined || ifRange.trim() === etag;
