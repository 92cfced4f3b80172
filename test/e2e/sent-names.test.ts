import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf, SENT_NAMES } from '../support/file-names.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const CONTENT = 'Email\na@example.com\n';
const WORKBOOK = new URL('../golden/cases/S01_clean_roster_alias_headers.xlsx', import.meta.url);
const post = (path: string, header: string, content: Uint8Array | string, fields = {}) =>
  platform.call('POST', path, formOf(header, content, fields));
const nameIn = (disposition: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(disposition ?? '')?.[1] ?? '') ||
  (/filename="(.*)"$/.exec(disposition ?? '')?.[1] ?? '');

describe('a file under its name, as clients send it', () => {
  it.each(SENT_NAMES)('%s is stored as %s', async (header, name) => {
    const { status, body } = await post('documents', header, CONTENT, { conflictMode: 'keep_both' });
    const download = await platform.call('GET', `documents/${body.id}/download`);

    expect({ status, name: body.name, type: body.listRow.fileType }).toEqual({
      ...{ status: 201, name },
      type: name.endsWith('.csv') ? 'csv' : 'unknown',
    });
    expect(nameIn(download.headers.get('content-disposition'))).toBe(name);
    expect(String(download.body)).toBe(CONTENT);
  });

  it('is cut between characters, not in the middle of one', async () => {
    const header = ` form-data; name="file"; filename="${'a'.repeat(254)}\u{1f600}.csv"`;
    const { body } = await post('documents', header, CONTENT);
    const download = await platform.call('GET', `documents/${body.id}/download`);

    expect(body.name).toBe('a'.repeat(254));
    expect(nameIn(download.headers.get('content-disposition'))).toBe(body.name);
  });

  it('is worked on: .NET’s workbook is one', async () => {
    const header = ` form-data; name="file"; filename="=?utf-8?B?csOpc3Vtw6kueGxzeA==?="; filename*=utf-8''r%C3%A9sum%C3%A9.xlsx`;
    const { body: document } = await post('documents', header, await readFile(WORKBOOK));

    const { body: run } = await platform.run(document.id);

    expect([document.name, run.status]).toEqual(['résumé.xlsx', 'succeeded']);
  });

  it('is the same in versions and outputs', async () => {
    const { body: document } = await platform.upload('names.csv', CONTENT);
    const { body: run } = await platform.run(document.id);
    for (const [header, name] of SENT_NAMES) {
      const version = await post(`documents/${document.id}/versions`, header, CONTENT);
      const output = await post(`runs/${run.id}/output`, header, CONTENT);
      const download = await platform.call('GET', `runs/${run.id}/output/download`);

      expect([version.status, output.status], header).toEqual([201, 201]);
      expect(nameIn(download.headers.get('content-disposition')), header).toBe(name);
    }
  });
});
