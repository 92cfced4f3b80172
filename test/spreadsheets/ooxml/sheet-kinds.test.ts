import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { rowsOf } from '../support/process.ts';
import { sheetData, workbookBytes, workbookParts } from '../support/workbook.ts';
import { type ZipPart, zip } from '../support/zip.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
const read = (data: string, rest: Partial<Parameters<typeof workbookBytes>[0]> = {}) =>
  rowsOf('a.xlsx', workbookBytes({ sheets: [data], ...rest }));

describe('styles', () => {
  it('takes no format of a differential style for a format of cells', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>' +
      '<dxfs><dxf><numFmt numFmtId="14" formatCode="0.00"/></dxf><dxf><numFmt numFmtId="170" formatCode="0.00"/></dxf></dxfs>';
    const day = { kind: 'datetime', ms: Date.UTC(2023, 2, 15) };

    expect(await read('<row><c s="1"><v>45000</v></c><c s="2"><v>45000</v></c></row>', { styles })).toEqual([
      [0, [day, day]],
    ]);
  });

  it('reads a format code with signs of markup and the other quote in it', async () => {
    const styles = `<numFmts><numFmt formatCode='[>99]000-00;"x>"000' numFmtId = '170'/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>`;

    expect(await read('<row><c s="1"><v>1234</v></c><c s="1"><v>5</v></c></row>', { styles })).toEqual([
      [
        0,
        [
          { kind: 'shown', value: 1234, text: '012-34' },
          { kind: 'shown', value: 5, text: 'x>005' },
        ],
      ],
    ]);
  });
});

describe('attributes', () => {
  it.each([
    ['a space before the sign', '<c r="B1" t ="str"><v>00123</v></c>'],
    ['line breaks and the other order', `<c\r\n t\n=\n'str'\tr\n= "B1"\n><v\n>00123</v\n></c\n>`],
    ['entities', '<c t="&#115;tr" r="&#x42;1"><v>00123</v></c>'],
    ['others between them', `<c a="r='C1'" t="str" b='t="n"' r="B1"><v>00123</v></c>`],
    ['signs of markup', '<c x="a>b/" r="B1" t="str"><v>00123</v></c>'],
    ['a prefix of the type', '<c x:t="n" r="B1" t="str"><v xml:space="preserve">00123</v></c>'],
  ])('%s', async (_, cell) => {
    expect(await read(`<row r="2">${cell}</row >`)).toEqual([[1, [null, '00123']]]);
  });

  it('reads rows and parts the same way', async () => {
    const change = (part: ZipPart): ZipPart => ({
      ...part,
      content:
        typeof part.content === 'string' && part.name !== SHEET
          ? part.content.replaceAll('="', '\n = "').replaceAll('"/>', '"\n/>')
          : part.content,
    });
    const strings = '<si ><t >a</t ></si >';

    expect(await read(`<row\nr = '3'\n><c t='s'><v>0</v></c></row>`, { change, strings })).toEqual([
      [2, ['a']],
    ]);
  });

  it('takes a line break in a name for a space', async () => {
    const bytes = workbookBytes({
      sheets: [''],
      change: (part) => ({
        ...part,
        content: String(part.content).replace('"Sheet1"', '"My\nsheet &amp; r:id=\'x\'"'),
      }),
    });

    expect((await openWorkbook('a.xlsx', bytes)).sheets[0]?.name).toBe("My sheet & r:id='x'");
  });
});

describe('values', () => {
  it('takes white space for no number and no text', async () => {
    expect(
      await read('<row><c><v> </v></c><c t="s"><v>\n</v></c><c><v> 5 </v></c></row>', {
        strings: '<si><t>a</t></si>',
      }),
    ).toEqual([[0, [null, null, 5]]]);
  });

  it('reads every digit of numbers long and short as JavaScript does', async () => {
    const numbers = [
      '0.1',
      '-0.000123',
      '123456789.012345',
      '5.',
      '.5',
      '-.25',
      '999999999999999',
      '0.3e-7',
      '00.50',
    ];
    const cells = numbers.map((number) => `<c><v>${number}</v></c>`).join('');

    expect(await read(`<row>${cells}</row>`)).toEqual([[0, numbers.map(Number)]]);
  });
});

