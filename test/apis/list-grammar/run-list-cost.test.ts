import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRun } from '../../support/builders.ts';
import { openRunList, type RunList } from './stored-runs.ts';

const CONFIGURATION = uuid();
const FIRST = Date.parse('2026-01-01T00:00:00.000Z');
const [FEW, MANY] = ['018f0000-0000-7000-8000-000000000100', '018f0000-0000-7000-8000-000000020000'];

let runs: RunList;
beforeAll(async () => {
  runs = await openRunList();
  for (const [workspaceId, count] of [
    [FEW, 100],
    [MANY, 20_000],
  ] as const) {
    const validated = { operation: 'validate', configurationId: CONFIGURATION };
    const first = {
      workspaceId,
      id: uuid({ msecs: FIRST }),
      createdAt: new Date(FIRST).toISOString(),
      input: validated,
    };
    await runs.copy(aRun({ ...first, status: 'succeeded' }), count * 0.9);
    await runs.copy(aRun({ ...first, id: uuid({ msecs: FIRST }), status: 'failed' }), count * 0.1);
  }
});
afterAll(() => runs.close());

const sort = (id: string, desc: boolean) => JSON.stringify([{ id, desc }]);
const filters = (...items: [string, string, unknown][]) =>
  JSON.stringify(items.map(([id, operator, value]) => ({ id, operator, value })));

async function costOf(workspaceId: string, query: Record<string, string>) {
  const before = { ...runs.reads };
  const page = await runs.list(workspaceId, query);
  return {
    page,
    requests: runs.reads.requests - before.requests,
    items: runs.reads.items - before.items,
  };
}

describe('what a page of runs costs', () => {
  it.each([
    ['the newest', {}, 1, 52],
    ['the oldest', { sort: sort('createdAt', false) }, 1, 52],
    ['by id', { sort: sort('id', true) }, 1, 52],
    ['of one status', { filters: filters(['status', 'eq', 'failed']), limit: '5' }, 4, 2 * 8],
    [
      'of two statuses',
      { filters: filters(['status', 'in', ['failed', 'succeeded']]), limit: '5' },
      6,
      4 * 8,
    ],
    ['with an output', { filters: filters(['hasOutput', 'eq', true]), limit: '5' }, 2, 2 * 8],
    ['of a time', { filters: filters(['createdAt', 'lte', '2026-01-01T00:00:50Z']) }, 1, 54],
  ])('%s: the same in a small and in a large workspace', async (_name, query, requests, items) => {
    const few = await costOf(FEW, query as unknown as Record<string, string>);
    const many = await costOf(MANY, query as unknown as Record<string, string>);

    expect(few.page.items.length).toBeGreaterThan(0);
    expect(many.page.items.length).toBeGreaterThan(0);
    expect(few.requests).toBeLessThanOrEqual(requests);
    expect(many.requests).toBeLessThanOrEqual(requests);
    expect(many.items).toBeLessThanOrEqual(items);
  });

  it('stays the same on later pages', async () => {
    const first = await runs.list(MANY, {});
    const { requests, items, page } = await costOf(MANY, { cursor: String(first.meta.nextCursor) });

    expect({ requests, items }).toEqual({ requests: 1, items: 52 });
    expect(page.items).toHaveLength(50);
  });

  it('a rare match is sought among 10,000 runs, and then refused with a way out', async () => {
    const rare = filters(['configurationId', 'eq', uuid()]);
    const before = runs.reads.items;

    await expect(runs.list(MANY, { filters: rare })).rejects.toThrow(
      'This list would have to examine more than 10000 runs: narrow it with a filter on createdAt.',
    );
    expect(runs.reads.items - before).toBeLessThan(12_500);
    expect((await runs.list(FEW, { filters: rare })).items).toEqual([]);
  });

  it('orders that no key has, and totals, read what matches up to the bound', async () => {
    await expect(runs.list(MANY, { sort: sort('status', false) })).rejects.toThrow(
      'more than 10000 runs: narrow it with a filter on createdAt, or sort by createdAt, newest first.',
    );
    await expect(runs.list(MANY, { includeTotal: 'true' })).rejects.toThrow('or leave out includeTotal.');
    const narrowed = filters(['status', 'eq', 'failed']);
    const { meta } = await runs.list(MANY, {
      sort: sort('completedAt', true),
      filters: narrowed,
      includeTotal: '1',
    });
    expect(meta).toMatchObject({ totalIncluded: true, totalCount: 2001, hasMore: true });
  });
});
