import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutput } from '../golden/read-output.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const FIELDS = [
  { name: 'customer', headers: ['Customer'] },
  { name: 'city', headerTokenSets: [['city'], ['town', 'name']] },
  { name: 'amount', headerTokenSets: [['amount']], dtype: 'integer', validators: [{ range: { max: 100 } }] },
  { name: 'note', headerTokenSets: [['note']] },
];
const settings = { csv: { headerRow: 1 } };

const configure = async (fields: readonly object[] = FIELDS, more: object = {}): Promise<string> => {
  const json = { name: 'Taught', definition: { settings: { ...settings, ...more }, fields } };
  const { status, body } = await platform.call('POST', 'configurations', { json });
  expect(status).toBe(201);
  return body.id;
};
const upload = async (rows: readonly string[], name = 'orders.csv'): Promise<string> =>
  (await platform.upload(`${Math.random()}-${name}`, rows.join('\n'))).body.id;
const start = async (documentId: string, configurationId: string, options = {}) =>
  (await platform.call('POST', 'runs', { json: { inputDocumentId: documentId, configurationId, options } }))
    .body;
const run = async (documentId: string, configurationId: string, options = {}): Promise<string> => {
  const { id } = await start(documentId, configurationId, options);
  expect((await platform.waitFor(id)).body).toMatchObject({ status: 'succeeded' });
  return id;
};
const runOf = async (rows: readonly string[], configurationId: string): Promise<string> =>
  run(await upload(rows), configurationId);
const columns = async (runId: string) => (await platform.call('GET', `runs/${runId}/columns`)).body;
const fieldsOf = async (runId: string) =>
  (await columns(runId)).map(({ mapped_field = null }: { mapped_field?: string | null }) => mapped_field);
const correct = (runId: string, column: string, field: unknown, call = {}) =>
  platform.call('PUT', `runs/${runId}/columns/${column}/correction`, { json: { field }, ...call });
const correctValue = (runId: string, json: unknown) =>
  platform.call('PUT', `runs/${runId}/corrections/values`, { json });
const learned = async (id: string) => (await platform.call('GET', `configurations/${id}/learned`)).body;
const outputOf = async (runId: string) => {
  const { bytes } = await platform.call('GET', `runs/${runId}/output/download`);
  return readOutput(bytes).sheets[0]?.rows ?? [];
};
const makeKey = async (role: string): Promise<string> =>
  (await platform.call('POST', 'api-keys', { json: { name: role, role } })).body.secret;

