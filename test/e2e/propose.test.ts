import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const teaching = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../spreadsheets/teaching/${name}`, import.meta.url)));

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const upload = async (name: string, bytes: Buffer | string): Promise<string> =>
  (await platform.upload(name, bytes)).body.id;
const propose = (json: unknown, rest: object = {}) =>
  platform.call('POST', 'configurations/propose', { json, ...rest });

describe('POST configurations/propose', () => {
  it('200: proposes what makes a good workbook of the file, and stores nothing', async () => {
    const documentId = await upload('01-orders-de.xlsx', teaching('01-orders-de.xlsx'));
    const before = (await platform.call('GET', 'configurations')).body.items.length;

    const { status, body } = await propose({ document_id: documentId });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      documents: [
        {
          documentId,
          sheets: [
            { name: 'Bestellungen', use: true, tables: [{ range: 'A4:H44', headerRows: 1 }] },
            { name: 'Hinweise', use: false, tables: [] },
          ],
        },
      ],
      findings: [],
    });
    expect(body.documents[0].sheets[0].tables[0].columns[1]).toEqual({
      ...{ column: 'B', header: 'Bestelldatum', field: 'bestelldatum', type: 'date', kind: null },
      reasons: ['100 % of the values are dates', 'every row has a value', 'the day stands before the month'],
    });
    expect((await platform.call('GET', 'configurations')).body.items).toHaveLength(before);

    const made = await platform.call('POST', 'configurations', {
      json: { name: 'Orders', definition: body.definition },
    });
    const published = await platform.call('POST', `configurations/${made.body.id}/publish`);
    expect([made.status, published.status]).toEqual([201, 200]);
    const run = await platform.call('POST', 'runs', { json: { inputDocumentId: documentId } });
    await platform.waitFor(run.body.id);
    expect((await platform.call('GET', `runs/${run.body.id}/metrics`)).body).toMatchObject({
      ...{
        evaluation_outcome: 'success',
        validation_issues_total: 0,
        row_count_dropped: 3,
        column_count_unmapped: 0,
      },
    });
  });

  it('200: for several documents, each once', async () => {
    const [one, two] = [
      await upload('a.csv', 'Qty;When\n1;2024-01-01\n2;2024-01-02\n'),
      await upload('b.csv', 'Qty;City\n1,5;Rome\n2;Oslo\n'),
    ];
    const { body } = await propose({ documentIds: [one, two, one.toUpperCase()], tableDetection: 'regions' });
    expect(body.documents.map(({ documentId }: { documentId: string }) => documentId)).toEqual([one, two]);
    expect(
      body.definition.fields.map(({ name, dtype }: { name: string; dtype: string }) => [name, dtype]),
    ).toEqual([
      ['qty', 'number'],
      ['when', 'date'],
      ['city', 'string'],
    ]);
  });

  it('200: with tables as a first configuration finds them', async () => {
    const documentId = await upload(
      'm.csv',
      'First Name,Last Name,Email\nAda,Byron,ada@example.org\nBo,Li,bo@example.org\n',
    );
    const { body } = await propose({ documentId, tableDetection: 'ade' });
    expect(body.definition.settings).toEqual({ tableDetection: 'ade' });
    expect(body.documents[0].sheets[0].tables[0].range).toBe('A1:C3');
  });

  it('refuses what names no document, or one that is not there or cannot be read', async () => {
    const bad = await upload('bad.xlsx', 'no workbook');
    const id = '018f0000-0000-7000-8000-0000000000ff';
    expect((await propose({})).status).toBe(422);
    expect((await propose({ documentId: id, documentIds: [id] })).status).toBe(404);
    expect((await propose({ documentIds: [] })).status).toBe(422);
    expect((await propose({ documentId: id, tableDetection: 'guess' })).status).toBe(422);
    expect((await propose({ documentId: id })).status).toBe(404);
    expect(await propose({ documentId: bad })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('its content is no workbook') },
    });
    expect((await propose({ documentId: bad }, { key: 'nobody' })).status).toBe(401);
  });

  it('403 or 404 for a document of another workspace', async () => {
    const documentId = await upload('mine.csv', 'A;B\n1;2\n3;4\n');
    const path = `/api/v1/workspaces/${'018f0000-0000-7000-8000-0000000000aa'}/configurations/propose`;
    expect([403, 404]).toContain((await platform.call('POST', path, { json: { documentId } })).status);
  });
});
