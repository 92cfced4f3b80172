import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const CSV = 'First Name,E-mail\nAda,ada@example.com\n';
const NAMES = ['100%_done.csv', 'back\\slash.csv', 'plain.csv', 'Zwölf Zeilen.csv'];

let platform: TestPlatform;
const ids: Record<string, string> = {};
const runIds: string[] = [];
beforeAll(async () => {
  platform = await startTestPlatform();
  for (const name of NAMES) {
    // A name keeps no path, so what stands before a backslash is lost.
    const { body } = await platform.upload(name, CSV);
    ids[name] = body.id;
    runIds.unshift((await platform.run(body.id)).body.id);
  }
  for (let made = 0; made < 3; made += 1) {
    const { body } = await platform.call('POST', 'runs', { json: { options: { operation: 'validate' } } });
    runIds.unshift((await platform.waitFor(body.id)).body.id);
  }
});
afterAll(() => platform.close());

type Query = Record<string, unknown>;
function list(what: 'runs' | 'documents', query: Query) {
  const params = Object.entries(query).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return platform.call('GET', `${what}?${new URLSearchParams(params)}`);
}
async function everyPage(what: 'runs' | 'documents', query: Query, between = async () => {}) {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await list(what, { ...query, ...(cursor === undefined ? {} : { cursor }) });
    expect(status).toBe(200);
    found.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.meta.nextCursor;
    await between();
  } while (cursor !== undefined);
  return found;
}
const where = (id: string, operator: string, value?: unknown) => [{ id, operator, value }];

describe('GET /runs', () => {
  it('200: filters, searches, counts and sorts', async () => {
    const named = async (query: Query) =>
      (await list('runs', query)).body.items.map(
        ({ input }: { input: { filename?: string } }) => input.filename,
      );

    expect(await named({ filters: where('inputDocumentId', 'eq', ids['plain.csv']) })).toEqual(['plain.csv']);
    expect(await named({ q: '0%_D' })).toEqual(['100%_done.csv']);
    expect(await named({ q: '%' })).toHaveLength(runIds.length); // too short to ask for anything
    expect(await named({ q: '%%' })).toEqual([]);
    expect(await named({ q: 'ZWÖLF zeilen' })).toEqual(['Zwölf Zeilen.csv']);
    expect(await named({ filters: where('fileType', 'in', ['csv']) })).toHaveLength(NAMES.length);
    expect(await named({ filters: where('inputDocumentId', 'isEmpty') })).toEqual([]);
    expect(await named({ filters: where('createdAt', 'isRelativeToToday', 'past_2_days') })).toHaveLength(7);
    expect(await named({ filters: where('status', 'inArray', ['failed', 'queued']) })).toEqual([]);

    const { body } = await list('runs', { limit: 2, includeTotal: 'YES', includeFacets: 'on', filters: [] });
    expect(body.meta).toEqual({
      limit: 2,
      hasMore: true,
      nextCursor: expect.any(String),
      totalIncluded: true,
      totalCount: runIds.length,
      changesCursor: '0',
    });
  });

  it('200: pages of every sort yield each run once', async () => {
    const reversed = runIds.toReversed();
    expect(await everyPage('runs', { limit: 3 })).toEqual(runIds);
    expect(await everyPage('runs', { limit: 3, sort: [{ id: 'createdAt' }] })).toEqual(reversed);
    expect(await everyPage('runs', { limit: 3, sort: ['id'] })).toEqual(reversed);
    for (const id of ['startedAt', 'completedAt', 'status']) {
      const found = await everyPage('runs', { limit: 3, sort: { id, desc: true } });
      expect(found.toSorted()).toEqual(runIds.toSorted());
    }
  });

  it('200: what is created at once is listed by its ids, newest first', async () => {
    const create = () => platform.call('POST', 'runs', { json: { options: { operation: 'validate' } } });
    const created = await Promise.all(Array.from({ length: 12 }, create));
    runIds.unshift(
      ...created
        .map(({ body }) => body.id)
        .sort()
        .reverse(),
    );

    const { items } = (await list('runs', { limit: 200 })).body;

    // Order belongs to the id, age to the record: of what is created at once, neither tells the other's millisecond.
    expect(items.map(({ id }: { id: string }) => id)).toEqual(runIds);
  });

  it('200: pages yield each run once while new ones arrive', async () => {
    const before = await everyPage('runs', { limit: 200 });
    // A run that completes while it is listed by its completion moves to where it belongs.
    await Promise.all(before.map((id) => platform.waitFor(id)));
    const sort = [{ id: 'completedAt', desc: true }];
    const create = async () => {
      const { body } = await platform.call('POST', 'runs', { json: { options: { operation: 'validate' } } });
      runIds.unshift(body.id);
    };

    expect(await everyPage('runs', { limit: 5 }, create)).toEqual(before);
    const found = await everyPage('runs', { limit: 5, sort }, create);
    expect(new Set(found).size).toBe(found.length);
    expect(before.filter((id) => !found.includes(id))).toEqual([]);
  });

  it('200: an input whose document was deleted shows its version only', async () => {
    const { body } = await platform.upload('gone.csv', CSV);
    const run = await platform.run(body.id);
    runIds.unshift(run.body.id);
    expect((await platform.call('DELETE', `documents/${body.id}`)).status).toBe(204);

    const { items } = (await list('runs', { filters: where('inputDocumentId', 'eq', body.id) })).body;

    expect(items).toHaveLength(1);
    const { fileVersionId, download_url } = run.body.input;
    expect(items[0].input).toEqual({ fileVersionId, download_url });
  });

  it.each<[Query, string]>([
    [{ sort: '-createdAt' }, 'sort must be valid JSON'],
    [
      { sort: ['name'] },
      "Unsupported sort field 'name'. Allowed: completedAt, createdAt, id, startedAt, status",
    ],
    [{ filters: `${'['.repeat(1200)}${']'.repeat(1200)}` }, 'Filter #1 must be an object'],
    [{ filters: where('status', 'eq', 'nope') }, "Filter 'status' expects a supported enum value"],
    [{ q: 'x'.repeat(201) }, 'q exceeds 200 characters'],
    [{ cursor: 'e30' }, 'Unsupported cursor token.'],
  ])('422: %#', async (query, detail) => {
    const { status, body } = await list('runs', query);

    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'validation_error', title: 'Validation error', status: 422, detail });
    expect(body).not.toHaveProperty('errors');
  });

  it('422: a cursor of another sort', async () => {
    const { nextCursor } = (await list('runs', { limit: 1 })).body.meta;
    expect(await list('runs', { cursor: nextCursor, sort: ['id'] })).toMatchObject({
      status: 422,
      body: { detail: 'Cursor sort does not match the requested sort.' },
    });
  });

  it('422: members of the request that are wrong, one by one', async () => {
    const { body } = await list('runs', {
      zeta: 1,
      limit: 0,
      alpha: 1,
      includeTotal: 'maybe',
      joinOperator: 'xor',
    });
    const errors = body.errors.map(({ path, code }: { path: string; code: string }) => [path, code]);
    expect(errors.toSorted()).toEqual([
      ['alpha', 'extra_forbidden'],
      ['includeTotal', 'bool_parsing'],
      ['joinOperator', 'enum'],
      ['limit', 'greater_than_equal'],
      ['zeta', 'extra_forbidden'],
    ]);
    expect(errors.findIndex(([path]: string[]) => path === 'alpha')).toBeLessThan(
      errors.findIndex(([path]: string[]) => path === 'zeta'),
    );
    expect(
      (await list('runs', { filters: [{ id: 'status', operator: 'like', value: 'x' }] })).body,
    ).toMatchObject({
      detail: 'Invalid request',
      errors: [{ path: 'operator', code: 'enum' }],
    });
  });
});

