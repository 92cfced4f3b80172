import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewOutput } from '../../lib/apis/workspace-runs/outputs/output-preview.ts';
import { processed } from '../spreadsheets/support/process.ts';
import { sheetData, workbookBytes } from '../spreadsheets/support/workbook.ts';
import { aRun as aStoredRun } from '../support/builders.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const LIMIT = 26_214_400;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'First Name,E-mail,Hours,Notes\nAda,ada@example.com,1.5,\n,,,\nBob,bob@example.com,2,x\n';

const people = (rows: number): string =>
  ['Email,Hours', ...Array.from({ length: rows }, (_, row) => `ann${row}@example.com,${row}`)].join('\n');

/** A run of a new document that has ended; its id. */
async function aRun(
  content: string | Uint8Array = CSV,
  options: Record<string, unknown> = {},
  suffix = 'csv',
) {
  const { body: document } = await platform.upload(`roster-${randomUUID()}.${suffix}`, content);
  const { body: run } = await platform.run(document.id, options);
  return { id: run.id as string, documentId: document.id as string, status: run.status as string };
}

/** A run that nothing works on, so that it stays open. */
async function anOpenRun(status: 'queued' | 'running'): Promise<string> {
  const id = randomUUID();
  const { workspaceId, documentId } = platform.demo;
  const input = { operation: 'validate', configurationId: randomUUID() };
  const leaseUntil = '2099-01-01T00:00:00.000Z';
  await platform.platform.runs.insert(
    aStoredRun({ id, workspaceId, parentId: documentId, input, status, leaseUntil }),
  );
  return id;
}

const aFailedRun = () => aRun('not a workbook', {}, 'xlsx');

/** An upload by hand; a form written by hand lets the name be anything. */
function send(runId: string, name: string, content: Uint8Array | string, type = 'text/plain') {
  const boundary = 'b0undary';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(head),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return platform.call('POST', `runs/${runId}/output`, { body, headers });
}

const preview = (runId: string, query = '') => platform.call('GET', `runs/${runId}/output/preview${query}`);
const sheets = (runId: string) => platform.call('GET', `runs/${runId}/output/sheets`);

const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

