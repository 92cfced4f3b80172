import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV =
  'First Name,E-mail,Email,Notes\nAda,ada@example.com,second@example.com,x\nBob,bob@example.com,,\n';

async function aDocument(
  content: string | Uint8Array = CSV,
  name = `roster-${randomUUID()}.csv`,
): Promise<string> {
  const { status, body } = await platform.upload(name, content);
  expect(status).toBe(201);
  return body.id;
}

describe('POST /runs', () => {
  it('201: queues a run with all its members, nulls included', async () => {
    const documentId = await aDocument(CSV, 'full.csv');
    const { workspaceId } = platform.demo;

    const { status, body, headers } = await platform.call('POST', 'runs', {
      json: { inputDocumentId: documentId },
    });

    expect(status).toBe(201);
    const path = `/api/v1/workspaces/${workspaceId}/runs/${body.id}`;
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      object: 'ade.run',
      workspace_id: workspaceId,
      configuration_id: expect.stringMatching(UUID),
      operation: 'process',
      status: 'queued',
      evaluation_outcome: null,
      failure_code: null,
      failure_stage: null,
      failure_message: null,
      created_at: expect.stringMatching(INSTANT),
      started_at: null,
      completed_at: null,
      duration_seconds: null,
      exit_code: null,
      input: {
        document_id: documentId,
        fileVersionId: expect.stringMatching(UUID),
        versionNo: 1,
        filename: 'full.csv',
        content_type: 'application/octet-stream',
        size_bytes: CSV.length,
        download_url: `${path}/input/download`,
        input_sheet_names: null,
        input_file_count: null,
        input_sheet_count: null,
      },
      output: {
        ready: false,
        download_url: `${path}/output/download`,
        filename: null,
        content_type: null,
        size_bytes: null,
        has_output: false,
        fileVersionId: null,
        versionNo: null,
      },
      links: {
        self: path,
        events_stream: `${path}/events/stream`,
        events_download: `${path}/events/download`,
        input_download: `${path}/input/download`,
        output_download: `${path}/output/download`,
        output_metadata: `${path}/output`,
      },
    });
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(Number(headers.get('x-response-time-ms'))).toBeGreaterThanOrEqual(0);
  });

  it('201: takes ADE’s snake_case and the seed’s camelCase alike', async () => {
    const [one, two] = [await aDocument(), await aDocument()];
    const snake = {
      input_document_id: one,
      options: { active_sheet_only: false, input_sheet_names: [' S '], log_level: 'DEBUG' },
    };
    const camel = {
      inputDocumentId: two,
      options: { activeSheetOnly: false, inputSheetNames: [' S ', '', 'S'], logLevel: 'DEBUG' },
    };

    const answers = await Promise.all([snake, camel].map((json) => platform.call('POST', 'runs', { json })));

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ body }) => body.input.input_sheet_names)).toEqual([['S'], ['S']]);
  });

  it('201: reads a text file as its options say, in either spelling and of a batch too', async () => {
    const content = 'Members\nName;Email\nAnn;a@x.com\n';
    const documentIds = await Promise.all([1, 2, 3].map(() => aDocument(content)));
    const [one, two, three] = documentIds;
    const run = (json: unknown) => platform.call('POST', 'runs', { json });
    const answers = [
      await run({ inputDocumentId: one, options: { csv: { delimiter: ';', headerRow: 2 } } }),
      await run({ input_document_id: two, options: { csv: { delimiter: ',', header_row: 2, quote: null } } }),
    ];
    const batch = await platform.call('POST', 'runs/batch', {
      json: { documentIds: [three], options: { csv: { delimiter: ';', headerRow: 3 } } },
    });
    const ids = [...answers.map(({ body }) => body.id), batch.body.runs[0].id];
    const headersOf = async (id: string) => {
      expect((await platform.waitFor(id)).body.status).toBe('succeeded');
      const { body } = await platform.call('GET', `runs/${id}/columns`);
      return body.map(({ header_raw }: { header_raw: string }) => header_raw);
    };

    expect(await Promise.all(ids.map(headersOf))).toEqual([
      ['Name', 'Email'],
      ['Name;Email'],
      ['Ann', 'a@x.com'],
    ]);
    const metrics = await Promise.all(ids.map((id) => platform.call('GET', `runs/${id}/metrics`)));
    expect(metrics.map(({ body }) => body.csv_delimiter)).toEqual([';', undefined, ';']);
  });

  it('201: an active run of the same document and configuration is answered again; a terminal one is not', async () => {
    // Long enough that its run is still at work when the last of the callers asks.
    const documentId = await aDocument(`Email\n${'ann@example.com\n'.repeat(300_000)}`);
    const create = () => platform.call('POST', 'runs', { json: { inputDocumentId: documentId } });

    const answers = await Promise.all(Array.from({ length: 20 }, create));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    await platform.waitFor(answers[0]?.body.id);
    expect((await create()).body.id).not.toBe(answers[0]?.body.id);
  });

  it('201: creates that repeat an Idempotency-Key are answered with its run, and say so', async () => {
    const documentId = await aDocument();
    const call = {
      json: { inputDocumentId: documentId, options: { operation: 'validate' } },
      headers: { 'idempotency-key': 'repeated' },
    };
    const first = await platform.call('POST', 'runs', call);

    const answers = await Promise.all(Array.from({ length: 20 }, () => platform.call('POST', 'runs', call)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set([first.body.id]));
    expect(answers[0]?.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
  });

  it('422: the same Idempotency-Key with another body; 409 or the same run while the first is in flight', async () => {
    const [one, two] = [await aDocument(), await aDocument()];
    const headers = { 'idempotency-key': 'in-flight' };
    const create = (inputDocumentId: string) =>
      platform.call('POST', 'runs', { json: { inputDocumentId }, headers });

    const answers = await Promise.all(Array.from({ length: 10 }, () => create(one)));

    const made = answers.filter(({ status }) => status === 201);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(await create(two)).toMatchObject({ status: 422, body: { type: 'validation_error' } });
  });

  it('dry run: succeeds with a note, without output and metrics', async () => {
    const { body } = await platform.run(await aDocument(), { dryRun: true });

    expect(body).toMatchObject({
      status: 'succeeded',
      failure_message: 'Dry run',
      exit_code: 0,
      output: { ready: false },
    });
    expect((await platform.call('GET', `runs/${body.id}/metrics`)).status).toBe(404);
    expect(await platform.call('GET', `runs/${body.id}/output/download`)).toMatchObject({
      status: 404,
      body: { detail: 'Run output is unavailable' },
    });
  });

  it('validate: needs no document and has no input', async () => {
    const created = await platform.call('POST', 'runs', { json: { options: { operation: 'validate' } } });
    const { body } = await platform.waitFor(created.body.id);

    expect(body).toMatchObject({
      status: 'succeeded',
      operation: 'validate',
      input: { document_id: null, download_url: null },
    });
    expect(await platform.call('GET', `runs/${body.id}/input`)).toMatchObject({
      status: 404,
      body: { detail: 'Run input is unavailable' },
    });
  });
});