describe('places', () => {
  it('reads references in lower case', async () => {
    expect(await read('<row r="1"><c r="b1"><v>1</v></c><c r="aa1"><v>2</v></c></row>')).toEqual([
      [0, [null, 1, ...Array(24).fill(null), 2]],
    ]);
  });

  it('brings the pieces of a row together', async () => {
    const cell = (place: string) =>
      `<row r="${place.slice(1)}"><c r="${place}" t="str"><v>${place}</v></c></row>`;

    expect(await read(['A1', 'B1', 'C1', 'A2', 'B2', 'D2'].map(cell).join(''))).toEqual([
      [0, ['A1', 'B1', 'C1']],
      [1, ['A2', 'B2', null, 'D2']],
    ]);
    expect(await read(['A1', 'A3', 'A2', 'B1', 'B3'].map(cell).join(''))).toEqual([
      [0, ['A1', 'B1']],
      [1, ['A2']],
      [2, ['A3', 'B3']],
    ]);
  });

  it('brings them together across parts of a long sheet, and refuses what goes back too far', async () => {
    const rows = Array.from({ length: 40_000 }, (_, at) => {
      const row = at + 1;
      return `<row r="${row}"><c r="A${row}"><v>${row}</v></c></row><row r="${row}"><c r="B${row}"><v>0.5</v></c></row>`;
    }).join('');

    const read40k = await read(rows);

    expect(read40k).toHaveLength(40_000);
    expect(read40k.every(([index, cells]) => cells.length === 2 && cells[0] === index + 1)).toBe(true);
    await expect(read(`${rows}<row r="3"><c r="C3"><v>1</v></c></row>`)).rejects.toMatchObject({
      code: 'unreadable_file',
      message: expect.stringMatching(/row 3 .* behind row 40000/),
    });
  });
});

describe('the parts of a workbook', () => {
  const two = workbookParts({ sheets: [sheetData([['a']]), sheetData([['b']])] });
  const without = (name: string, change: (content: string) => string): Buffer =>
    zip(two.map((part) => (part.name === name ? { ...part, content: change(String(part.content)) } : part)));

  it.each([
    ['whose part is not there', zip(two.filter(({ name }) => name !== SHEET))],
    ['without a relationship', without('xl/workbook.xml', (xml) => xml.replace('r:id="rId1"', 'r:id=""'))],
    [
      'with the relationship of none',
      without('xl/workbook.xml', (xml) => xml.replace('r:id="rId1"', 'r:id="x"')),
    ],
  ])('leaves out a sheet %s', async (_, bytes) => {
    const reader = await openWorkbook('a.xlsx', bytes);

    expect(reader.sheets.map(({ name, index }) => [name, index])).toEqual([['Sheet2', 1]]);
    expect(reader.findings()).toMatchObject([{ code: 'missing_sheet', at: 'Sheet1' }]);
    expect(await rowsOf('a.xlsx', bytes)).toEqual([[0, ['b']]]);
  });

  it.each(['size', 'packedSize', true] as const)(
    'reads local headers that leave %s open',
    async (descriptor) => {
      const bytes = zip(
        workbookParts({ sheets: [sheetData([['a']])] }).map((part) => ({ ...part, descriptor })),
      );

      expect(await rowsOf('a.xlsx', bytes)).toEqual([[0, ['a']]]);
    },
  );

  it('still refuses local headers that say something else', async () => {
    const bytes = zip(
      workbookParts({ sheets: [sheetData([['a']])] }).map((part) => ({
        ...part,
        descriptor: 'packedSize' as const,
        local: { size: 7 },
      })),
    );

    await expect(openWorkbook('a.xlsx', bytes)).rejects.toThrow(/contradict/);
  });

  it('reads a workbook of thousands of parts', async () => {
    const pictures = Array.from({ length: 3_000 }, (_, at) => ({ name: `xl/media/${at}.png`, content: 'x' }));

    expect(await rowsOf('a.xlsx', zip([...two, ...pictures]))).toEqual([[0, ['a']]]);
  });
});
