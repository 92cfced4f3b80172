import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../lib/spreadsheets/cells.ts';
import { cellText } from '../../lib/spreadsheets/preview/cell-text.ts';
import {
  csvSource,
  type FirstRowsWanted,
  type PreviewSource,
  SpreadsheetFailure,
  sheetPreview,
  workbookSource,
} from '../../lib/spreadsheets/preview/index.ts';
import { MAX_PREVIEW_BYTES } from '../../lib/spreadsheets/preview/sheet-preview.ts';
import { processed, rowsOf } from './support/process.ts';
import { sheetData, workbookBytes, workbookParts } from './support/workbook.ts';
import { zip } from './support/zip.ts';

const ALL: FirstRowsWanted = { maxRows: 10_000, maxColumns: 10_000 };

const first = async (source: PreviewSource | Promise<PreviewSource>, wanted: Partial<FirstRowsWanted> = {}) =>
  (await source).first(0, { ...ALL, ...wanted });

const sheetOf = (data: string, more = {}) => workbookSource(workbookBytes({ sheets: [data], ...more }));

describe('the text of a cell', () => {
  const DAY = Date.UTC(2014, 0, 17);
  it.each<[CellValue, string]>([
    [null, ''],
    ['', ''],
    [' as it is\n', ' as it is\n'],
    [true, 'true'],
    [false, 'false'],
    [1, '1'],
    [1.0, '1'],
    [-0, '0'],
    [1.5, '1.5'],
    [0.1, '0.1'],
    [123456789012345, '123456789012345'],
    [1e16, '1e+16'],
    [1.5e22, '1.5e+22'],
    [1e300, '1e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-1.5e-7, '-1.5e-07'],
    [{ kind: 'datetime', ms: DAY }, '2014-01-17T00:00:00'],
    [{ kind: 'date', ms: DAY }, '2014-01-17T00:00:00'],
    [{ kind: 'datetime', ms: DAY + 3_723_004 }, '2014-01-17T01:02:03.004000'],
    [{ kind: 'datetime', ms: -1000 }, '1969-12-31T23:59:59'],
    [{ kind: 'time', ms: 18_367_000 }, '05:06:07'],
    [{ kind: 'duration', ms: 3_723_000 }, '1:02:03'],
    [{ kind: 'duration', ms: 93_784_000 }, '1 day, 2:03:04'],
    [{ kind: 'duration', ms: 3 * 86_400_000 }, '3 days, 0:00:00'],
    [{ kind: 'duration', ms: -3_600_000 }, '-1 day, 23:00:00'],
  ])('%j is %j', (value, text) => {
    expect(cellText(value)).toBe(text);
  });
});

describe('the window of a preview', () => {
  const sheet = { rows: [['a', '', 'c'], [], ['', '', ' '], ['x']], totalRows: 4, totalColumns: 3 };
  const wide = { maxRows: 10, maxColumns: 10 };

  it('pads rows to the columns shown', () => {
    expect(sheetPreview(sheet, wide)).toEqual({
      rows: [
        ['a', '', 'c'],
        ['', '', ''],
        ['', '', ' '],
        ['x', '', ''],
      ],
      totalRows: 4,
      totalColumns: 3,
      truncatedRows: false,
      truncatedColumns: false,
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [],
    });
  });

  it('says what was cut, and changes no total', () => {
    expect(sheetPreview(sheet, { maxRows: 1, maxColumns: 2 })).toEqual({
      rows: [['a', '']],
      totalRows: 4,
      totalColumns: 3,
      truncatedRows: true,
      truncatedColumns: true,
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [],
    });
    const exactly = sheetPreview(sheet, { maxRows: 4, maxColumns: 3 });
    expect(exactly).toMatchObject({ truncatedRows: false, truncatedColumns: false });
  });

  it('trims inside the window, rows first, then columns', () => {
    const trim = { trimEmptyRows: true, trimEmptyColumns: true };
    expect(sheetPreview(sheet, { ...wide, ...trim }).rows).toEqual([
      ['a', 'c'],
      ['x', ''],
    ]);
    expect(sheetPreview(sheet, { ...wide, trimEmptyRows: true }).rows).toHaveLength(2);
    expect(sheetPreview(sheet, { ...wide, trimEmptyColumns: true }).rows).toHaveLength(4);
    const narrow = sheetPreview(sheet, { maxRows: 3, maxColumns: 2, ...trim });
    expect(narrow).toMatchObject({ rows: [['a']], totalRows: 4, totalColumns: 3, truncatedRows: true });
  });

  it('has no rows for an empty sheet', () => {
    expect(sheetPreview({ rows: [], totalRows: 0, totalColumns: 0 }, wide)).toEqual({
      rows: [],
      totalRows: 0,
      totalColumns: 0,
      truncatedRows: false,
      truncatedColumns: false,
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [],
    });
  });

  it('leaves out rows that do not fit into an answer, and says so', () => {
    const row = ['é'.repeat(50_000)];
    const large = { rows: Array.from({ length: 100 }, () => row), totalRows: 100, totalColumns: 1 };
    const shown = sheetPreview(large, wide);
    const all = sheetPreview(large, { maxRows: 100, maxColumns: 1 });

    expect(shown).toMatchObject({ totalRows: 100, truncatedRows: true });
    expect(all.truncatedRows).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(all.rows))).toBeLessThanOrEqual(MAX_PREVIEW_BYTES);
    const never = { rows: [['x'.repeat(MAX_PREVIEW_BYTES)]], totalRows: 1, totalColumns: 1 };
    expect(() => sheetPreview(never, wide)).toThrow(SpreadsheetFailure);
  });
});