describe('a run of a document', () => {
  it('200: everything that can be read of it', async () => {
    const { body: run } = await platform.run(await aDocument(CSV, 'members.csv'));
    const get = (path: string) => platform.call('GET', `runs/${run.id}/${path}`);

    expect(run).toMatchObject({ status: 'succeeded', exit_code: 0, failure_message: null });
    expect(run.evaluation_outcome).toBe((await get('metrics')).body.evaluation_outcome);
    expect(run.duration_seconds).toBeGreaterThan(0);
    expect(run.output).toMatchObject({
      ready: true,
      has_output: true,
      filename: 'members_normalized.xlsx',
      content_type: XLSX,
      versionNo: 1,
    });
    const { body: output } = await get('output');
    expect(output).toEqual(run.output);

    const download = await get('output/download');
    expect(download.status).toBe(200);
    expect(download.bytes.length).toBe(run.output.size_bytes);
    expect(download.headers.get('content-type')).toBe(XLSX);
    expect(download.headers.get('content-disposition')).toBe(
      'attachment; filename="members_normalized.xlsx"',
    );

    expect((await get('metrics')).body).toMatchObject({
      evaluation_outcome: 'partial',
      row_count_total: 2,
      column_count_mapped: 2,
    });
    expect((await get('fields')).body.map(({ field }: { field: string }) => field)).toEqual([
      'email',
      'first_name',
      'full_name',
      'last_name',
      'middle_name',
    ]);
    expect((await get('columns')).body).toHaveLength(4);
    expect((await get('columns?mapping_status=unmapped')).body).toMatchObject([
      { header_raw: 'Email', unmapped_reason: 'duplicate_field' },
      { header_raw: 'Notes', unmapped_reason: 'no_signal' },
    ]);
    expect((await get('columns?mapped_field=email&tableIndex=0&sheetName=members')).body).toHaveLength(1);

    const { body: input } = await get('input');
    expect(input).toMatchObject({ filename: 'members.csv', size_bytes: CSV.length });
    expect(input).not.toHaveProperty('input_sheet_names');
    expect((await get('input/download')).bytes.toString()).toBe(CSV);
    expect((await get('events/download')).headers.get('content-disposition')).toMatch(
      /filename="members_\d{8}T\d{6}Z\.ndjson"/,
    );
  });

  it('redirect=true answers 307 to a signed URL that gives the same bytes', async () => {
    const { body: run } = await platform.run(await aDocument());

    const redirect = await platform.call('GET', `runs/${run.id}/output/download?redirect=true`);

    expect(redirect.status).toBe(307);
    const signed = await fetch(redirect.headers.get('location') ?? '');
    expect((await signed.arrayBuffer()).byteLength).toBe(run.output.size_bytes);
  });

  it('bad input fails at once and says why', async () => {
    const { body: run } = await platform.run(await aDocument('not a workbook', 'notes.xlsx'));

    expect(run).toMatchObject({
      status: 'failed',
      failure_code: 'unreadable_file',
      failure_stage: 'read',
      failure_message: expect.stringMatching(/\w+ .*\./),
      exit_code: 1,
      output: { ready: false },
    });
    expect(await platform.call('GET', `runs/${run.id}/output/download`)).toMatchObject({
      status: 404,
      body: { detail: 'Run failed and no output is available', errors: [{ code: 'RUN_FAILED_NO_OUTPUT' }] },
    });
    const log = (await platform.call('GET', `runs/${run.id}/events/download`)).bytes
      .toString()
      .trimEnd()
      .split('\n');
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
      event: 'run.complete',
      level: 'error',
      data: { status: 'failed', exit_code: 1 },
    });
  });

  it('a missing sheet fails with its name', async () => {
    const { body: run } = await platform.run(await aDocument(), { inputSheetNames: ['Nope'] });

    expect(run).toMatchObject({
      status: 'failed',
      failure_code: 'sheet_not_found',
      failure_message: expect.stringContaining('Nope'),
    });
  });
});

