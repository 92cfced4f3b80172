import { describe, expect, it } from 'vitest';
import { SpreadsheetFailure } from '../../lib/spreadsheets/index.ts';
import { odsBytes, row, table, text } from './ods/ods-file.ts';
import { configurationOf, processed } from './support/process.ts';
import { sheetData, workbookBytes, workbookParts } from './support/workbook.ts';
import { workedMs } from './support/worked-ms.ts';
import { claimingEntries, type ZipPart, zip } from './support/zip.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
const ROWS = sheetData([
  ['First Name', 'Email'],
  ['Ann', 'ann@x.com'],
]);

const odsRow = (...texts: string[]): string => row(texts.map((value) => text(value)).join(''));
const ODS_TABLE = table(odsRow('First Name', 'Email') + odsRow('Ann', 'ann@x.com'));

const honest = (): Buffer => workbookBytes({ sheets: [ROWS] });

const withSheet = (lie: Partial<ZipPart>, sheet = ROWS): Buffer =>
  workbookBytes({ sheets: [sheet], change: (part) => (part.name === SHEET ? { ...part, ...lie } : part) });

// A compound file that names streams as an encrypted workbook does.
function compound(...streams: string[]): Buffer {
  const magic = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  return Buffer.concat([magic, Buffer.alloc(1016), ...streams.map((name) => Buffer.from(name, 'utf16le'))]);
}

const LARGE = 60_000_000;

const CASES: [what: string, name: string, bytes: () => Buffer, code: string, message: RegExp][] = [
  [
    'a bomb that says what it is',
    'a.xlsx',
    () => withSheet({ declaredSize: 5_400_000_000 % 2 ** 32 }),
    'too_large',
    /unpack/,
  ],
  ['a ratio no honest file has', 'a.xlsx', () => withSheet({ declaredSize: LARGE }), 'too_large', /unpack/],
  [
    'content larger than declared',
    'a.xlsx',
    () => withSheet({ declaredSize: 50 }),
    'unreadable_file',
    /larger than it declares/,
  ],
  [
    'content smaller than declared',
    'a.xlsx',
    () => withSheet({ declaredSize: 9_999 }),
    'unreadable_file',
    /cannot be unpacked/,
  ],
  [
    'headers that contradict each other',
    'a.xlsx',
    () => withSheet({ local: { size: 12 } }),
    'unreadable_file',
    /contradict/,
  ],
  [
    'an entry with two names',
    'a.xlsx',
    () => withSheet({ local: { name: SHEET.replace('1', '2') } }),
    'unreadable_file',
    /contradict/,
  ],
  ['an encrypted entry', 'a.xlsx', () => withSheet({ encrypted: true }), 'unreadable_file', /password/],
  ['too many entries', 'a.xlsx', () => claimingEntries(honest(), 70_000), 'too_large', /70000/],
  [
    'a name twice',
    'a.xlsx',
    () => zip([...workbookParts({ sheets: [ROWS] }), { name: SHEET, content: '' }]),
    'unreadable_file',
    /twice/,
  ],
  ['a truncated zip file', 'a.xlsx', () => honest().subarray(0, 900), 'unreadable_file', /damaged/],
  [
    'a zip file cut in its directory',
    'a.xlsx',
    () => Buffer.concat([honest().subarray(0, 700), honest().subarray(-22)]),
    'unreadable_file',
    /damaged/,
  ],
  [
    'a zip file without a workbook',
    'a.xlsx',
    () => zip([{ name: 'a.txt', content: 'a' }]),
    'unreadable_file',
    /no workbook/,
  ],
  [
    'a missing worksheet',
    'a.xlsx',
    () => zip(workbookParts({ sheets: [ROWS] }).filter(({ name }) => name !== SHEET)),
    'unreadable_file',
    /Sheet1 is missing/,
  ],
  [
    'broken XML',
    'a.xlsx',
    () => withSheet({}, '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t>'),
    'unreadable_file',
    /not well formed/,
  ],
  [
    'a text that is not there',
    'a.xlsx',
    () => withSheet({}, '<row><c t="s"><v>7</v></c></row>'),
    'unreadable_file',
    /text that is not there/,
  ],
  [
    'a row beyond the last',
    'a.xlsx',
    () => withSheet({}, '<row r="1048577"><c><v>1</v></c></row>'),
    'too_large',
    /rows/,
  ],
  [
    'a column beyond the last',
    'a.xlsx',
    () => withSheet({}, '<row r="1"><c r="XFE1"><v>1</v></c></row>'),
    'too_large',
    /columns/,
  ],
  [
    'an encrypted workbook',
    'a.xlsx',
    () => compound('EncryptionInfo', 'EncryptedPackage'),
    'unreadable_file',
    /password/,
  ],
  [
    'a compound file of something else',
    'a.xls',
    () => compound('WordDocument'),
    'unreadable_file',
    /no workbook/,
  ],
  ['text named .xlsx', 'a.xlsx', () => Buffer.from('First Name,Email\n'), 'unreadable_file', /named \.xlsx/],
  ['an empty file', 'a.xlsx', () => Buffer.alloc(0), 'unreadable_file', /empty/],
  ['a workbook named .csv', 'a.csv', honest, 'unreadable_file', /is a workbook/],
  ['a PDF', 'a.pdf', () => Buffer.from('%PDF-1.7'), 'unsupported_format', /\.pdf/],
  ['a picture', 'a.PNG', () => Buffer.from([0x89, 0x50]), 'unsupported_format', /\.png/],
  ['a text document', 'a.docx', honest, 'unsupported_format', /\.docx/],
  ['a name without extension', 'workbook', honest, 'unsupported_format', /without an extension/],
];