describe('PUT /runs/{runId}/columns/{columnId}/correction', () => {
  it('200: the row shows it at once, later runs of the document go by it, others have learned it', async () => {
    const id = await configure();
    const rows = ['Käufer,City', 'Ann,Rome', 'Bob,Oslo'];
    const document = await upload(rows);
    const first = await run(document, id);
    expect(await fieldsOf(first)).toEqual([null, 'city']);

    const { status, body } = await correct(first, '0.0.0', 'customer');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      column_id: '0.0.0',
      header_raw: 'Käufer',
      mapping_status: 'mapped',
      mapped_field: 'customer',
      mapping_score: 1,
      mapping_method: 'correction',
    });
    expect(body).not.toHaveProperty('unmapped_reason');
    expect((await columns(first))[0]).toEqual(body);
    expect(await learned(id)).toEqual({
      headers: { kaufer: { field: 'customer', count: 1, last: expect.any(String) } },
      values: {},
    });
    const later = await run(document, id);
    expect((await columns(later))[0]).toMatchObject({
      mapped_field: 'customer',
      mapping_method: 'correction',
    });
    expect((await outputOf(later))[0]?.slice(0, 2)).toEqual(['customer', 'city']);
    const other = await runOf(['x,KAUFER', '1,Eve'], id);
    expect((await columns(other))[1]).toMatchObject({
      mapped_field: 'customer',
      mapping_score: 0.5,
      mapping_method: 'classifier',
      mapping_reason: 'learned',
    });
  });

  it('200: null says that a column is no field', async () => {
    const id = await configure();
    const document = await upload(['Town City,City', 'a,b']);
    const first = await run(document, id);
    expect(await fieldsOf(first)).toEqual(['city', null]);

    const { body } = await correct(first, '0.0.0', null);

    expect(body).toMatchObject({
      mapping_status: 'unmapped',
      mapping_method: 'correction',
      unmapped_reason: 'correction',
      runner_up: { field: 'city', score: 1 },
    });
    expect(body).not.toHaveProperty('mapped_field');
    expect(await fieldsOf(await run(document, id))).toEqual([null, 'city']);
    const other = await runOf(['Town City,x', 'a,b'], id);
    expect((await columns(other))[0]).toMatchObject({ unmapped_reason: 'learned' });
  });

  it('200: a correction stands above a whole header, what was learned does not', async () => {
    const id = await configure();
    const document = await upload(['Customer,x', 'a,b']);
    const first = await run(document, id);

    await correct(first, '0.0.0', 'note');

    expect(await fieldsOf(await run(document, id))).toEqual(['note', null]);
    expect(await fieldsOf(await runOf(['Customer,x', 'a,b'], id))).toEqual(['customer', null]);
  });

  it('200: counts what is said again, begins anew when something else is said', async () => {
    const id = await configure();
    const rows = ['Buyer,x', 'a,b'];
    const say = async (field: string | null) => {
      const runId = await runOf(rows, id);
      await correct(runId, '0.0.0', field);
      await correct(runId, '0.0.0', field);
      return (await learned(id)).headers.buyer;
    };

    expect(await say('customer')).toMatchObject({ field: 'customer', count: 1 });
    expect(await say('customer')).toMatchObject({ field: 'customer', count: 2 });
    expect((await columns(await runOf(rows, id)))[0].mapping_score).toBeCloseTo(2 / 3);
    expect(await say('note')).toMatchObject({ field: 'note', count: 1 });
  });

  it('200: corrections at the same time are all remembered', async () => {
    const id = await configure();
    const headers = Array.from({ length: 60 }, (_, no) => `Word${no}`);
    const document = await upload([headers.join(','), headers.map(() => 'x').join(',')]);
    const first = await run(document, id);

    const answers = await Promise.all(headers.map((_, no) => correct(first, `0.0.${no}`, 'note')));

    expect(answers.map(({ status }) => status)).toEqual(headers.map(() => 200));
    expect(Object.keys((await learned(id)).headers)).toHaveLength(headers.length);
    expect(await fieldsOf(first)).toEqual(headers.map(() => 'note'));
    expect((await fieldsOf(await run(document, id))).filter((field: unknown) => field !== null)).toEqual([
      'note',
    ]);
  });

  it('200: of a configuration in force, and of one that was put away', async () => {
    const id = await configure();
    const runId = await runOf(['Buyer,Place', 'a,b'], id);
    const before = (await platform.call('GET', 'configurations?limit=200')).body.items.find(
      ({ status }: { status: string }) => status === 'active',
    );
    expect((await platform.call('POST', `configurations/${id}/publish`)).status).toBe(200);
    expect((await correct(runId, '0.0.0', 'customer')).status).toBe(200);
    const draft = await platform.call('POST', 'configurations', {
      json: { name: 'Before', definition: before === undefined ? { fields: FIELDS } : undefined },
    });
    expect((await platform.call('POST', `configurations/${draft.body.id}/publish`)).status).toBe(200);
    expect((await platform.call('GET', `configurations/${id}`)).body.status).toBe('archived');

    expect((await correct(runId, '0.0.1', 'city')).status).toBe(200);
    expect(Object.keys((await learned(id)).headers)).toEqual(['buyer', 'place']);
  });

  it('422: a field that there is not, with the nearest; members that are wrong', async () => {
    const runId = await runOf(['Buyer,x', 'a,b'], await configure());

    expect(await correct(runId, '0.0.0', 'custmer')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'field', message: expect.stringContaining('did you mean "customer"?') }] },
    });
    expect((await correct(runId, '0.0.0', 7)).status).toBe(422);
    expect((await correct(runId, '0.0.0', undefined)).status).toBe(422);
    expect((await correct(runId, '0.0.0', '')).status).toBe(422);
  });

  it('404: no such run, no such column, a run without a document; 409: one that has not ended', async () => {
    const id = await configure();
    const runId = await runOf(['Buyer,x', 'a,b'], id);
    for (const column of ['0.0.2', '0.1.0', 'x', '0.0.0.0'])
      expect((await correct(runId, column, 'note')).status).toBe(404);
    expect((await correct('018f0000-0000-7000-8000-0000000000ff', '0.0.0', 'note')).status).toBe(404);
    const check = await platform.call('POST', 'runs', {
      json: { configurationId: id, options: { operation: 'validate' } },
    });
    await platform.waitFor(check.body.id);
    expect((await correct(check.body.id, '0.0.0', 'note')).status).toBe(404);

    const open = await start(await upload(['a,b', ...Array.from({ length: 50_000 }, () => '1,2')]), id);
    expect((await correct(open.id, '0.0.0', 'note')).status).toBe(409);
    await platform.waitFor(open.id);
  });

  it('403 for a reader, 404 for another workspace', async () => {
    const runId = await runOf(['Buyer,x', 'a,b'], await configure());
    const { demo } = platform;
    const key = await makeKey('reader');

    expect((await correct(runId, '0.0.0', 'note', { key })).status).toBe(403);
    const path = `/api/v1/workspaces/${demo.otherWorkspaceId}/runs/${runId}/columns/0.0.0/correction`;
    const other = await platform.call('PUT', path, { key: demo.otherApiKey, json: { field: 'note' } });
    expect(other.status).toBe(404);
  });
});

