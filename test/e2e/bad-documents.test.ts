import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetData, workbookBytes } from '../spreadsheets/support/workbook.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const ROWS = sheetData([
  ['First Name', 'Email'],
  ['Ann', 'ann@x.com'],
]);
const SHEET = 'xl/worksheets/sheet1.xml';
const declaring = (declaredSize: number): Buffer =>
  workbookBytes({
    sheets: [ROWS],
    change: (part) => (part.name === SHEET ? { ...part, declaredSize } : part),
  });
const honest = (name: string): Buffer => readFileSync(new URL(`../golden/cases/${name}`, import.meta.url));

/** A compound file that names its streams as an encrypted workbook does. */
const encrypted = Buffer.concat([
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  Buffer.alloc(1016),
  ...['EncryptionInfo', 'EncryptedPackage'].map((name) => Buffer.from(name, 'utf16le')),
]);

const REFUSED: [what: string, name: string, content: Buffer, code: string][] = [
  ['an empty file', 'empty.xlsx', Buffer.alloc(0), 'unreadable_file'],
  ['a text file named .xlsx', 'text.xlsx', Buffer.from('First Name,Email\nAda,a@b.c\n'), 'unreadable_file'],
  [
    'a truncated zip',
    'cut.xlsx',
    honest('S01_clean_roster_alias_headers.xlsx').subarray(0, 6000),
    'unreadable_file',
  ],
  ['an encrypted workbook', 'secret.xlsx', encrypted, 'unreadable_file'],
  ['a zip bomb', 'bomb.xlsx', declaring(4_000_000_000), 'too_large'],
  ['a size declared too large', 'false.xlsx', declaring(9_999), 'unreadable_file'],
  ['a size declared too small', 'small.xlsx', declaring(50), 'unreadable_file'],
  ['no spreadsheet at all', 'paper.pdf', Buffer.from('%PDF-1.7\n'), 'unsupported_format'],
];

describe('documents that cannot be read', () => {
  it.each(REFUSED)(
    '%s fails at once, with a code, a stage and a sentence',
    async (_what, name, content, code) => {
      const { body: document } = await platform.upload(name, content);

      const { body: run } = await platform.run(document.id);

      expect(run).toMatchObject({
        status: 'failed',
        failure_code: code,
        failure_stage: 'read',
        failure_message: expect.stringMatching(/^[A-Z].*\.$/s),
        exit_code: 1,
      });
      expect(run.failure_message).not.toMatch(/node:|\.ts\b|Error:/); // nothing of the inside
      expect((await platform.call('GET', `runs/${run.id}/metrics`)).status).toBe(404);
    },
  );
});

describe('documents that look bad and are not', () => {
  it('one cell at XFD1048576 and 10,000 empty rows end in time', async () => {
    const far = workbookBytes({
      sheets: ['<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'],
    });
    const empty = `First Name,Email\nAda,a@b.c\n${'\n'.repeat(10_000)}Bob,b@b.c\n`;

    const runs = await Promise.all(
      [
        ['far.xlsx', far],
        ['empty-rows.csv', Buffer.from(empty)],
      ].map(async ([name, content]) => {
        const { body } = await platform.upload(String(name), content as Buffer);
        return platform.run(body.id);
      }),
    );

    expect(runs.map(({ body }) => body.status)).toEqual(['succeeded', 'succeeded']);
    const log = (await platform.call('GET', `runs/${runs[1]?.body.id}/events/download`)).bytes.toString();
    expect(log).toContain('engine.log'); // the scan stopped at the thousandth empty row, and says so
  });

  it('formulas and error cells keep their cached values', async () => {
    const { body } = await platform.upload('formulas.xlsx', honest('E31_formula_error_merged.xlsx'));

    expect((await platform.run(body.id)).body.status).toBe('succeeded');
  });
});