describe('POST /runs/{runId}/cancel', () => {
  it('200 while it is open, 200 again, 409 once it succeeded', async () => {
    const rows = Array.from({ length: 60_000 }, (_, row) => `Ada ${row},ada${row}@example.com,x,y`).join(
      '\n',
    );
    const documentId = await aDocument(`First Name,Email,A,B\n${rows}\n`);
    const { body: created } = await platform.call('POST', 'runs', { json: { inputDocumentId: documentId } });

    const cancelled = await platform.call('POST', `runs/${created.id}/cancel`);

    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', failure_message: 'Run cancelled by user', exit_code: null },
    });
    expect((await platform.call('POST', `runs/${created.id}/cancel`)).body).toEqual(cancelled.body);
    expect(await platform.call('GET', `runs/${created.id}/output/download`)).toMatchObject({
      status: 404,
      body: {
        detail: 'Run was cancelled and no output is available',
        errors: [{ code: 'RUN_CANCELLED_NO_OUTPUT' }],
      },
    });

    const { body: done } = await platform.run(await aDocument());
    expect(await platform.call('POST', `runs/${done.id}/cancel`)).toMatchObject({
      status: 409,
      body: {
        type: 'conflict',
        title: 'Conflict',
        detail: `Run ${done.id} cannot be cancelled from status succeeded.`,
      },
    });
  });

  it('a run cancelled while its task works stays cancelled and has no output', async () => {
    const rows = Array.from({ length: 150_000 }, (_, row) => `Ada ${row},ada${row}@example.com,x,y`).join(
      '\n',
    );
    const documentId = await aDocument(`First Name,Email,A,B\n${rows}\n`);
    const { body: created } = await platform.call('POST', 'runs', { json: { inputDocumentId: documentId } });
    while ((await platform.call('GET', `runs/${created.id}`)).body.status === 'queued');

    expect((await platform.call('POST', `runs/${created.id}/cancel`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1500));

    const { body } = await platform.call('GET', `runs/${created.id}`);
    expect(body).toMatchObject({ status: 'cancelled', output: { ready: false } });
    expect(body.duration_seconds).toBeGreaterThanOrEqual(0);
  });
});