describe('PUT /runs/{runId}/corrections/values', () => {
  it('200: later runs have the other value, read and checked as the field wants', async () => {
    const id = await configure();
    const rows = ['City,Amount', 'NYC,ten', 'Rome,500', 'NYC,3'];
    const document = await upload(rows);
    const first = await run(document, id);

    expect(await correctValue(first, { field: 'city', from: 'NYC', to: 'New York' })).toMatchObject({
      status: 200,
      body: { field: 'city', from: 'NYC', to: 'New York', count: 1, last: expect.any(String) },
    });
    await correctValue(first, { field: 'amount', from: 'ten', to: '10' });
    await correctValue(first, { field: 'amount', from: '500', to: '50' });
    await correctValue(first, { field: 'amount', from: '3', to: null });

    expect((await learned(id)).values).toMatchObject({
      city: { NYC: { to: 'New York', count: 1 } },
      amount: { ten: { to: '10' }, 500: { to: '50' }, 3: { to: null } },
    });
    const later = await run(document, id);
    expect((await outputOf(later)).map((row) => row.slice(0, 2))).toEqual([
      ['city', 'amount'],
      ['New York', 10],
      ['Rome', 50],
      ['New York', null],
    ]);
    const metrics = async (runId: string) => (await platform.call('GET', `runs/${runId}/metrics`)).body;
    expect((await metrics(first)).validation_issues_total).toBe(2);
    expect((await metrics(later)).validation_issues_total).toBe(0);
  });

  it('422: a field that there is not, an empty text; 404', async () => {
    const runId = await runOf(['City,x', 'a,b'], await configure());
    const value = { field: 'city', from: 'a', to: 'b' };

    expect(await correctValue(runId, { ...value, field: 'cty' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'field', message: expect.stringContaining('"city"') }] },
    });
    expect((await correctValue(runId, { ...value, from: ' ' })).status).toBe(422);
    expect((await correctValue(runId, { ...value, to: 'x'.repeat(501) })).status).toBe(422);
    expect((await correctValue('018f0000-0000-7000-8000-0000000000ff', value)).status).toBe(404);
  });
});