describe('POST /runs/{runId}/output', () => {
  it('201: the next version, beside the one before; the run keeps its status', async () => {
    const { id, documentId } = await aRun();
    const before = await platform.call('GET', `runs/${id}`);
    const path = `/api/v1/workspaces/${platform.demo.workspaceId}/runs/${id}`;

    const answer = await send(id, 'corrected.csv', 'a,b\n1,2\n', 'text/csv');

    expect(before.body.output).toMatchObject({ versionNo: 1 });
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).toEqual({
      ready: true,
      download_url: `${path}/output/download`,
      filename: 'corrected.csv',
      content_type: 'text/csv',
      size_bytes: 8,
      has_output: true,
      fileVersionId: expect.any(String),
      versionNo: 2,
    });
    const after = await platform.call('GET', `runs/${id}`);
    expect(after.body).toEqual({ ...before.body, output: answer.body });
    expect((await platform.call('GET', `runs/${id}/metrics`)).status).toBe(200);
    const downloaded = await platform.call('GET', `runs/${id}/output/download`);
    expect(downloaded.bytes.toString()).toBe('a,b\n1,2\n');
    expect(downloaded.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(downloaded.headers.get('content-disposition')).toBe('attachment; filename="corrected.csv"');
    const second = await platform.run(documentId);
    expect(second.body.output.versionNo).toBe(3);
  });

  it('201: a failed and a cancelled run become ready', async () => {
    const failed = await aFailedRun();
    const cancelled = await platform.call('POST', 'runs', {
      json: { inputDocumentId: (await aRun()).documentId },
    });
    const { body } = await platform.call('POST', `runs/${cancelled.body.id}/cancel`);
    for (const [id, status] of [
      [failed.id, 'failed'],
      [cancelled.body.id, body.status],
    ]) {
      expect((await send(id, 'by-hand.txt', 'x')).status).toBe(201);
      expect((await platform.call('GET', `runs/${id}`)).body).toMatchObject({
        status,
        output: { ready: true, has_output: true, filename: 'by-hand.txt' },
      });
      expect((await platform.call('GET', `runs/${id}/output/download`)).bytes.toString()).toBe('x');
    }
  });

  it('201: many at once each get a number of their own, and the run has the highest', async () => {
    const { id } = await aFailedRun();
    const count = 12;

    const answers = await Promise.all(
      Array.from({ length: count }, (_, at) => send(id, `version-${at}.txt`, `content ${at}`)),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 201));
    const numbers = answers.map(({ body }) => body.versionNo as number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    const newest = answers.find(({ body }) => body.versionNo === count)?.body;
    expect((await platform.call('GET', `runs/${id}/output`)).body).toEqual(newest);
    expect((await platform.call('GET', `runs/${id}/output/download`)).bytes.toString()).toBe(
      `content ${/\d+/.exec(newest.filename)?.[0]}`,
    );
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\\\temp\\\\a.txt', 'a.txt'],
    ['', 'output'],
    [' \u0001\u0085 ', 'output'],
    [' spaced.csv ', 'spaced.csv'],
    ['bell\u0007.txt', 'bell.txt'],
    [`${'n'.repeat(300)}.txt`, 'n'.repeat(255)],
    ['Résultat — 最終.xlsx', 'Résultat — 最終.xlsx'],
    ['__proto__', '__proto__'],
  ])('201: the name %j becomes %j', async (name, kept) => {
    const { id } = await aFailedRun();

    expect(await send(id, name, 'x')).toMatchObject({ status: 201, body: { filename: kept } });
    expect((await platform.call('GET', `runs/${id}/output/download`)).status).toBe(200);
  });

  it('422: a type that cannot stand in a header; 201: an empty file is a file', async () => {
    const { id } = await aFailedRun();

    expect(await send(id, 'a.txt', '', `text/plain-${'x'.repeat(400)}`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'file', message: expect.stringMatching(/255 printable/) }] },
    });
    expect(await send(id, 'a.txt', '', 'text/plain')).toMatchObject({
      status: 201,
      body: { content_type: 'text/plain', size_bytes: 0 },
    });
  });

  it('201 for 25 MiB, 413 for one byte more', async () => {
    const { id } = await aFailedRun();

    expect((await send(id, 'limit.bin', Buffer.alloc(LIMIT))).status).toBe(201);
    const over = await send(id, 'over.bin', Buffer.alloc(LIMIT + 1));
    expect(over.body).toEqual({
      type: 'error',
      title: 'Error',
      status: 413,
      detail: `Object exceeds maximum size of ${LIMIT} bytes (received ${LIMIT + 1} bytes).`,
      instance: expect.stringContaining(`/runs/${id}/output`),
      requestId: expect.any(String),
    });
    expect((await platform.call('GET', `runs/${id}/output`)).body.filename).toBe('limit.bin');
  });

  it('201: a file that was posted to the form of an upload', async () => {
    const { id } = await aFailedRun();
    const { body: ticket } = await platform.call('POST', 'documents/uploads', {
      json: { name: 'large.csv', content_type: 'text/csv' },
    });
    const named = (field: string) => {
      const form = new FormData();
      form.set(field, ticket.uploadId);
      return platform.call('POST', `runs/${id}/output`, { body: form });
    };
    expect(await named('upload_id')).toMatchObject({ status: 409 });
    const form = new FormData();
    for (const [field, value] of Object.entries(ticket.fields)) form.set(field, String(value));
    form.set('file', new Blob(['a,b\n']), 'large.csv');
    expect((await fetch(ticket.url, { method: 'POST', body: form })).status).toBe(204);

    expect(await named('upload_id')).toMatchObject({
      status: 201,
      body: { filename: 'large.csv', content_type: 'text/csv', size_bytes: 4, versionNo: 1 },
    });
    expect(await named('uploadId')).toMatchObject({ status: 201, body: { versionNo: 2 } });
    expect((await platform.call('GET', `runs/${id}/output/download`)).bytes.toString()).toBe('a,b\n');
  });

  it('404: an upload that is not there', async () => {
    const { id } = await aFailedRun();
    const form = new FormData();
    form.set('upload_id', 'nope');

    expect((await platform.call('POST', `runs/${id}/output`, { body: form })).status).toBe(404);
  });

  it('409: a run that is still open', async () => {
    const message = 'Run output cannot be uploaded until the run completes.';
    for (const status of ['queued', 'running'] as const) {
      expect(await send(await anOpenRun(status), 'a.txt', 'x')).toMatchObject({
        status: 409,
        body: {
          type: 'conflict',
          title: 'Conflict',
          detail: message,
          errors: [{ message, code: 'OUTPUT_NOT_READY' }],
        },
      });
    }
  });

  it('404: a run without a document, a deleted document, an unknown run', async () => {
    const { body: validation } = await platform.call('POST', 'runs', {
      json: { options: { operation: 'validate' } },
    });
    await platform.waitFor(validation.id);
    expect(await send(validation.id, 'a.txt', 'x')).toMatchObject(
      problem(404, 'Document version None not found'),
    );
    const { id, documentId } = await aRun();
    await platform.call('DELETE', `documents/${documentId}`);
    expect(await send(id, 'a.txt', 'x')).toMatchObject(problem(404, `Document ${documentId} not found`));
    expect(await send(randomUUID(), 'a.txt', 'x')).toMatchObject(problem(404, 'Run not found'));
  });

  it('422: no file part, no form', async () => {
    const { id } = await aFailedRun();
    const missing = {
      status: 422,
      body: { detail: 'Invalid request', errors: [{ path: 'file', code: 'missing' }] },
    };
    const form = new FormData();
    form.set('other', 'x');

    expect(await platform.call('POST', `runs/${id}/output`, { body: form })).toMatchObject(missing);
    expect(await platform.call('POST', `runs/${id}/output`, { json: {} })).toMatchObject(missing);
    expect(await platform.call('POST', `runs/${id}/output`)).toMatchObject(missing);
  });
});

