import { describe, expect, it } from 'vitest';
import { planCsv } from '../../../lib/spreadsheets/read/csv/csv-reader.ts';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { rowsOf } from '../support/process.ts';

const HEAD = ['id', 'name', 'score'];
const ROWS = [
  ['1', 'Ann Lee', '4.5'],
  ['2', 'Bob Ray', '3.9'],
  ['3', 'Cy Poe', '4.1'],
];
const written = (delimiter: string, quote = '', end = '\r\n'): string =>
  [HEAD, ...ROWS].map((row) => row.map((cell) => quote + cell + quote).join(delimiter)).join(end) + end;

const cells = async (text: string, name = 'a.csv') =>
  (await rowsOf(name, Buffer.from(text))).map(([, row]) => row);

const dialectOf = async (text: string) => (await planCsv(Buffer.from(text))).dialect;

describe('the delimiter of a text', () => {
  it.each([',', ';', '\t', '|', '^', '~', '\x01', '\x1f', ', ', '; ', '::', '||', '|~|'])(
    'may be %j',
    async (delimiter) => {
      expect((await dialectOf(written(delimiter))).delimiter).toBe(delimiter);
      expect(await cells(written(delimiter))).toEqual([HEAD, ...ROWS]);
    },
  );

  it.each([',', ';', '\t', '|', ', '])('may be %j among quoted fields that hold it', async (delimiter) => {
    const text = `"id"${delimiter}"said"\n"1"${delimiter}"well${delimiter}yes"\n"2"${delimiter}"no${delimiter}${delimiter}no"\n`;

    expect(await cells(text)).toEqual([
      ['id', 'said'],
      ['1', `well${delimiter}yes`],
      ['2', `no${delimiter}${delimiter}no`],
    ]);
  });

  it('may be a space where values are parted by it, and is none in a list of names', async () => {
    expect(await cells('day hour ml\n2024-01-02 08:00 12\n2024-01-03 09:30 15\n')).toEqual([
      ['day', 'hour', 'ml'],
      ['2024-01-02', '08:00', '12'],
      ['2024-01-03', '09:30', '15'],
    ]);
    expect(await cells('Ann Lee\nBob Ray\nCy Poe\n')).toEqual([['Ann Lee'], ['Bob Ray'], ['Cy Poe']]);
  });

  it('is the one that parts values, where numbers have decimal commas or texts hold commas', async () => {
    expect((await dialectOf('Artikel;Preis;Menge\nTee;1,50;2,0\nKaffee;12,00;1,5\n')).delimiter).toBe(';');
    expect(
      (await dialectOf('name\tremark\nAnn\tred, green, blue\nBob\tsmall, old\nCy\tnew\n')).delimiter,
    ).toBe('\t');
    expect((await dialectOf('when|what\n10:20|a, b; c\n11:40|d; e\n')).delimiter).toBe('|');
  });

  it('is none in one column, be it of decimal commas or of sentences', async () => {
    expect(await cells('Betrag\n1,50\n22,10\n3,75\n')).toEqual([['Betrag'], ['1,50'], ['22,10'], ['3,75']]);
    expect(await cells('remark\nGood, but late\nLate\nVery late, again, and cold\n')).toEqual([
      ['remark'],
      ['Good, but late'],
      ['Late'],
      ['Very late, again, and cold'],
    ]);
  });

  it('is what the first line says, which is no row', async () => {
    expect(await rowsOf('a.csv', Buffer.from('sep=;\na;b\n1,5;2\n'))).toEqual([
      [1, ['a', 'b']],
      [2, ['1,5', '2']],
    ]);
    expect(await dialectOf('"sep=|"\r\na|b\r\n')).toMatchObject({ delimiter: '|' });
  });

  it('is found below a title and above notes', async () => {
    const text = `Report, all regions\n\nmade by finance\n${written(';', '', '\n')}\nSource: us\n`;

    expect((await dialectOf(text)).delimiter).toBe(';');
  });

  it('says what else it could be', async () => {
    const reader = await openWorkbook('a.csv', Buffer.from('a;b,c;d\n1;2,3;4\n5;6,7;8\n'));

    expect(reader.findings()).toEqual([]);
    const equal = await openWorkbook('a.csv', Buffer.from('a;b,c\nd;e,f\ng;h,i\n'));
    expect(equal.findings()).toMatchObject([
      { code: 'ambiguous_delimiter', meta: { delimiter: ',', other: ';' } },
    ]);
    expect(equal.csv?.confidence.dialect).toBeLessThan(0.1);
  });

  it.each(['.csv', '.tsv', '.txt', '.tab', '.CSV'])('is found in a %s file alike', async (extension) => {
    expect(await cells(written('\t'), `a${extension}`)).toEqual([HEAD, ...ROWS]);
    expect(await cells(written(';'), `a${extension}`)).toEqual([HEAD, ...ROWS]);
  });
});