describe('/configurations/{configurationId}/learned', () => {
  const LEARNED = {
    headers: {
      buyer: { field: 'customer', count: 3, last: '2026-01-02T03:04:05.000Z' },
      'unit price': { field: null, count: 1, last: '2026-01-02T03:04:05.000Z' },
    },
    values: { city: { NYC: { to: 'New York', count: 2, last: '2026-01-02T03:04:05.000Z' } } },
  };
  const put = (id: string, json: unknown, headers = {}) =>
    platform.call('PUT', `configurations/${id}/learned`, { json, headers });
  const forget = (id: string, query = '') => platform.call('DELETE', `configurations/${id}/learned${query}`);

  it('is empty at first, takes what another configuration has learned, and forgets', async () => {
    const id = await configure();
    expect(await learned(id)).toEqual({ headers: {}, values: {} });

    expect(await put(id, LEARNED)).toMatchObject({ status: 200, body: LEARNED });
    expect(await learned(id)).toEqual(LEARNED);
    expect((await put(await configure(), await learned(id))).body).toEqual(LEARNED);
    expect((await columns(await runOf(['BUYER,x', 'a,b'], id)))[0].mapping_score).toBe(0.75);

    expect((await forget(id, '?header=Unit%20Price')).status).toBe(204);
    expect((await forget(id, '?header=unknown')).status).toBe(204);
    expect(await learned(id)).toEqual({ ...LEARNED, headers: { buyer: LEARNED.headers.buyer } });
    expect((await forget(id)).status).toBe(204);
    expect(await learned(id)).toEqual({ headers: {}, values: {} });
  });

  it('200: headers as they stand in a file, counted once from now', async () => {
    const id = await configure();

    expect((await put(id, { headers: { 'Prénom: ': { field: 'note' } } })).body).toEqual({
      headers: { prenom: { field: 'note', count: 1, last: expect.any(String) } },
      values: {},
    });
  });

  it('412: it changed since it was read', async () => {
    const id = await configure();
    const { headers } = await platform.call('GET', `configurations/${id}/learned`);
    const etag = headers.get('etag') ?? '';

    expect((await put(id, LEARNED, { 'if-match': etag })).status).toBe(200);
    expect((await put(id, LEARNED, { 'if-match': etag })).status).toBe(412);
  });

  it.each([
    [{ headers: { a: { field: 'custmer' } } }, 'headers.a.field', '"customer"'],
    [{ headers: { a: { field: 'note' }, A: { field: 'city' } } }, 'headers.A', 'same header'],
    [{ headers: { ' ': { field: 'note' } } }, 'headers. ', 'blank'],
    [{ values: { citty: { a: { to: 'b' } } } }, 'values.citty', '"city"'],
    [{ values: { city: { ' ': { to: 'b' } } } }, 'values.city', 'empty'],
    [{ headers: { a: { field: 'note', count: 0 } } }, 'headers.a.count', ''],
    [{ words: {} }, 'words', ''],
  ])('422: %j', async (json, path, message) => {
    expect(await put(await configure(), json)).toMatchObject({
      status: 422,
      body: { errors: [{ path, message: expect.stringContaining(message) }] },
    });
  });

  it('413: more than is kept', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 700 }, (_, no) => [`${'x'.repeat(450)} ${no}`, { field: 'note' }]),
    );
    expect((await put(await configure(), { headers })).status).toBe(413);
  });

  it('403 for a reader who changes it, 200 for one who reads; 404 for another workspace', async () => {
    const id = await configure();
    const { demo } = platform;
    const key = await makeKey('reader');
    const path = `configurations/${id}/learned`;

    expect((await platform.call('GET', path, { key })).status).toBe(200);
    expect((await platform.call('PUT', path, { key, json: LEARNED })).status).toBe(403);
    expect((await platform.call('DELETE', path, { key })).status).toBe(403);
    const theirs = `/api/v1/workspaces/${demo.otherWorkspaceId}/${path}`;
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { json: LEARNED } : {};
      expect((await platform.call(method, theirs, { key: demo.otherApiKey, ...body })).status).toBe(404);
    }
  });
});
