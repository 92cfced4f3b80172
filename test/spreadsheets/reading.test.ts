import { describe, expect, it } from 'vitest';
import { utils, write } from 'xlsx';
import { openWorkbook } from '../../lib/spreadsheets/read/open-workbook.ts';
import { rowsOf } from './support/process.ts';
import { sheetData, workbookBytes, workbookParts } from './support/workbook.ts';
import { zip } from './support/zip.ts';

const cellsOf = async (data: string, rest: Partial<Parameters<typeof workbookBytes>[0]> = {}) => {
  const rows = await rowsOf('a.xlsx', workbookBytes({ sheets: [data], ...rest }));
  return rows[0]?.[1];
};

const DAY = 86_400_000;
const STYLES =
  '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="&quot;days&quot; 0"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="21"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>';

describe('cells of an OOXML worksheet', () => {
  it('tells numbers, booleans, texts, formulas and errors apart', async () => {
    const cells = await cellsOf(
      '<row><c><v>1</v></c><c t="n"><v>-2.5e3</v></c><c t="b"><v>1</v></c><c t="str"><f>A1&amp;"x"</f><v>1x</v></c><c t="e"><v>#N/A</v></c><c t="inlineStr"><is><t>a</t></is></c></row>',
    );

    expect(cells).toEqual([1, -2500, true, '1x', '#N/A', 'a']);
  });

  it('takes the cached value of a formula, and nothing where there is none', async () => {
    expect(
      await cellsOf(
        '<row><c><f>1+1</f><v>2</v></c><c><f t="shared" si="0"/><v></v></c><c><f>1</f><v/></c><c><v>9</v></c></row>',
      ),
    ).toEqual([2, null, null, 9]);
  });

  it('keeps every digit of a number', async () => {
    expect(
      await cellsOf(
        '<row><c><v>123456789012345678</v></c><c><v>0.1</v></c><c><v>1.234567890123457E+19</v></c></row>',
      ),
    ).toEqual([123456789012345680, 0.1, 1.234567890123457e19]);
  });

  it('reads dates, times and durations by their format', async () => {
    const cells = await cellsOf(
      '<row><c s="1"><v>45293</v></c><c s="2"><v>45293.5</v></c><c s="3"><v>0.25</v></c><c s="4"><v>1.25</v></c><c s="5"><v>3</v></c><c s="0"><v>45293</v></c><c s="1"><v>-1</v></c></row>',
      { styles: STYLES },
    );

    expect(cells).toEqual([
      { kind: 'datetime', ms: Date.UTC(2024, 0, 2) },
      { kind: 'datetime', ms: Date.UTC(2024, 0, 2, 12) },
      { kind: 'time', ms: DAY / 4 },
      { kind: 'duration', ms: DAY * 1.25 },
      3,
      45293,
      -1,
    ]);
  });

  it('counts days from 1904 where the workbook says so', async () => {
    const cells = await cellsOf('<row><c s="1"><v>43831</v></c></row>', {
      styles: STYLES,
      properties: 'date1904="1"',
    });

    expect(cells).toEqual([{ kind: 'datetime', ms: Date.UTC(2024, 0, 2) }]);
  });

  it('knows that 1900 had no 29 February', async () => {
    const cells = await cellsOf(
      '<row><c s="1"><v>1</v></c><c s="1"><v>59</v></c><c s="1"><v>61</v></c></row>',
      { styles: STYLES },
    );

    expect(cells).toEqual([
      { kind: 'datetime', ms: Date.UTC(1900, 0, 1) },
      { kind: 'datetime', ms: Date.UTC(1900, 1, 28) },
      { kind: 'datetime', ms: Date.UTC(1900, 2, 1) },
    ]);
  });

  it('reads ISO dates', async () => {
    const cells = await cellsOf(
      '<row><c t="d"><v>2024-01-02</v></c><c t="d"><v>2024-01-02T03:04:05.5Z</v></c><c t="d"><v>06:07:08</v></c></row>',
    );

    expect(cells).toEqual([
      { kind: 'date', ms: Date.UTC(2024, 0, 2) },
      { kind: 'datetime', ms: Date.UTC(2024, 0, 2, 3, 4, 5, 500) },
      { kind: 'time', ms: ((6 * 60 + 7) * 60 + 8) * 1000 },
    ]);
  });

  it('joins the runs of a rich text and leaves phonetic ones out', async () => {
    const strings =
      '<si><r><t>Ann </t></r><r><rPr><b/></rPr><t xml:space="preserve"> Lee</t></r><rPh sb="0" eb="1"><t>アン</t></rPh><phoneticPr fontId="1"/></si><si><t/></si><si/><si><t>last</t></si>';

    expect(
      await cellsOf(
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>',
        { strings },
      ),
    ).toEqual(['Ann  Lee', null, null, 'last']);
  });

  it('resolves entities, escapes, CDATA, line ends and other alphabets', async () => {
    const cells = await cellsOf(
      '<row><c t="str"><v>a&amp;b &lt;&#65;&#x1F600;</v></c><c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c><c t="str"><v><![CDATA[<é&amp;>]]></v></c><c t="inlineStr"><is><t>a\r\nb</t></is></c><c t="str"><v>Zoë 北京 😀</v></c></row>',
    );

    expect(cells).toEqual(['a&b <A😀', 'a\rb_x0041_', '<é&amp;>', 'a\nb', 'Zoë 北京 😀']);
  });

  it('honours gaps of rows and cells, and counts on where no place is named', async () => {
    const rows = await rowsOf(
      'a.xlsx',
      workbookBytes({
        sheets: [
          '<row r="3"><c r="C3"><v>1</v></c><c><v>2</v></c></row><row/><row r="9" spans="1:2"/><row><c r="A10"><v>3</v></c></row>',
        ],
      }),
    );

    expect(rows).toEqual([
      [2, [null, null, 1, 2]],
      [3, []],
      [8, []],
      [9, [3]],
    ]);
  });

  it('gives the top left cell of merged ones the value', async () => {
    const sheet = `<?xml version="1.0"?><worksheet xmlns="x"><dimension ref="A1:B1"/><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`;

    expect(await cellsOf(sheet)).toEqual([1]);
  });

  it('understands namespace prefixes, single quotes and comments', async () => {
    const sheet = `<?xml version='1.0'?><x:worksheet xmlns:x='y'><x:sheetData><!-- row --><x:row r='2'><x:c r='B2' t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c><x:c r='C2'><x:f>1</x:f><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>`;

    expect(await rowsOf('a.xlsx', workbookBytes({ sheets: [sheet] }))).toEqual([[1, [null, 'a', 5]]]);
  });

  it('reads strict OOXML', async () => {
    const bytes = workbookBytes({
      sheets: [sheetData([['Email'], ['a@x.com']])],
      main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
      office: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
    });

    expect(await rowsOf('a.xlsx', bytes)).toEqual([
      [0, ['Email']],
      [1, ['a@x.com']],
    ]);
  });

  it('reads UTF-16 and byte order marks', async () => {
    const wide = Buffer.from(
      `\uFEFF<worksheet xmlns="x"><sheetData>${sheetData([['Zoë']])}</sheetData></worksheet>`,
      'utf16le',
    );
    const marked = `\uFEFF<worksheet xmlns="x"><sheetData>${sheetData([['Zoë']])}</sheetData></worksheet>`;
    for (const content of [wide, marked]) {
      const parts = workbookParts({ sheets: [''] }).map((part) =>
        part.name.endsWith('sheet1.xml') ? { ...part, content } : part,
      );

      expect(await rowsOf('a.xlsx', zip(parts))).toEqual([[0, ['Zoë']]]);
    }
  });

  it.each(['descriptor', 'zip64'])('reads zip files with %s', async (feature) => {
    const parts = workbookParts({ sheets: [sheetData([['a']])] }).map((part) => ({
      ...part,
      [feature]: true,
    }));

    expect(await rowsOf('a.xlsx', zip(parts))).toEqual([[0, ['a']]]);
  });

  it('ends a row where 500 empty cells follow a value', async () => {
    const kept = '<row r="1"><c r="A1"><v>1</v></c><c r="SG1"><v>2</v></c></row>';
    const cut = '<row r="1"><c r="A1"><v>1</v></c><c r="SH1"><v>2</v></c></row>';

    expect((await cellsOf(kept))?.length).toBe(501);
    expect(await cellsOf(cut)).toEqual([1]);
  });
});