describe('GET /documents', () => {
  it('200: filters, sorts and searches', async () => {
    const named = async (query: Query) =>
      (await list('documents', query)).body.items.map(({ name }: { name: string }) => name);

    expect(await named({ q: '0%_d' })).toEqual(['100%_done.csv']);
    expect(await named({ filters: where('name', 'iLike', 'ZEILEN') })).toEqual(['Zwölf Zeilen.csv']);
    const mine = [...where('fileType', 'eq', 'csv'), ...where('hasOutput', 'eq', true)];
    const sorted = await named({ filters: mine, sort: [{ id: 'name', desc: false }] });
    expect(sorted).toEqual(
      sorted.toSorted((a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    );
    expect(sorted).toContain('plain.csv');
    expect(await named({ filters: where('lastRunPhase', 'eq', 'succeeded'), q: 'plain' })).toEqual([
      'plain.csv',
    ]);
  });

  it('200: pages of every sort yield each document once', async () => {
    const all = await everyPage('documents', { limit: 200 });
    expect(all.length).toBeGreaterThanOrEqual(NAMES.length);
    for (const id of [
      'createdAt',
      'updatedAt',
      'activityAt',
      'lastRunAt',
      'deletedAt',
      'name',
      'byteSize',
      'source',
      'id',
    ]) {
      for (const desc of [true, false]) {
        const found = await everyPage('documents', { limit: 2, sort: [{ id, desc }] });
        expect(found.toSorted(), id).toEqual(all.toSorted());
      }
    }
  });

  it('200: deleted ones when asked for, and what last runs found out', async () => {
    const { body } = await platform.upload('to-delete.csv', CSV);
    await platform.call('DELETE', `documents/${body.id}`);

    const deleted = (await list('documents', { lifecycle: 'deleted' })).body.items;
    expect(deleted[0]).toMatchObject({ id: body.id, deletedAt: expect.any(String) });
    expect(await everyPage('documents', {})).not.toContain(body.id);

    const query = {
      q: 'plain',
      includeRunMetrics: 1,
      includeRunTableColumns: 'true',
      includeRunFields: 'on',
    };
    const [item] = (await list('documents', query)).body.items;
    expect(item).toMatchObject({
      lastRun: { status: 'succeeded' },
      lastRunMetrics: { row_count_total: expect.any(Number) },
      lastRunTableColumns: [{ header_raw: 'First Name' }, { header_raw: 'E-mail' }],
    });
    expect(item.lastRunFields.map(({ field }: { field: string }) => field)).toContain('email');
    const [plain] = (await list('documents', { q: 'plain' })).body.items;
    expect(plain).not.toHaveProperty('lastRunMetrics');
  });

  it('422: what it does not know', async () => {
    expect((await list('documents', { lifecycle: 'all' })).body).toMatchObject({
      errors: [{ path: 'lifecycle', code: 'enum' }],
    });
    expect((await list('documents', { nope: 1 })).body).toMatchObject({
      errors: [{ path: 'nope', code: 'extra_forbidden' }],
    });
  });
});
