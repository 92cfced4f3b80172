import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { fromShortId, toShortId } from '../../../lib/apis/records/short-id.ts';

describe('short ids', () => {
  it.each([
    ['00000000-0000-0000-0000-000000000000', '00000000000000000000000000'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', '7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['01a20219-1f34-702e-b9a7-d873e146d57f', '01m811j7sme0qbk9yrefgmdnbz'],
  ])('%s is %s, and back', (long, short) => {
    expect(toShortId(long)).toBe(short);
    expect(fromShortId(short)).toBe(long);
  });

  it('are 26 characters of the pattern of process runs, and sort by time', () => {
    const ids = Array.from({ length: 200 }, (_, index) => uuid({ msecs: 1_700_000_000_000 + index * 977 }));
    const short = ids.map(toShortId);

    expect(short.toSorted()).toEqual(short);
    for (const id of short) expect(id).toMatch(/^[a-z0-9]{26}$/);
    expect(short.map(fromShortId)).toEqual(ids);
  });

  it.each([
    ['too short', '01m811j7sme0qbk9yrefgmdnb'],
    ['too long', '01m811j7sme0qbk9yrefgmdnbz0'],
    ['upper case', '01M811J7SME0QBK9YREFGMDNBZ'],
    ['a letter that is none of its digits', '01m811j7sme0qbk9yrefgmdnbu'],
    ['more than 128 bits', '80000000000000000000000000'],
    ['a UUID', '01a20219-1f34-702e-b9a7-d873e146d57f'],
    ['nothing', ''],
  ])('are none: %s', (_what, text) => {
    expect(fromShortId(text)).toBeUndefined();
  });
});