describe('GET /runs', () => {
  it('200: newest first, in pages that yield each run once while new ones arrive', async () => {
    const { demo } = platform;
    const list = (query: string) =>
      platform.call('GET', `/api/v1/workspaces/${demo.otherWorkspaceId}/runs${query}`, {
        key: demo.otherApiKey,
      });
    const validate = () =>
      platform.call('POST', `/api/v1/workspaces/${demo.otherWorkspaceId}/runs`, {
        key: demo.otherApiKey,
        json: { options: { operation: 'validate' } },
      });
    const ids: string[] = [];
    for (let made = 0; made < 7; made += 1) ids.unshift((await validate()).body.id);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await list(`?limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(body.meta).toMatchObject({ limit: 3, totalIncluded: false, changesCursor: '0' });
      expect(body.meta.hasMore).toBe('nextCursor' in body.meta);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.meta.nextCursor;
      await validate();
    } while (cursor !== undefined);

    expect(seen).toEqual(ids);
    expect((await list('')).body.items[0]).not.toHaveProperty('failure_code'); // lists omit what is null
  });
});

describe('documents', () => {
  it('201, 200: upload, get, list, download', async () => {
    const sample = await readFile(new URL('../../docs/samples/membership-intake.xlsx', import.meta.url));

    const { status, body } = await platform.upload('Intake May.xlsx', sample, {
      metadata: '{"source":"mail"}',
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(UUID),
      workspaceId: platform.demo.workspaceId,
      name: 'Intake May.xlsx',
      byteSize: sample.length,
      currentVersionNo: 1,
      commentCount: 0,
      metadata: { source: 'mail' },
      source: 'uploaded',
      tags: [],
      uploader: { email: 'demo@runplane.example' },
      listRow: { name: 'Intake May.xlsx', fileType: 'xlsx' },
    });
    expect(body).not.toHaveProperty('lastRun');
    expect((await platform.call('GET', `documents/${body.id}`)).body).toEqual(body);
    expect((await platform.call('GET', 'documents?limit=1')).body).toMatchObject({
      items: [{ id: body.id, fileType: 'xlsx' }],
      meta: { limit: 1, hasMore: true, nextCursor: expect.any(String) },
    });
    expect((await platform.call('GET', `documents/${body.id}/download`)).bytes).toEqual(sample);
    expect((await platform.call('GET', `documents/${body.id}/original/download`)).bytes).toEqual(sample);
  });

  it('run_options start a run at once, whose output becomes the newest artifact', async () => {
    const { body } = await platform.upload('run-now.csv', CSV, { run_options: '{}' });
    expect(body.lastRun).toMatchObject({ status: 'queued' });

    const { body: run } = await platform.waitFor(body.lastRun.id);

    const newest = await platform.call('GET', `documents/${body.id}/download`);
    expect(newest.headers.get('content-disposition')).toBe('attachment; filename="run-now_normalized.xlsx"');
    expect(newest.bytes.length).toBe(run.output.size_bytes);
    expect((await platform.call('GET', `documents/${body.id}`)).body.lastRun).toMatchObject({
      id: run.id,
      status: 'succeeded',
    });
  });

  it('conflict modes: reject, keep both, new version', async () => {
    const { body: first } = await platform.upload('Note.txt', 'one');

    expect(await platform.upload('  note.TXT', 'two')).toMatchObject({
      status: 409,
      body: { detail: `Document name 'note.TXT' is already in use (document '${first.id}').` },
    });
    expect((await platform.upload('Note.txt', 'two', { conflictMode: 'keep_both' })).body.name).toBe(
      'Note (2).txt',
    );
    expect(
      (await platform.upload('Note.txt', 'three', { conflictMode: 'upload_new_version' })).body,
    ).toMatchObject({
      id: first.id,
      currentVersionNo: 2,
      byteSize: 5,
    });
    expect((await platform.call('GET', `documents/${first.id}/original/download`)).bytes.toString()).toBe(
      'one',
    );
  });

  it('204: a deleted document is gone, its name is free, its run stays', async () => {
    const documentId = await aDocument(CSV, 'gone.csv');
    const { body: run } = await platform.run(documentId);

    expect((await platform.call('DELETE', `documents/${documentId}`)).status).toBe(204);

    expect(await platform.call('GET', `documents/${documentId}`)).toMatchObject({
      status: 404,
      body: { detail: `Document '${documentId}' not found` },
    });
    expect((await platform.upload('gone.csv', CSV)).status).toBe(201);
    expect((await platform.call('GET', `runs/${run.id}`)).body.input).toMatchObject({
      document_id: null,
      filename: null,
      fileVersionId: run.input.fileVersionId,
      download_url: run.input.download_url,
    });
    expect(await platform.call('GET', `runs/${run.id}/input/download`)).toMatchObject({
      status: 404,
      body: { detail: `Document ${documentId} not found` },
    });
  });

  it('the presigned way: a form, the file posted to it, a document', async () => {
    const { status, body: ticket } = await platform.call('POST', 'documents/uploads', {
      json: { name: 'large.csv', contentType: 'text/csv' },
    });
    expect(status).toBe(201);
    expect(await platform.call('POST', ticket.completeUrl, { json: {} })).toMatchObject({ status: 409 });

    const form = new FormData();
    for (const [name, value] of Object.entries<string>(ticket.fields)) form.set(name, value);
    form.set('file', new Blob([CSV]), 'large.csv');
    expect((await fetch(ticket.url, { method: 'POST', body: form })).status).toBe(204);

    const completed = await platform.call('POST', ticket.completeUrl, { json: {} });
    expect(completed).toMatchObject({
      status: 201,
      body: { name: 'large.csv', byteSize: CSV.length, contentType: 'text/csv' },
    });
    expect((await platform.run(completed.body.id)).body.status).toBe('succeeded');
  });
});

describe('GET /health', () => {
  it('200 without a key', async () => {
    expect(await platform.call('GET', '/health', { key: null })).toMatchObject({
      status: 200,
      body: { status: 'OK' },
    });
  });
});
