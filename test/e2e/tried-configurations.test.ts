import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryConfiguration } from '../../lib/apis/workspace-runs/try/try-configuration.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const ORDERS = [
  'Order No,Cust. Nme,Qty,Total',
  '1001,Ann Lee,3,12.50',
  '1002,Bob Ray,x,7.00',
  '1003,Eve Fox,5,9.25',
].join('\n');

const ACTIVE = {
  fields: [
    { name: 'order_id', headers: ['Order No'] },
    { name: 'amount', headers: ['Total'] },
  ],
};
const CANDIDATE = {
  fields: [
    { name: 'order_id', headers: ['Order No'] },
    { name: 'customer', headers: ['Cust. Nme'], transforms: [{ case: 'upper' }] },
    { name: 'quantity', headers: ['Qty'], dtype: 'integer' },
    { name: 'total', headers: ['Total'] },
  ],
};

const draft = async (definition: unknown): Promise<string> => {
  const created = await platform.call('POST', 'configurations', { json: { name: 'Draft', definition } });
  expect(created.status).toBe(201);
  return created.body.id;
};
const published = async (definition: unknown): Promise<string> => {
  const id = await draft(definition);
  expect((await platform.call('POST', `configurations/${id}/publish`)).status).toBe(200);
  return id;
};
const uploaded = async (name: string, content = ORDERS): Promise<string> =>
  (await platform.upload(name, content)).body.id;
const tryIt = (id: string, json: unknown, key?: string) =>
  platform.call('POST', `configurations/${id}/try`, { json, ...(key === undefined ? {} : { key }) });
const runs = async (): Promise<number> => (await platform.call('GET', 'runs?limit=200')).body.items.length;