describe('the first rows of a workbook', () => {
  it('lists its sheets, hidden ones included, and which is active', async () => {
    const bytes = workbookBytes({ sheets: ['', '', ''], states: ['', 'state="hidden"', ''], activeTab: 2 });

    expect((await workbookSource(bytes)).sheets).toEqual([
      { name: 'Sheet1', isActive: false },
      { name: 'Sheet2', isActive: false },
      { name: 'Sheet3', isActive: true },
    ]);
  });

  it('fills gaps, and ends at the last value whatever comes after it or is claimed', async () => {
    const cells =
      '<row r="2"><c r="B2"><v>1</v></c><c r="D2" s="1"/></row><row r="4"><c r="C4" t="b"><v>1</v></c></row>' +
      '<row r="5"/><row r="6"><c r="H6"><v></v></c></row><row r="900" ht="15"></row>';
    const part = `<?xml version="1.0"?><worksheet><dimension ref="A1:XFD1048576"/><sheetData>${cells}</sheetData></worksheet>`;

    expect(await first(sheetOf(part))).toEqual({
      rows: [[], ['', '1'], [], ['', '', 'true']],
      totalRows: 4,
      totalColumns: 3,
    });
  });

  it('resolves shared strings as far as they are needed, and only those', async () => {
    const item = (text: string) => `<si><t>${text}</t></si>`;
    const strings = `${item('zero')}<si/>${item('two')}${item('x'.repeat(400_000)).repeat(3)}`;
    const data = '<row><c t="s"><v>2</v></c><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>';

    expect((await first(sheetOf(data, { strings }))).rows).toEqual([['two', '', 'zero']]);
    await expect(first(sheetOf('<row><c t="s"><v>77</v></c></row>', { strings }))).rejects.toMatchObject({
      code: 'unreadable_file',
    });
  });

  it('reads no more rows than wanted, but counts them all', async () => {
    const rows = Array.from({ length: 30_000 }, (_, row) => [row, `text ${row}`, row % 2 === 0 ? 'x' : null]);
    const source = await sheetOf(sheetData([...rows, ['last', null, null, null]]));

    expect(await first(source, { maxRows: 2, maxColumns: 2 })).toEqual({
      rows: [
        ['0', 'text 0'],
        ['1', 'text 1'],
      ],
      totalRows: 30_001,
      totalColumns: 3,
    });
    const totals = { totalRows: 7, totalColumns: 9 };
    expect(await first(source, { maxRows: 1, totals })).toMatchObject(totals);
  });

  it.each<[what: string, data: string, rows: number, columns: number]>([
    ['no references at all', '<row><c/><c><v>1</v></c><c/></row><row><c><v>1</v></c></row>', 2, 2],
    ['some references', '<row r="3"><c r="C3"><v>1</v></c><c><v>1</v></c></row><row><c/></row>', 3, 4],
    ['inline texts', '<row><c t="inlineStr"><is><r><rPr><color/></rPr><t>a</t></r></is></c></row>', 1, 1],
    ['empty inline texts', '<row><c t="inlineStr"><is><t></t></is></c></row>', 0, 0],
    ['tags in a text', '<row><c t="str"><v><![CDATA[</row><c r="ZZ9">]]></v></c></row>', 1, 1],
    ['single quotes', "<row r='5'><c r='AB5'><v>1</v></c></row>", 5, 28],
    ['a formula without a value', '<row><c><f>A1</f></c><c><f>A1</f><v>2</v></c></row>', 1, 2],
    ['rows far down', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', 1_048_576, 16_384],
  ])('counts %s', async (_, data, totalRows, totalColumns) => {
    const counted = await first(sheetOf(data), { maxRows: 1, maxColumns: 1 });

    expect(counted).toMatchObject({ totalRows, totalColumns });
  });

  it('counts what the engine reads, in prefixed documents too', async () => {
    const part =
      '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>' +
      '<x:row r="2"><x:c r="B2"><x:v>1</x:v></x:c></x:row><x:row r="7"><x:c r="D7"><x:v>2</x:v></x:c><x:c r="E7"/></x:row>' +
      '</x:sheetData></x:worksheet>';
    const bytes = workbookBytes({ sheets: [part] });
    const rows = (await rowsOf('a.xlsx', bytes)).filter(([, cells]) => cells.length > 0);

    expect(await first(workbookSource(bytes))).toMatchObject({
      totalRows: (rows.at(-1)?.[0] ?? -1) + 1,
      totalColumns: Math.max(...rows.map(([, cells]) => cells.length)),
    });
  });

  it('counts what the engine reads of every real workbook', async () => {
    const folder = new URL('../golden/cases/', import.meta.url);
    const names = (await readdir(folder)).filter((name) => /\.xlsx$/i.test(name));
    for (const name of names) {
      const bytes = await readFile(new URL(name, folder));
      const source = await workbookSource(bytes);
      for (const at of source.sheets.keys()) {
        const rows = (await rowsOf(name, bytes, at)).filter(([, cells]) => cells.length > 0);
        const { totalRows, totalColumns, rows: shown } = await source.first(at, ALL);

        expect(totalRows, name).toBe((rows.at(-1)?.[0] ?? -1) + 1);
        expect(totalColumns, name).toBe(Math.max(0, ...rows.map(([, cells]) => cells.length)));
        expect(shown, name).toHaveLength(totalRows);
      }
    }
    expect(names.length).toBeGreaterThan(20);
  });

  it('says the same as the engine about what the engine wrote', async () => {
    const lines = ['First Name,Email,When', 'Ann,ann@x.com,1', '', ',,', 'Bob,bob@x.com,'];
    const { bytes, sheets } = await processed('people.csv', lines.join('\n'));
    const { totalRows, totalColumns } = await first(workbookSource(bytes));

    expect(sheets).toMatchObject([{ totalRows, totalColumns, index: 0, isActive: true }]);
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    const rows = sheetData([['a']]);

    await expect(first(sheetOf(rows), { signal })).rejects.toThrow('too late');
    await expect(first(await csvSource('a', Buffer.from('a\n'.repeat(5000))), { signal })).rejects.toThrow(
      'too late',
    );
  });
});

describe('hostile workbooks', () => {
  const refused = async (bytes: Buffer) => {
    try {
      await first(workbookSource(bytes));
    } catch (error) {
      if (error instanceof SpreadsheetFailure) return error.code;
      throw error;
    }
    return 'read';
  };
  const parts = workbookParts({ sheets: [sheetData([['a']])] });
  const lying = (declaredSize: number) =>
    zip(parts.map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, declaredSize } : part)));

  it.each<[string, () => Buffer, string]>([
    ['nothing', () => Buffer.alloc(0), 'unreadable_file'],
    ['text', () => Buffer.from('not a workbook'), 'unreadable_file'],
    ['a zip file of other things', () => zip([{ name: 'a.txt', content: 'a' }]), 'unreadable_file'],
    ['a cut file', () => zip(parts).subarray(0, 500), 'unreadable_file'],
    ['a declared size that is too small', () => lying(20), 'unreadable_file'],
    ['a bomb', () => lying(3_000_000_000), 'too_large'],
    ['rows out of range', () => workbookBytes({ sheets: ['<row r="1048577"/>'] }), 'too_large'],
    ['an unclosed row', () => workbookBytes({ sheets: ['<row><c><v>1</v>'] }), 'unreadable_file'],
    ['a row number that is none', () => workbookBytes({ sheets: ['<row r="x"></row>'] }), 'unreadable_file'],
    [
      'columns out of range',
      () => workbookBytes({ sheets: ['<row><c r="XFE1"><v>1</v></c></row>'] }),
      'too_large',
    ],
  ])('refuses %s', async (_, bytes, code) => {
    expect(await refused(bytes())).toBe(code);
  });

  it.each<[string, string, string]>([
    ['values that are all empty', `<row>${'<c><v></v></c>'.repeat(200_000)}</row>`, 'read'],
    ['texts that are all empty', `<row>${'<c><is><t></t></is></c>'.repeat(200_000)}</row>`, 'read'],
    ['tags that look like cells', `<row><c><v>1</v>${'<color/>'.repeat(300_000)}</c></row>`, 'read'],
    ['sections without an end', `<row><c><v>${'<![CDATA['.repeat(300_000)}</v></c></row>`, 'unreadable_file'],
  ])('is not kept busy by %s', async (_, data, result) => {
    const started = performance.now();

    expect(await refused(workbookBytes({ sheets: [data] }))).toBe(result);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('holds little of a small file that claims much', async () => {
    const row = (r: number) => `<row r="${r}"><c r="XFD${r}"><v>1</v></c></row>`;
    const data = Array.from({ length: 9000 }, (_, at) => row(at + 1)).join('');
    const sheet = await first(sheetOf(data), { maxColumns: 10_000 });

    expect(sheet).toMatchObject({ totalRows: 9000, totalColumns: 16_384 });
    expect(sheet.rows.length).toBeLessThan(9000);
    expect(sheetPreview(sheet, ALL)).toMatchObject({ truncatedRows: true, truncatedColumns: true });
    await expect(first(sheetOf(data), { maxColumns: 2 })).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('the first rows of a CSV file', () => {
  const csv = async (text: string | Buffer, wanted?: Partial<FirstRowsWanted>) =>
    first(await csvSource('roster', Buffer.from(text)), wanted);

  it('is one sheet of the given name', async () => {
    expect((await csvSource('roster', Buffer.alloc(0))).sheets).toEqual([{ name: 'roster', isActive: true }]);
  });

  it('counts lines between others, and none at the end', async () => {
    expect(await csv('\ufeffa,b,c\r\n\r\n1,"x ""y""\n",\n\n\n')).toEqual({
      rows: [['a', 'b', 'c'], [], ['1', 'x "y"\n', '']],
      totalRows: 3,
      totalColumns: 3,
    });
    expect(await csv('')).toEqual({ rows: [], totalRows: 0, totalColumns: 0 });
    expect(await csv('a,b\n1\n2,3,4\n', { maxRows: 1, maxColumns: 1 })).toEqual({
      rows: [['a']],
      totalRows: 3,
      totalColumns: 3,
    });
  });

  it('shows what its encoding cannot read as replacement characters', async () => {
    const damaged = Buffer.concat([Buffer.from('ä,ö,ü,ß,é\n'), Buffer.from([0x61, 0xff, 0x2c, 0x62])]);

    expect((await csv(damaged)).rows[1]).toEqual(['a\ufffd', 'b']);
  });

  it('refuses a row of too many columns', async () => {
    await expect(csv(','.repeat(20_000))).rejects.toMatchObject({ code: 'too_large' });
  });
});
