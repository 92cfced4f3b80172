import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetData, workbookBytes } from '../spreadsheets/support/workbook.ts';
import { aRun as aStoredRun } from '../support/builders.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const CSV = 'Email,Hours\nann@example.com,1.5\nbob@example.com,2\n';

async function aRun(content: string | Uint8Array = CSV, suffix = 'csv') {
  const { body: document } = await platform.upload(`roster-${randomUUID()}.${suffix}`, content);
  const { body: run } = await platform.run(document.id);
  return run as { id: string; output: { versionNo: number; filename: string } };
}

async function attach(runId: string, name: string, content: Uint8Array | string) {
  const form = new FormData();
  form.set('file', new Blob([content]), name);
  return platform.call('POST', `runs/${runId}/output`, { body: form });
}

const edit = (runId: string, json: unknown, headers: Record<string, string> = {}) =>
  platform.call('POST', `runs/${runId}/output/edit`, { json, headers });
const rowsOf = async (runId: string, query = '') =>
  (await platform.call('GET', `runs/${runId}/output/preview${query}`)).body.rows;

const TWO = workbookBytes({ sheets: [sheetData([['a'], [1]]), sheetData([['b'], ['x']])] });

describe('POST /runs/{runId}/output/edit', () => {
  it('201: the next version with these rows; what a preview shows is what was sent', async () => {
    const run = await aRun();
    const rows = (await rowsOf(run.id)) as string[][];
    const changed = [...rows, ['cy@example.com', '7.5', ...Array(rows[0]?.length ?? 0).fill('')]];

    const answer = await edit(run.id, { rows: changed.map((row) => row.slice(0, rows[0]?.length)) });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        ready: true,
        has_output: true,
        versionNo: run.output.versionNo + 1,
        filename: run.output.filename,
      },
    });
    expect(await rowsOf(run.id)).toEqual(changed.map((row) => row.slice(0, rows[0]?.length)));
    expect((await platform.call('GET', `runs/${run.id}/output`)).body).toEqual(answer.body);
    expect((await platform.call('GET', `runs/${run.id}`)).body.status).toBe('succeeded');
  });

  it.each([{ sheetName: 'Sheet2' }, { sheet_name: 'Sheet2' }, { sheetIndex: 1 }, { sheet_index: 1 }])(
    '201: %j is edited, the other sheet is not',
    async (sheet) => {
      const { id } = await aRun();
      await attach(id, 'two.xlsx', TWO);

      expect((await edit(id, { ...sheet, rows: [['b'], ['y'], ['z']] })).status).toBe(201);
      expect(await rowsOf(id)).toEqual([['a'], ['1']]);
      expect(await rowsOf(id, '?sheetIndex=1')).toEqual([['b'], ['y'], ['z']]);
      const { body } = await platform.call('GET', `runs/${id}/output/sheets`);
      expect(body.map(({ name }: { name: string }) => name)).toEqual(['Sheet1', 'Sheet2']);
    },
  );

  it('201: a text file stays one', async () => {
    const { id } = await aRun();
    await attach(id, 'list.csv', 'a;b\n1;2\n');

    expect(
      await edit(id, {
        rows: [
          ['a', 'b,c'],
          ['"', ''],
        ],
      }),
    ).toMatchObject({
      status: 201,
      body: { filename: 'list.csv' },
    });
    const { bytes } = await platform.call('GET', `runs/${id}/output/download`);
    expect(bytes.toString()).toBe('a,"b,c"\r\n"""",\r\n');
  });

  it('201: once under a key', async () => {
    const { id } = await aRun();
    const headers = { 'idempotency-key': randomUUID() };

    const first = await edit(id, { rows: [['x']] }, headers);
    const again = await edit(id, { rows: [['x']] }, headers);
    const other = await edit(id, { rows: [['y']] }, headers);

    expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('404: a run without an output, and one that is not there', async () => {
    expect((await edit((await aRun('no workbook', 'xlsx')).id, { rows: [] })).status).toBe(404);
    expect((await edit(randomUUID(), { rows: [] })).status).toBe(404);
  });

  it("404: another workspace's run", async () => {
    const { id } = await aRun();
    const { otherWorkspaceId, otherApiKey } = platform.demo;
    const path = `/api/v1/workspaces/${otherWorkspaceId}/runs/${id}/output/edit`;
    expect((await platform.call('POST', path, { key: otherApiKey, json: { rows: [] } })).status).toBe(404);
  });

  it('409: a run that has not ended', async () => {
    const id = randomUUID();
    const { workspaceId, documentId } = platform.demo;
    const input = { operation: 'validate', configurationId: randomUUID() };
    const leaseUntil = '2099-01-01T00:00:00.000Z';
    await platform.platform.runs.insert(
      aStoredRun({ id, workspaceId, parentId: documentId, input, status: 'queued', leaseUntil }),
    );

    expect(await edit(id, { rows: [] })).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'OUTPUT_NOT_READY' }] },
    });
  });

  it('415: a file that has no sheets', async () => {
    const { id } = await aRun();
    await attach(id, 'notes.txt', 'hello');

    expect(await edit(id, { rows: [['x']] })).toMatchObject({
      status: 415,
      body: { detail: "Edits are not supported for output file type '.txt'." },
    });
  });

  it('422: unknown and both sheets, rows that are none, a damaged file', async () => {
    const { id } = await aRun();
    expect(await edit(id, { sheetName: 'Nope', rows: [] })).toMatchObject({
      status: 422,
      body: { detail: `Sheet 'Nope' was not found in run ${id} output.` },
    });
    expect(await edit(id, { sheetName: 'a', sheetIndex: 0, rows: [] })).toMatchObject({
      status: 422,
      body: { detail: 'sheetName and sheetIndex are mutually exclusive' },
    });
    for (const body of [{}, { rows: 'x' }, { rows: ['x'] }, { rows: [[1]] }, { rows: [], more: 1 }]) {
      expect((await edit(id, body)).status).toBe(422);
    }
    expect((await edit(id, { rows: [['x'.repeat(32_768)]] })).status).toBe(422);
    await attach(id, 'broken.xlsx', 'PK');
    expect((await edit(id, { rows: [] })).status).toBe(422);
  });

  it('201 for 3 MB of rows, 413 beyond what a request may have', async () => {
    const { id } = await aRun();
    const rows = (count: number) => Array.from({ length: count }, (_, at) => [`row ${at}`, 'x'.repeat(90)]);

    expect((await edit(id, { rows: rows(27_000) })).status).toBe(201);
    expect((await edit(id, { rows: rows(60_000) })).status).toBe(413);
  });
});
