import { describe, expect, it } from 'vitest';
import { MAX_NAME } from '../../lib/apis/files/file-names.ts';
import type { ListFields } from '../../lib/apis/list-grammar/list.ts';
import { encodePosition } from '../../lib/apis/list-grammar/list-cursor.ts';
import { DOCUMENT_FIELDS } from '../../lib/apis/workspace-runs/documents/list-document-fields.ts';
import { RUN_FIELDS } from '../../lib/apis/workspace-runs/list-run-fields.ts';

/** Request line and headers together: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const GATEWAY_BYTES = 10_240;
/** What a browser, a key and the rest of the address take. */
const OTHERS_BYTES = 4096;

/** A cursor of three fields, the longest first, where every text is as long as a name may be. */
function longestCursor<T>({ sort }: ListFields<T>): string {
  const keys = Object.entries(sort)
    .map(([name, field]) => ({ name, descending: true, field }))
    .toSorted((one, other) => Number(other.field.type === 'text') - Number(one.field.type === 'text'))
    .slice(0, 3);
  // Three bytes in UTF-8, as many as a character of a name can have for each of its UTF-16 units.
  const position = keys.map(({ field }) =>
    field.type === 'instant' ? Date.UTC(2026) : '語'.repeat(MAX_NAME),
  );
  return encodePosition(keys, position);
}

describe('AWS allows 10,240 bytes of headers: a cursor that we hand out can be sent back', () => {
  it.each([
    ['documents', longestCursor(DOCUMENT_FIELDS)],
    ['runs', longestCursor(RUN_FIELDS)],
  ])('of a list of %s', (_, cursor) => {
    expect(cursor.length).toBeGreaterThan(100);
    expect(cursor.length + OTHERS_BYTES).toBeLessThanOrEqual(GATEWAY_BYTES);
  });
});