describe('POST /configurations/{configurationId}/try', () => {
  it('200: what would change against the active configuration, without a run', async () => {
    const active = await published(ACTIVE);
    const candidate = await draft(CANDIDATE);
    const documentId = await uploaded('orders.csv');
    const before = await runs();

    const { status, body } = await tryIt(candidate, { documentId });

    expect(status).toBe(200);
    expect(body).toEqual({
      activeConfigurationId: active,
      mapping: [
        { header: 'Cust. Nme', from: null, to: 'customer' },
        { header: 'Qty', from: null, to: 'quantity' },
        { header: 'Total', from: 'amount', to: 'total' },
      ],
      counts: {
        active: expect.objectContaining({ column_count_mapped: 2, validation_issues_total: 0 }),
        candidate: expect.objectContaining({ column_count_mapped: 4, row_count_total: 3 }),
      },
      issues: {
        active: [],
        candidate: [
          {
            field: 'quantity',
            code: 'unreadable_value',
            count: 1,
            examples: [{ sheet_name: 'orders', row: 3, value: 'x' }],
          },
        ],
      },
      sheets: [expect.objectContaining({ name: 'orders', added: 0, removed: 0, truncated: false })],
    });
    expect(body.sheets[0].changed).toEqual([
      { row: 1, column: 'B', from: 'Cust. Nme', to: 'customer' },
      { row: 1, column: 'C', from: 'Qty', to: 'quantity' },
      { row: 1, column: 'D', from: 'amount', to: 'total' },
      { row: 2, column: 'B', from: 'Ann Lee', to: 'ANN LEE' },
      { row: 3, column: 'B', from: 'Bob Ray', to: 'BOB RAY' },
      { row: 4, column: 'B', from: 'Eve Fox', to: 'EVE FOX' },
    ]);
    expect(await runs()).toBe(before);
  });

  it('200: the same as two runs and their difference say', async () => {
    const active = await published(ACTIVE);
    const candidate = await draft(CANDIDATE);
    const documentId = await uploaded('two-runs.csv');
    const ran = async (configurationId: string): Promise<string> => {
      const created = await platform.call('POST', 'runs', {
        json: { inputDocumentId: documentId, configurationId },
      });
      return (await platform.waitFor(created.body.id)).body.id;
    };
    const [first, second] = [await ran(active), await ran(candidate)];
    const { sheets } = (await platform.call('GET', `runs/${first}/diff/${second}`)).body;
    const { cost: _cost, ...metrics } = (await platform.call('GET', `runs/${second}/metrics`)).body;

    const { body } = await tryIt(candidate, { document_id: documentId });

    expect(body.sheets).toEqual(sheets);
    expect(body.counts.candidate).toEqual(metrics);
  });

  it('200: with what was said of the document, as a run would', async () => {
    await published(ACTIVE);
    const candidate = await draft(CANDIDATE);
    const documentId = await uploaded('taught.csv');
    const created = await platform.call('POST', 'runs', {
      json: { inputDocumentId: documentId, configurationId: candidate },
    });
    const runId = (await platform.waitFor(created.body.id)).body.id;
    const corrected = await platform.call('PUT', `runs/${runId}/columns/0.0.2/correction`, {
      json: { field: null },
    });
    expect(corrected.status).toBe(200);

    const { body } = await tryIt(candidate, { documentId });

    expect(body.counts.candidate).toMatchObject({ column_count_mapped: 3 });
    expect(body.mapping.map(({ header }: { header: string }) => header)).toEqual(['Cust. Nme', 'Total']);
  });

  it('200: nothing changes by the active configuration itself', async () => {
    const active = await published(ACTIVE);
    const { body } = await tryIt(active, { documentId: await uploaded('itself.csv') });

    expect(body).toMatchObject({ activeConfigurationId: active, mapping: [] });
    expect(body.counts.active).toEqual(body.counts.candidate);
    expect(body.sheets).toEqual([{ name: 'itself', added: 0, removed: 0, changed: [], truncated: false }]);
  });

  it('200: parts of the active one are null where it cannot process the document', async () => {
    const active = await published({ ...ACTIVE, settings: { sheets: { include: ['Elsewhere'] } } });
    const { status, body } = await tryIt(await draft(CANDIDATE), { documentId: await uploaded('null.csv') });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      activeConfigurationId: active,
      counts: { active: null, candidate: { table_count: 1 } },
      issues: { active: null, candidate: [{ field: 'quantity' }] },
      sheets: [{ name: 'null', added: 4, removed: 0, changed: [] }],
    });
    expect(body.mapping[0]).toEqual({ header: 'Order No', from: null, to: 'order_id' });
  });

  it('404: an unknown configuration or document, or those of another workspace', async () => {
    const id = await draft(CANDIDATE);
    const documentId = await uploaded('unknown.csv');
    const { otherApiKey, otherWorkspaceId } = platform.demo;
    const foreign = await platform.call(
      'POST',
      `/api/v1/workspaces/${otherWorkspaceId}/configurations/${id}/try`,
      {
        key: otherApiKey,
        json: { documentId },
      },
    );

    expect((await tryIt(UNKNOWN, { documentId })).status).toBe(404);
    expect((await tryIt(id, { documentId: UNKNOWN })).status).toBe(404);
    expect(foreign.status).toBe(404);
  });

  it('422: an invalid draft with its paths, a file that is no table, and a body without a document', async () => {
    const wrong = await draft({ fields: [{ name: 'a', headerss: ['A'] }] });
    const documentId = await uploaded('wrong.csv');
    const broken = await uploaded('broken.xlsx', 'no workbook');

    expect(await tryIt(wrong, { documentId })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'fields[0].headerss' }] },
    });
    expect(await tryIt(await draft(CANDIDATE), { documentId: broken })).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/^The document cannot be processed by this configuration: /) },
    });
    expect(await tryIt(wrong, {})).toMatchObject({ status: 422, body: { errors: [{ code: 'missing' }] } });
  });

  it('422: a document that takes too long, with what to do instead', async () => {
    const configurationId = await draft(CANDIDATE);
    const documentId = await uploaded('long.csv', `${ORDERS}\n${'1004,Zoe,1,2.00\n'.repeat(50_000)}`);
    const { workspaceId } = platform.demo;
    const asked = { workspaceId, configurationId, documentId };

    await expect(tryConfiguration(platform.platform, asked, 20)).rejects.toMatchObject({
      refusal: { category: 'invalid', message: expect.stringMatching(/Make a run by each configuration/) },
    });
  });

  it('200: a reader may try, for it makes nothing', async () => {
    const { body: key } = await platform.call('POST', 'api-keys', {
      json: { name: 'Reads', role: 'reader' },
    });
    const json = { documentId: await uploaded('reader.csv') };

    expect((await tryIt(await draft(CANDIDATE), json, key.secret)).status).toBe(200);
  });
});