// The same refusal must not take long: nothing may be inflated or built first.
const AT_MOST_MS = 500;

describe('hostile and broken files', () => {
  it.each(CASES)('%s', async (_, name, bytes, code, message) => {
    const file = bytes();
    const start = workedMs();

    const refusal = processed(name, file);

    await expect(refusal).rejects.toBeInstanceOf(SpreadsheetFailure);
    await expect(refusal).rejects.toMatchObject({
      code,
      stage: 'read',
      message: expect.stringMatching(message),
    });
    expect(workedMs() - start).toBeLessThan(AT_MOST_MS);
  });

  it('refuses entries that share their bytes', async () => {
    const parts = workbookParts({ sheets: [ROWS] });
    const file = zip([...parts, { name: 'copy', content: 'x' }]);
    // The last central header is made to point at an entry in the middle.
    const directory = file.readUInt32LE(file.byteLength - 6);
    const last = file.byteLength - 22 - 46 - 'copy'.length;
    const first = file.subarray(directory, directory + 46 + '_rels/.rels'.length);
    const overlapping = Buffer.concat([file.subarray(0, last), first, file.subarray(-22)]);

    await expect(processed('a.xlsx', overlapping)).rejects.toMatchObject({ code: 'unreadable_file' });
  });

  it('refuses more cells than fit, however small the file', async () => {
    const rows = '<row><c r="XFD1"><v>1</v></c></row>'.repeat(3_000);

    await expect(processed('a.xlsx', workbookBytes({ sheets: [rows] }))).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('refuses more text than fits: one long shared string in very many cells', async () => {
    const strings = `<si><t>${'x'.repeat(30_000)}</t></si>`;
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(16_000)}</row>`.repeat(2);

    const refusal = processed('a.xlsx', workbookBytes({ sheets: [rows], strings }));

    await expect(refusal).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('text'),
    });
  });

  it('reads a sheet with a single cell in its last corner at once', async () => {
    const corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>';
    const start = workedMs();

    const { metrics, report } = await processed('a.xlsx', workbookBytes({ sheets: [corner] }));

    expect(metrics).toMatchObject({ table_count: 0, evaluation_outcome: 'failure' });
    expect(report.workbooks[0]?.sheets[0]?.scan).toEqual({
      rows_emitted: 999,
      stopped_early: true,
      truncated_rows: 1_048_576 - 999,
    });
    expect(workedMs() - start).toBeLessThan(AT_MOST_MS);
  });

  const LONG = 400_000;
  const changed = (name: string, mark: string, added: string): Buffer =>
    workbookBytes({
      sheets: [ROWS],
      styles: '<cellXfs><xf/></cellXfs>',
      change: (part) =>
        part.name === name
          ? { ...part, content: String(part.content).replace(mark, () => `${mark}${added}`) }
          : part,
    });

  it.each<[what: string, name: string, bytes: () => Buffer]>([
    ['blanks in a tag', 'a.xlsx', () => changed('xl/workbook.xml', '<sheet ', `${' '.repeat(LONG)}x `)],
    ['a tag', 'a.xlsx', () => changed('xl/styles.xml', '<cellXfs>', `<xf ${'x'.repeat(30 * LONG)}/>`)],
    ['tags without an end', 'a.xlsx', () => changed(SHEET, '</sheetData>', '<mergeCell a="'.repeat(LONG))],
    [
      'views without an end',
      'a.xlsx',
      () => changed(SHEET, '</sheetData>', '<customSheetViews>'.repeat(LONG)),
    ],
    [
      'ends of views',
      'a.xlsx',
      () => changed(SHEET, '</sheetData>', `<customSheetViews>${'</'.repeat(LONG)}`),
    ],
    [
      'names of the active sheet',
      'a.ods',
      () => odsBytes({ body: ODS_TABLE, active: 'config:name="ActiveTable"'.repeat(LONG) }),
    ],
  ])('reads %s in proportion to the length', async (_, name, bytes) => {
    const start = workedMs();

    await processed(name, bytes());

    expect(workedMs() - start).toBeLessThan(AT_MOST_MS);
  });

  it('refuses a header in every other row for ever', async () => {
    const csv = `Email,First Name\n${'a1,2\nEmail,First Name\n'.repeat(6_000)}`;

    await expect(processed('a.csv', csv)).rejects.toMatchObject({ code: 'too_large', stage: 'detect' });
  });

  it.each([
    ['validate', { validators: Array(50).fill({ pattern: '(a?){200}$b' }) }],
    ['transform', { transforms: Array(50).fill({ replace: { pattern: '(c?){200}$b', with: '' } }) }],
    ['map', { valuePatterns: Array(50).fill({ pattern: 'b(a?){200}', score: 1 }) }],
  ])('refuses patterns that would take too long on its cells, which %s', async (stage, rules) => {
    const configuration = configurationOf([{ name: 'email', headerTokenSets: [['email']], ...rules }]);
    const start = workedMs();
    const csv = `Email,First Name\n${`${'a'.repeat(30_000)},x\n`.repeat(20)}`;

    await expect(processed('a.csv', csv, { configuration })).rejects.toMatchObject({
      code: 'too_large',
      stage,
      message: expect.stringMatching(/fewer or shorter patterns/),
    });
    expect(workedMs() - start).toBeLessThan(AT_MOST_MS);
  });

  it('writes a wide table of short rows as fast as its cells', async () => {
    const wide = '<row><c r="XFD1" t="inlineStr"><is><t>Email</t></is></c></row>';
    const start = workedMs();

    const { metrics } = await processed(
      'a.xlsx',
      workbookBytes({ sheets: [wide + '<row><c><v>1</v></c></row>'.repeat(50_000)] }),
    );

    expect(metrics).toMatchObject({ row_count_total: 50_000, column_count_total: 16_384 });
    expect(workedMs() - start).toBeLessThan(10_000);
  });

  it('expands no entities', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet xmlns="x"><sheetData>${sheetData([['Email'], ['&b;']])}</sheetData></worksheet>`;

    const { output } = await processed('a.xlsx', workbookBytes({ sheets: [bomb] }));

    expect(output[0]?.rows[1]).toEqual(['&b;', null]);
  });
});