describe('GET /runs/{runId}/output/sheets', () => {
  it('200: the sheets of an output of ours, of a workbook by hand, and the one of a CSV file', async () => {
    const { id } = await aRun(workbookBytes({ sheets: [sheetData([['Email'], ['a@b.c']]), ''] }), {}, 'xlsx');
    expect(await sheets(id)).toMatchObject({
      status: 200,
      body: [
        { name: 'Sheet1', index: 0, kind: 'worksheet', is_active: true },
        { name: 'Sheet2', index: 1, kind: 'worksheet', is_active: false },
      ],
    });

    await send(id, 'OTHER.XLSX', workbookBytes({ sheets: ['', '', ''], activeTab: 1 }), XLSX);
    expect((await sheets(id)).body.map(({ is_active }: { is_active: boolean }) => is_active)).toEqual([
      false,
      true,
      false,
    ]);

    await send(id, 'my roster.v2.csv', 'a,b');
    expect((await sheets(id)).body).toEqual([
      { name: 'my roster.v2', index: 0, kind: 'file', is_active: true },
    ]);
  });
});

describe('GET /runs/{runId}/output/preview', () => {
  it('200: the first rows of an output of ours', async () => {
    const { id } = await aRun();

    const { status, body, headers } = await preview(id);

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      name: expect.stringMatching(/^roster-/),
      index: 0,
      rows: [
        ['first_name', 'email', 'Hours', 'Notes', 'full_name'],
        ['Ada', 'ada@example.com', '1.5', '', ''],
        ['', '', '', '', ''],
        ['Bob', 'bob@example.com', '2', 'x', ''],
      ],
      totalRows: 4,
      totalColumns: 5,
      truncatedRows: false,
      truncatedColumns: false,
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [],
    });
  });

  it('200: windows and trims, in either spelling; what is unknown is ignored', async () => {
    const { id } = await aRun();
    const cut = { totalRows: 4, totalColumns: 5, truncatedRows: true, truncatedColumns: true };

    expect((await preview(id, '?maxRows=2&maxColumns=1&nope=1')).body).toMatchObject({
      rows: [['first_name'], ['Ada']],
      ...cut,
    });
    expect((await preview(id, '?max_rows=3&max_columns=4&trim_empty_rows=1')).body).toMatchObject({
      rows: [
        ['first_name', 'email', 'Hours', 'Notes'],
        ['Ada', 'ada@example.com', '1.5', ''],
      ],
      ...cut,
    });
    const trimmed = await preview(id, '?trimEmptyRows=true&trimEmptyColumns=yes');
    expect(trimmed.body.rows).toHaveLength(3);
    expect(trimmed.body).toMatchObject({ totalRows: 4, totalColumns: 5, truncatedRows: false });
  });

  it('200: a sheet by its name or its index', async () => {
    const table = (email: string) => sheetData([['Email'], [email]]);
    const { id } = await aRun(workbookBytes({ sheets: [table('a@x.com'), table('b@x.com')] }), {}, 'xlsx');
    for (const query of ['?sheetName=Sheet2', '?sheet_index=1', '?sheetIndex=1']) {
      const { body } = await preview(id, query);
      expect(body).toMatchObject({ name: 'Sheet2', index: 1 });
      expect(body.rows[1][0]).toBe('b@x.com');
    }
  });

  it('200: 10,000 of 10,001 rows', async () => {
    const { id } = await aRun(people(10_000));

    const { body } = await preview(id);

    expect(body.rows).toHaveLength(10_000);
    expect(body.rows.at(-1)[0]).toBe('ann9998@example.com');
    expect(body).toMatchObject({ totalRows: 10_001, truncatedRows: true, truncatedColumns: false });
  });

  it('200: the same whether the preview was stored or the workbook has to be read', async () => {
    const { id } = await aRun(people(700));
    const stored = (await preview(id, '?maxRows=600')).body;
    const { bytes } = await processed(`${stored.name}.csv`, people(700));
    await send(id, 'again.xlsx', bytes, XLSX);

    expect((await preview(id, '?maxRows=600')).body).toEqual(stored);
  });

  it('200: texts of every kind of cell in a workbook by hand', async () => {
    const { id } = await aFailedRun();
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>';
    const cells =
      '<c t="b"><v>1</v></c><c s="1"><v>41656</v></c><c><v>1</v></c><c><v>1.0</v></c><c><v>1.5</v></c>' +
      '<c t="e"><v>#N/A</v></c><c/><c t="inlineStr"><is><t>a &amp; b</t></is></c>';
    await send(id, 'kinds.xlsx', workbookBytes({ sheets: [`<row>${cells}</row>`], styles }), XLSX);

    expect((await preview(id)).body.rows).toEqual([
      ['true', '2014-01-17T00:00:00', '1', '1', '1.5', '#N/A', '', 'a & b'],
    ]);
  });

  it('200: a CSV file by hand, in the encoding that it has', async () => {
    const { id } = await aFailedRun();
    await send(id, 'latin.csv', Buffer.from([0x61, 0x2c, 0xe9, 0x0a, 0x62]));

    expect((await preview(id, '?sheetName=latin')).body).toEqual({
      name: 'latin',
      index: 0,
      rows: [
        ['a', 'é'],
        ['b', ''],
      ],
      totalRows: 2,
      totalColumns: 2,
      truncatedRows: false,
      truncatedColumns: false,
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [],
    });
  });

  it('422: parameters out of range, or contradicting each other', async () => {
    const { id } = await aRun();
    for (const [query, path, code] of [
      ['maxRows=0', 'maxRows', 'greater_than_equal'],
      ['maxRows=10001', 'maxRows', 'less_than_equal'],
      ['max_columns=0', 'maxColumns', 'greater_than_equal'],
      ['maxColumns=10001', 'maxColumns', 'less_than_equal'],
      ['maxRows=x', 'maxRows', 'int_parsing'],
      ['sheetIndex=-1', 'sheetIndex', 'greater_than_equal'],
      ['trimEmptyRows=perhaps', 'trimEmptyRows', 'bool_parsing'],
      ['maxRows=1&max_rows=2', 'max_rows', 'value_error'],
    ]) {
      expect(await preview(id, `?${query}`), query).toMatchObject({
        status: 422,
        body: { type: 'validation_error', detail: 'Invalid request', errors: [{ path, code }] },
      });
    }
    const both = problem(422, 'sheetName and sheetIndex are mutually exclusive');
    const { body: open } = await platform.call('POST', 'runs', {
      json: { options: { operation: 'validate' } },
    });
    expect(await preview(open.id, '?sheetName=a&sheetIndex=0')).toMatchObject(both);
    expect((await preview(open.id, '?sheetName=a&sheetIndex=0')).body.errors).toBeUndefined();
  });

  it('422: an unknown sheet', async () => {
    const { id } = await aRun();
    for (const [query, name] of [
      ['sheetName=Nope', 'Nope'],
      ['sheetIndex=7', '7'],
    ]) {
      expect(await preview(id, `?${query}`)).toMatchObject(
        problem(422, `Sheet '${name}' was not found in run ${id} output.`),
      );
    }
  });

  it('422: it takes too long', async () => {
    const { id } = await aFailedRun();
    await send(id, 'long.csv', 'a\n'.repeat(400_000));
    const ref = { workspaceId: platform.demo.workspaceId, kind: 'document', runId: id } as const;
    const run = await platform.platform.runs.get(ref);
    if (run === undefined) throw new Error('The run is gone');
    const query = { maxRows: 1, maxColumns: 1, trimEmptyRows: false, trimEmptyColumns: false };

    await expect(previewOutput(platform.platform, run, query, 1)).rejects.toMatchObject({
      refusal: { category: 'invalid', message: expect.stringMatching(/^Preview generation timed out/) },
    });
  });
});

