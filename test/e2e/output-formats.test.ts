import { randomUUID } from 'node:crypto';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetData, workbookBytes } from '../spreadsheets/support/workbook.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const CSV = 'Email,Hours\nann@example.com,1.5\n"=bob,@example.com",2\n';

/** A run of a new document that has ended; its id. */
async function aRun(content: string | Uint8Array = CSV, suffix = 'csv'): Promise<string> {
  const { body: document } = await platform.upload(`roster-${randomUUID()}.${suffix}`, content);
  const { body: run } = await platform.run(document.id);
  return run.id as string;
}

async function attach(runId: string, name: string, content: Uint8Array | string) {
  const form = new FormData();
  form.set('file', new Blob([content]), name);
  return platform.call('POST', `runs/${runId}/output`, { body: form });
}

const download = (runId: string, query = '', headers: Record<string, string> = {}) =>
  platform.call('GET', `runs/${runId}/output/download${query}`, { headers });

const TWO = workbookBytes({
  sheets: [
    sheetData([['a'], [1]]),
    sheetData([
      ['b', 'b'],
      ['x', 2.5],
      [null, 3],
    ]),
  ],
});

describe('GET /runs/{runId}/output/download?format=', () => {
  it('200: the workbook without a format, and as xlsx the very same', async () => {
    const id = await aRun();
    const plain = await download(id);
    const xlsx = await download(id, '?format=xlsx');

    expect(xlsx.status).toBe(200);
    expect(xlsx.bytes.equals(plain.bytes)).toBe(true);
    expect(xlsx.headers.get('etag')).toBe(plain.headers.get('etag'));
  });

  it('200: CSV, JSON lines and Parquet under their names and types', async () => {
    const id = await aRun();
    const csv = await download(id, '?format=csv');
    const jsonl = await download(id, '?format=jsonl');
    const parquet = await download(id, '?format=parquet');

    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toMatch(
      /^attachment; filename="roster-.*_normalized\.csv"$/,
    );
    const lines = csv.bytes.toString().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain('"=bob,@example.com"');
    expect(jsonl.headers.get('content-type')).toBe('application/jsonl');
    const objects = jsonl.bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects).toMatchObject([{ email: 'ann@example.com' }, { email: '=bob,@example.com' }]);
    expect(parquet.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const file = new Uint8Array(parquet.bytes).buffer;
    expect(parquetMetadata(file).num_rows).toBe(2n);
    expect(await parquetReadObjects({ file })).toMatchObject(objects);
  });

  it('200: another sheet by its name or place, in either spelling, is named in the file name', async () => {
    const id = await aRun();
    await attach(id, 'two.xlsx', TWO);
    for (const query of ['sheetName=Sheet2', 'sheet_name=Sheet2', 'sheetIndex=1', 'sheet_index=1']) {
      const answer = await download(id, `?format=jsonl&${query}`);
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="two_Sheet2.jsonl"');
      expect(answer.bytes.toString()).toBe('{"b":"x","b_2":2.5}\n{"b":null,"b_2":3}\n');
    }
    expect((await download(id, '?format=csv')).bytes.toString()).toBe('a\r\n1\r\n');
  });

  it('200: a new version of the output is converted anew', async () => {
    const id = await aRun();
    const before = await download(id, '?format=csv');
    await attach(id, 'by-hand.csv', 'x;y\n1;2\n');
    const after = await download(id, '?format=csv');

    expect(after.bytes.toString()).toBe('x,y\r\n1,2\r\n');
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    expect((await download(id, '?format=xlsx')).bytes.subarray(0, 2).toString()).toBe('PK');
    expect((await download(id)).bytes.toString()).toBe('x;y\n1;2\n');
  });

  it('206, 304, 307: a form is a file like any other', async () => {
    const id = await aRun();
    const whole = await download(id, '?format=csv');
    const part = await download(id, '?format=csv', { range: 'bytes=2-5' });
    const etag = whole.headers.get('etag') ?? '';
    const again = await download(id, '?format=csv', { 'if-none-match': etag });
    const elsewhere = await download(id, '?format=csv&redirect=true');

    expect(part.status).toBe(206);
    expect(part.bytes.equals(whole.bytes.subarray(2, 6))).toBe(true);
    expect(again.status).toBe(304);
    expect(elsewhere.status).toBe(307);
    const followed = await fetch(elsewhere.headers.get('location') ?? '');
    expect(Buffer.from(await followed.arrayBuffer()).equals(whole.bytes)).toBe(true);
  });

  it('200: all who ask at once get the same', async () => {
    const id = await aRun();
    const answers = await Promise.all(Array.from({ length: 8 }, () => download(id, '?format=parquet')));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(answers.every(({ bytes }) => bytes.equals(answers[0]?.bytes ?? Buffer.alloc(0)))).toBe(true);
  });

  it.each(['pdf', 'CSV', ''])('422: the format %j', async (format) => {
    const { status, body } = await download(await aRun(), `?format=${format}`);

    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'format', code: 'enum' }]);
  });

  it('422: a sheet that is not there, and both ways of naming one', async () => {
    const id = await aRun();
    expect(await download(id, '?format=csv&sheetName=Nope')).toMatchObject({
      status: 422,
      body: { detail: `Sheet 'Nope' was not found in run ${id} output.` },
    });
    expect(await download(id, '?format=parquet&sheetIndex=7')).toMatchObject({
      status: 422,
      body: { detail: `Sheet '7' was not found in run ${id} output.` },
    });
    expect(await download(id, '?format=csv&sheetName=a&sheetIndex=0')).toMatchObject({
      status: 422,
      body: { detail: 'sheetName and sheetIndex are mutually exclusive' },
    });
  });

  it('415: a file that has no sheets; 422: one that is damaged', async () => {
    const id = await aRun();
    await attach(id, 'notes.txt', 'hello');
    expect(await download(id, '?format=csv')).toMatchObject({
      status: 415,
      body: { detail: "Other forms are not supported for output file type '.txt'." },
    });
    expect((await download(id)).bytes.toString()).toBe('hello');
    await attach(id, 'broken.xlsx', 'PK');
    expect(await download(id, '?format=csv')).toMatchObject({
      status: 422,
      body: { detail: `Conversion failed for run ${id} output (BadZipFile).` },
    });
  });

  it('404: a run without an output', async () => {
    expect((await download(await aRun('not a workbook', 'xlsx'), '?format=csv')).status).toBe(404);
  });

  it("404: another workspace's run", async () => {
    const id = await aRun();
    const { otherWorkspaceId, otherApiKey } = platform.demo;
    const path = `/api/v1/workspaces/${otherWorkspaceId}/runs/${id}/output/download?format=csv`;
    expect((await platform.call('GET', path, { key: otherApiKey })).status).toBe(404);
  });
});
