import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionKey } from '../../lib/apis/records/version-key.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let documentId: string;
let runId: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  documentId = (await platform.upload('one.csv', 'Email\nada@example.com\n')).body.id;
  runId = (await platform.run(documentId)).body.id;
});
afterAll(() => platform.close());

/** Types that no header can have. A form has headers of its own, so the first three never come as a part's. */
const IN_JSON = ['text/html\r\nX-Evil: 1', 'a\rb', 'a\nb', 'a\u0000b', 'a\tb', 'a\u007fb'];
const ANYWHERE = ['text/csv€', 'text/é', `text/${'x'.repeat(5000)}`, `text/${'x'.repeat(251)}`];
const REFUSED = { status: 422, body: { errors: [{ message: expect.stringMatching(/printable ASCII/) }] } };

/** A form as bytes, for a client's own library would not send such a header. */
function send(path: string, type: string): Promise<Answer> {
  const lines = [
    '--edge',
    `Content-Disposition: form-data; name="file"; filename="${randomUUID()}.csv"`,
    `Content-Type: ${type}`,
    '',
    'Email\nbob@example.com\n',
    '--edge--',
    '',
  ];
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' };
  return platform.call('POST', path, { body: Buffer.from(lines.join('\r\n')), headers });
}

const formsOf = () => ['documents', `documents/${documentId}/versions`, `runs/${runId}/output`];
const everyDocument = async () => (await platform.call('GET', 'documents?limit=200')).body.items.length;

describe('a content type that cannot be a header', () => {
  it.each([...IN_JSON, ...ANYWHERE])('422: %j for the form of an upload', async (contentType) => {
    for (const json of [{ contentType }, { content_type: contentType }]) {
      const answer = await platform.call('POST', 'documents/uploads', { json: { name: 'a.csv', ...json } });
      expect(answer).toMatchObject(REFUSED);
    }
  });

  it.each(ANYWHERE)('422: %j as a header of a part, and nothing is stored', async (type) => {
    const before = await everyDocument();

    for (const path of formsOf()) expect(await send(path, type)).toMatchObject(REFUSED);

    expect(await everyDocument()).toBe(before);
    expect((await platform.call('GET', `documents/${documentId}`)).body.currentVersionNo).toBe(1);
  });

  it('422: a charset that cannot be in a header either, and one that can goes out with the download', async () => {
    expect(await send('documents', 'text/csv; charset="€"')).toMatchObject(REFUSED);

    const { body } = await send('documents', 'text/csv; charset=ISO-8859-1');
    expect(body.contentType).toBe('text/csv; charset=ISO-8859-1');
    const { headers } = await platform.call('GET', `documents/${body.id}/download`);
    expect(headers.get('content-type')).toBe('text/csv; charset=ISO-8859-1');
  });

  it('never makes a download fail, whatever the header of its part was', async () => {
    const types = [...IN_JSON, 'text/csv; charset="€"', '\u0000', ' ', '; charset=utf-8', 'text', '€'];
    for (const type of types) {
      const { status, body } = await send('documents', type);
      expect([201, 400, 422]).toContain(status);
      if (status !== 201) continue;
      for (const query of ['', '?redirect=true']) {
        const download = await platform.call('GET', `documents/${body.id}/download${query}`);
        expect(download.status).toBe(query === '' ? 200 : 307);
      }
    }
  });

  it('that was stored before is downloaded as bytes of no type', async () => {
    const { workspaceId } = platform.demo;
    const { body } = await platform.upload('old.csv', 'Email\n');
    const { documents, documentVersions } = platform.platform;
    const record = await documents.get(workspaceId, body.id);
    const version = await documentVersions.get(workspaceId, versionKey(body.id, 1));
    if (record === undefined || version === undefined) throw new Error('The document is not there');
    const contentType = 'text/html\r\nX-Evil: 1';
    const current = { ...record.current, contentType };
    await documents.replace(workspaceId, { ...record, version: record.version + 1, current });
    await documentVersions.replace(workspaceId, { ...version, version: version.version + 1, contentType });

    for (const path of ['download', 'original/download', 'versions/1/download']) {
      const download = await platform.call('GET', `documents/${body.id}/${path}`);
      expect([download.status, download.bytes.toString()]).toEqual([200, 'Email\n']);
      expect(download.headers.get('content-type')).toBe('application/octet-stream');
      const redirect = await platform.call('GET', `documents/${body.id}/${path}?redirect=true`);
      expect((await fetch(redirect.headers.get('location') ?? '')).status).toBe(200);
    }
  });
});
