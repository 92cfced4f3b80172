import { Refused } from './refusal.ts';

/** What a caller believes a record's version to be, in the `If-Match` header or as a member of the body. */
export interface Precondition {
  ifMatch: string | undefined;
  version?: number | undefined;
}

export const etagOf = ({ version }: { version: number }): string => `"${version}"`;

/** @throws Refused 412 when the record has another version than the caller believes. */
export function assertVersion(record: { version: number }, { ifMatch, version }: Precondition): void {
  const given = ifMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  const matches = given.length === 0 || given.includes('*') || given.includes(etagOf(record));
  if (matches && (version === undefined || version === record.version)) return;
  const message = `The version is ${record.version}, not the one named: read it again, then change it.`;
  throw new Refused({ category: 'precondition_failed', message });
}
