import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Records, Versioned } from '../../../lib/apis/records/ports.ts';
import { upsert } from '../../../lib/apis/records/upsert.ts';

type Counter = Versioned & { count: number };
const EMPTY: Counter = { id: 'one', version: 0, count: 0 };

/** Of a table in which others were faster so many times. */
function contended(losses: number): {
  records: Records<Counter>;
  tries: () => number;
  stored: () => Counter | undefined;
} {
  let [tries, stored]: [number, Counter | undefined] = [0, undefined];
  const write = async (_workspace: string, record: Counter): Promise<boolean> => {
    tries += 1;
    if (tries <= losses) return false;
    stored = record;
    return true;
  };
  const unasked = (): never => {
    throw new Error('Nobody asks for this');
  };
  const records = {
    ...{ get: async () => stored, insert: write, replace: write },
    ...{ getMany: unasked, list: unasked, remove: unasked },
  };
  return { records, tries: () => tries, stored: () => stored };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const counted = async (records: Records<Counter>) => {
  const made = upsert(records, 'workspace', EMPTY, (record) => ({
    ...record,
    count: record.count + 1,
  })).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return await made;
};

it('makes the record, after others were faster a few times', async () => {
  const { records, tries, stored } = contended(3);
  expect(await counted(records)).toEqual({ id: 'one', version: 1, count: 1 });
  expect({ tries: tries(), stored: stored() }).toEqual({
    tries: 4,
    stored: { id: 'one', version: 1, count: 1 },
  });
});

it('503: where others are faster all the time, and writes nothing', async () => {
  const { records, tries, stored } = contended(Number.POSITIVE_INFINITY);
  expect(await counted(records)).toMatchObject({
    refusal: { category: 'unavailable', retryAfterSeconds: 1, message: expect.stringContaining('try again') },
  });
  expect({ tries: tries(), stored: stored() }).toEqual({ tries: 25, stored: undefined });
});

it('leaves alone what a change has nothing to say of', async () => {
  const { records, tries } = contended(0);
  expect(await upsert(records, 'workspace', EMPTY, () => undefined)).toBe(EMPTY);
  expect(tries()).toBe(0);
});