describe('quotes of a text', () => {
  it.each(['"', "'"])('may be %s', async (quote) => {
    expect(await cells(written(',', quote))).toEqual([HEAD, ...ROWS]);
    expect(await dialectOf(written(',', quote))).toMatchObject({ quote });
  });

  it('are not what stands in words', async () => {
    expect(await cells("item,text\nMen's shoes,rock 'n' roll\nO'Hara,it's\n")).toEqual([
      ['item', 'text'],
      ["Men's shoes", "rock 'n' roll"],
      ["O'Hara", "it's"],
    ]);
  });

  it('are escaped by doubling or by a backslash', async () => {
    const said = [
      ['id', 'said'],
      ['1', 'He said "no"'],
      ['2', 'a, "b"'],
      ['3', 'plain'],
    ];
    expect(await cells('id,said\n"1","He said ""no"""\n"2","a, ""b"""\n"3","plain"\n')).toEqual(said);
    expect(await cells('id,said\n"1","He said \\"no\\""\n"2","a, \\"b\\""\n"3","plain"\n')).toEqual(said);
    expect(await cells('id,path\n1,"C:\\temp\\"\n2,"D:\\"\n')).toEqual([
      ['id', 'path'],
      ['1', 'C:\\temp\\'],
      ['2', 'D:\\'],
    ]);
  });

  it.each<[string, string, string[]]>([
    ['before a bare field, with a quoted one behind it', '1,"b,"c d",e', ['1', '"b', 'c d', 'e']],
    ['doubled at the beginning of a field', '1,""b c",d', ['1', '"b c', 'd']],
    ['within a quoted field', '1,"the "old" one",d', ['1', 'the "old" one', 'd']],
    ['in the last, empty field', '1,b,"', ['1', 'b', '"']],
    ['inches', '1,3.5" disk,x', ['1', '3.5" disk', 'x']],
    ['with spaces around the quoted field', '1, "b,c" ,d', ['1', 'b,c', 'd']],
  ])('that are stray are characters: %s', async (_, line, expected) => {
    const text = `a,b,c,d\nq,"r s",t,u\n${line}\nv,w,"x, y",z\n`;

    expect((await cells(text))[2]).toEqual(expected);
    expect(await cells(text)).toHaveLength(4);
  });

  it('may hold line ends, and a record that would grow too wide by them is not one', async () => {
    expect(await cells('a,b\n1,"x\ny"\n2,z\n')).toEqual([
      ['a', 'b'],
      ['1', 'x\ny'],
      ['2', 'z'],
    ]);
    // A quote that opens by mistake, and the next that closes it by chance: the record would have two cells too few.
    expect(await cells('a,b,c,d\n1,"2,3,4\n5,6,7,8\n9,10,11",12\n')).toHaveLength(4);
  });

  it('are reported', async () => {
    const reader = await openWorkbook('a.csv', Buffer.from('a,b\n1,"x "y" z"\r2,w\r\n3,4,5\n'));
    const [sheet] = reader.sheets;
    if (sheet === undefined) throw new Error('no sheet');
    for await (const _ of reader.rows(sheet, 500));

    expect(reader.findings().map(({ code, count }) => [code, count])).toEqual([
      ['stray_quotes', 1],
      ['ragged_rows', 1],
      ['mixed_line_ends', null],
    ]);
  });
});