describe('what sheets and preview both refuse', () => {
  it('415: other files than workbooks and CSV', async () => {
    const { id } = await aFailedRun();
    for (const [name, suffix] of [
      ['notes.TXT', '.txt'],
      ['no-suffix', ''],
      ['old.xls', '.xls'],
    ]) {
      await send(id, name ?? '', 'x');
      expect(await sheets(id)).toMatchObject({
        status: 415,
        body: { type: 'error', detail: `Sheets are not supported for output file type '${suffix}'.` },
      });
      expect(await preview(id)).toMatchObject({
        status: 415,
        body: { type: 'error', detail: `Preview is not supported for output file type '${suffix}'.` },
      });
    }
  });

  it('422: a workbook that cannot be read', async () => {
    const { id } = await aFailedRun();
    for (const content of ['not a zip file', workbookBytes({ sheets: [''] }).subarray(0, 700)]) {
      await send(id, 'corrupt.xlsx', content, XLSX);
      expect(await sheets(id)).toMatchObject(
        problem(422, `Worksheet inspection failed for run ${id} output (BadZipFile).`),
      );
      expect(await preview(id)).toMatchObject(
        problem(422, `Preview generation failed for run ${id} output (BadZipFile).`),
      );
    }
  });

  it('404 and 409 as a download', async () => {
    const failed = await aFailedRun();
    const dry = await aRun(CSV, { dryRun: true });
    for (const [id, detail, code] of [
      [failed.id, 'Run failed and no output is available', 'RUN_FAILED_NO_OUTPUT'],
      [dry.id, 'Run output is unavailable', undefined],
    ] as const) {
      for (const answer of [await sheets(id), await preview(id)]) {
        expect(answer).toMatchObject(problem(404, detail));
        expect(answer.body.errors?.[0].code).toBe(code);
      }
    }
    const message = 'Run output is not available until the run completes.';
    for (const open of [await anOpenRun('queued'), await anOpenRun('running')]) {
      for (const answer of [await sheets(open), await preview(open)]) {
        expect(answer).toMatchObject({
          status: 409,
          body: { errors: [{ message, code: 'OUTPUT_NOT_READY' }] },
        });
      }
    }
    expect(await preview(randomUUID())).toMatchObject(problem(404, 'Run not found'));
    expect((await preview('nope')).status).toBe(422);
  });
});
