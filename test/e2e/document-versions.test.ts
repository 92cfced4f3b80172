import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const ONE = 'Email\none@example.com\n';
const TWO = 'Email\ntwo@example.com\n';

function addVersion(id: string, content: string, name = 'v2.csv', fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([content]), name);
  return platform.call('POST', `documents/${id}/versions`, { body: form });
}
const aDocument = async (name: string) => (await platform.upload(name, ONE)).body.id as string;
const content = async (path: string) => (await platform.call('GET', path)).body;

describe('POST /documents/{documentId}/versions', () => {
  it('201: the document’s next version, under the name it has', async () => {
    const id = await aDocument('one.csv');

    const { status, body } = await addVersion(id, TWO, 'other.csv', { metadata: '{"by":"hand"}' });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      id,
      name: 'one.csv',
      currentVersionNo: 2,
      byteSize: TWO.length,
      metadata: { by: 'hand' },
    });
    expect(await content(`documents/${id}/download`)).toBe(TWO);
    expect(await content(`documents/${id}/original/download`)).toBe(ONE);
    expect((await addVersion(id, ONE)).body).toMatchObject({
      currentVersionNo: 3,
      metadata: { by: 'hand' },
    });
  });

  it('runs use the version that was current when they were created', async () => {
    const id = await aDocument('runs.csv');
    const { body: first } = await platform.run(id);
    await addVersion(id, TWO);
    const { body: second } = await platform.run(id);

    expect([first.input.versionNo, second.input.versionNo]).toEqual([1, 2]);
    expect(await content(`runs/${first.id}/input/download`)).toBe(ONE);
    expect(await content(`runs/${second.id}/input/download`)).toBe(TWO);
    const { body: document } = await platform.call('GET', `documents/${id}`);
    expect(document.lastRun).toMatchObject({ id: second.id, status: 'succeeded' });
    expect(document.listRow.lastRun.id).toBe(second.id);
  });

  it('201 with a run, when its sender asks for one', async () => {
    const id = await aDocument('asked.csv');
    const { body } = await addVersion(id, TWO, 'v2.csv', { run_options: '{}' });

    expect(body.lastRun).toMatchObject({ status: 'queued' });
    expect((await platform.waitFor(body.lastRun.id)).body.input.versionNo).toBe(2);
  });

  it('numbers versions that come at once without a gap', async () => {
    const id = await aDocument('busy.csv');
    const texts = Array.from({ length: 6 }, (_, no) => `Email\n${no}@example.com\n`);
    const answers = await Promise.all(texts.map((text) => addVersion(id, text)));

    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 201));
    expect((await platform.call('GET', `documents/${id}`)).body.currentVersionNo).toBe(7);
    const stored = await Promise.all(
      texts.map((_, index) => content(`documents/${id}/versions/${index + 2}/download`)),
    );
    expect(stored.sort()).toEqual(texts);
  });

  it('400, 404, 413, 422', async () => {
    const id = await aDocument('refused.csv');
    expect((await addVersion(id, TWO, 'v.csv', { metadata: '[]' })).status).toBe(400);
    expect((await addVersion(UNKNOWN, TWO)).status).toBe(404);
    expect((await addVersion(id, 'x'.repeat(26_214_401))).status).toBe(413);
    expect(await platform.call('POST', `documents/${id}/versions`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'file', code: 'missing' }] },
    });
    expect((await platform.call('GET', `documents/${id}`)).body.currentVersionNo).toBe(1);
  });
});

describe('GET /documents/{documentId}/versions/{versionNo}/download', () => {
  it('200: the version as it was uploaded, under its own name', async () => {
    const id = await aDocument('first.csv');
    await addVersion(id, TWO, 'second.csv');

    expect(await content(`documents/${id}/versions/1/download`)).toBe(ONE);
    const second = await platform.call('GET', `documents/${id}/versions/2/download`);
    expect(second.body).toBe(TWO);
    expect(second.headers.get('content-disposition')).toBe('attachment; filename="second.csv"');
    const redirect = await platform.call('GET', `documents/${id}/versions/2/download?redirect=true`);
    expect(redirect.status).toBe(307);
    expect(await (await fetch(redirect.headers.get('location') ?? '')).text()).toBe(TWO);
  });

  it('404: a version that is not there; 422: what is no number', async () => {
    const id = await aDocument('numbers.csv');
    expect(await platform.call('GET', `documents/${id}/versions/2/download`)).toMatchObject({
      status: 404,
      body: { detail: `Document '${id}' has no version 2` },
    });
    for (const [no, code] of [
      ['0', 'greater_than_equal'],
      ['x', 'int_parsing'],
    ]) {
      expect(await platform.call('GET', `documents/${id}/versions/${no}/download`)).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'versionNo', code }] },
      });
    }
  });
});

describe('DELETE /documents/{documentId}', () => {
  it('204: the document and its versions are gone, its runs stay without their input', async () => {
    const id = await aDocument('deleted.csv');
    const { body: run } = await platform.run(id);

    expect((await platform.call('DELETE', `documents/${id}`)).status).toBe(204);

    expect((await platform.call('DELETE', `documents/${id}`)).status).toBe(404);
    expect((await platform.call('GET', `documents/${id}/versions/1/download`)).status).toBe(404);
    expect((await addVersion(id, TWO)).status).toBe(404);
    const { body: after } = await platform.call('GET', `runs/${run.id}`);
    expect(after.input).toMatchObject({ document_id: null, versionNo: null, filename: null });
    expect(after.input.fileVersionId).toBe(run.input.fileVersionId);
    expect((await platform.call('GET', `runs/${run.id}/output/download`)).status).toBe(200);
    expect((await platform.upload('deleted.csv', TWO)).status).toBe(201);
  });
});

describe('conflictMode', () => {
  it('reject, upload_new_version and keep_both', async () => {
    const id = await aDocument('Note.csv');
    const again = (conflictMode: string) => platform.upload(' note.csv', TWO, { conflictMode });

    expect(await again('reject')).toMatchObject({
      status: 409,
      body: { detail: `Document name 'note.csv' is already in use (document '${id}').` },
    });
    expect((await again('upload_new_version')).body).toMatchObject({ id, currentVersionNo: 2 });
    expect((await again('keep_both')).body).toMatchObject({ name: 'note (2).csv', currentVersionNo: 1 });
  });
});