describe('formats', () => {
  const sheet = utils.aoa_to_sheet(
    [
      ['First Name', 'Born', 'Hours', 'Active'],
      ['Ann', new Date(Date.UTC(2024, 0, 2)), 1.5, true],
    ],
    { UTC: true },
  );
  const book = utils.book_new(sheet, 'People');

  it.each(['xlsx', 'xlsm', 'xlsb', 'xls', 'ods'] as const)('reads .%s', async (bookType) => {
    const bytes: Buffer = write(book, { type: 'buffer', bookType });
    const reader = await openWorkbook(`a.${bookType}`, bytes);

    expect(reader.sheets).toEqual([{ name: 'People', index: 0, visible: true, active: true }]);
    expect(await rowsOf(`a.${bookType}`, bytes)).toEqual([
      [0, ['First Name', 'Born', 'Hours', 'Active']],
      [1, ['Ann', { kind: 'datetime', ms: Date.UTC(2024, 0, 2) }, 1.5, true]],
    ]);
  });

  it('knows which tab an .xls workbook opens with', async () => {
    const two = utils.book_new(utils.aoa_to_sheet([['a']]), 'One');
    utils.book_append_sheet(two, utils.aoa_to_sheet([['b']]), 'Two');
    const bytes: Buffer = write(two, { type: 'buffer', bookType: 'xls' });
    const window = bytes.indexOf(Buffer.from([0x3d, 0x00, 0x12, 0x00]));
    bytes.writeUInt16LE(1, window + 14);

    const { sheets } = await openWorkbook('a.xls', bytes);

    expect(sheets.map(({ active }) => active)).toEqual([false, true]);
  });

  it('goes by content where a workbook has the extension of another format', async () => {
    const bytes: Buffer = write(book, { type: 'buffer', bookType: 'xlsx' });

    expect((await rowsOf('a.xls', bytes)).length).toBe(2);
  });

  it('refuses an OpenDocument sheet that repeats a cell beyond measure', async () => {
    const content =
      '<office:document-content><table:table table:name="S"><table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="1000"><text:p>1</text:p></table:table-cell></table:table-row></table:table></office:document-content>';

    await expect(openWorkbook('a.ods', zip([{ name: 'content.xml', content }]))).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});