describe('what is told of a text', () => {
  it('is done as told: the delimiter, and quotes as ADE reads them', async () => {
    const reader = await openWorkbook('a.csv', Buffer.from('a;b\n"1"x;2\n'), {
      csv: { delimiter: ',', encoding: 'utf-8' },
    });
    const [sheet] = reader.sheets;
    if (sheet === undefined) throw new Error('no sheet');
    const rows = [];
    for await (const batch of reader.rows(sheet, 500)) rows.push(...batch.rows.map((row) => row.cells));

    expect(rows).toEqual([['a;b'], ['1x;2']]);
    expect(reader.csv).toMatchObject({
      encoding: 'utf-8',
      dialect: { delimiter: ',', quote: '"', escape: '"' },
    });
  });

  it('leaves the rest to be found', async () => {
    const bytes = Buffer.from("'a;b';c\n'd';e\n");

    expect((await planCsv(bytes, { quote: "'" })).dialect).toEqual({
      delimiter: ';',
      quote: "'",
      escape: "'",
    });
    expect((await planCsv(Buffer.from('a;"b;c\nd;"e;f\n'), { quote: '' })).dialect).toMatchObject({
      delimiter: ';',
      quote: null,
    });
    expect((await planCsv(bytes, { delimiter: ';', quote: "'", escape: '\\' })).dialect).toEqual({
      delimiter: ';',
      quote: "'",
      escape: '\\',
    });
  });

  it('includes no remarks', async () => {
    const text = '# made by a machine\nid,name\n1,Ann\n# the rest is late\n2,Bob\n';

    expect(await rowsOf('a.csv', Buffer.from(text))).toEqual([
      [1, ['id', 'name']],
      [2, ['1', 'Ann']],
      [4, ['2', 'Bob']],
    ]);
  });
});

describe('a text that comes in pieces', () => {
  it('is read as if it came at once', async () => {
    const line = '1,"a ""b"", c\r\nd",é€𝄞\r\n';
    // A mebibyte is decoded at a time: characters, quotes and line ends are cut by it in every way.
    const text = `a,b,c\r\n${line.repeat(120_000)}`;
    const rows = await cells(text);

    expect(rows).toHaveLength(120_001);
    expect(new Set(rows.slice(1).map((row) => JSON.stringify(row)))).toEqual(
      new Set([JSON.stringify(['1', 'a "b", c\r\nd', 'é€𝄞'])]),
    );
  });
});

describe('remarks', () => {
  it('are lines that begin with #, but for those that are rows', async () => {
    const many = '1,Ann,2\n'.repeat(60_000);
    const rows = await cells(`# made by hand\nid,name,n\n${many}#7,Bob,3\n`);

    expect(rows[0]).toEqual(['id', 'name', 'n']);
    expect(rows.at(-1)).toEqual(['#7', 'Bob', '3']);
  });
});

describe('one column whose values hold a delimiter', () => {
  it.each<[string, string[]]>([
    ['amounts with thousands', ['amount', '1,234.50', '5,678.10', '12,345.00']],
    ['prices', ['price', '$1,234.00', '$22.50']],
    ['prices with a currency behind', ['Preis', '1 234,50 €', '22,00 €']],
    ['moments', ['seen', '2024-01-01 10:00', '2024-01-02 11:30', '2024-01-03 12:30']],
    ['telephone numbers', ['phone', '+1 555 1234', '+1 555 4321', '+1 555 9876']],
    ['names', ['name', 'Smith, John', 'Doe, Jane', 'Roe, Rick']],
    ['addresses', ['address', '12 Main St, Springfield, IL 62701', '5 Oak Ave, Shelbyville, IL 62565']],
  ])('is one: %s', async (_, column) => {
    expect(await cells(`${column.join('\n')}\n`)).toEqual(column.map((value) => [value]));
  });

  it('is none where a title stands above a table', async () => {
    expect(await cells('Prices\n\nitem,price\nTea,2\nRum,9\n')).toHaveLength(4);
    expect(await cells('Staff\nname, age\nAnn, 31\nBob, 44\n')).toEqual([
      ['Staff'],
      ['name', 'age'],
      ['Ann', '31'],
      ['Bob', '44'],
    ]);
  });

  it('keeps no delimiter at the end of a line in a value', async () => {
    const rows = await cells('a, b,\n1, 2,\n3, 4,\n');

    expect(rows.map((row) => row.map((cell) => String(cell ?? '').trim()))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('is not parted at a word behind sep=', async () => {
    expect(await cells('sep=wert\na\n')).toEqual([['sep=wert'], ['a']]);
  });
});
