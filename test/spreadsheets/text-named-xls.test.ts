import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../lib/spreadsheets/read/open-workbook.ts';

async function read(content: string | Uint8Array, name = 'report.xls') {
  const reader = await openWorkbook(name, typeof content === 'string' ? Buffer.from(content) : content);
  const sheets = await Promise.all(
    reader.sheets.map(async (sheet) => {
      const rows: { index: number; cells: readonly unknown[]; hidden: boolean }[] = [];
      for await (const batch of reader.rows(sheet, 500)) {
        for (const { index, cells, hidden = false } of batch.rows) rows.push({ index, cells, hidden });
      }
      return { name: sheet.name, rows, merged: (await reader.facts(sheet)).merged };
    }),
  );
  return { format: reader.format, csv: reader.csv, findings: reader.findings(), sheets };
}
const cellsOf = async (content: string | Uint8Array) =>
  (await read(content)).sheets.map(({ rows }) => rows.map(({ cells }) => cells));

const page = (body: string, head = '') =>
  `<html xmlns:x="urn:x"><head>${head}</head><body>${body}</body></html>`;
const book = (sheet: string, styles = '') => `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles>${styles}</Styles><Worksheet ss:Name="Orders &amp; more"><Table>${sheet}</Table></Worksheet></Workbook>`;

describe('a text file that is named .xls', () => {
  it('is read as a text file, and says so', async () => {
    const { format, csv, findings, sheets } = await read('Name\tQty\r\nAda\t2\r\nBo\t3\r\n');
    expect({ format, delimiter: csv?.dialect.delimiter }).toEqual({ format: 'csv', delimiter: '\t' });
    expect(sheets.map(({ rows }) => rows.map(({ cells }) => cells))).toEqual([
      [
        ['Name', 'Qty'],
        ['Ada', '2'],
        ['Bo', '3'],
      ],
    ]);
    expect(findings).toEqual([
      {
        code: 'other_format',
        message: 'The file is named .xls, but it is a text file, and was read as that.',
        at: null,
        count: null,
        meta: null,
      },
    ]);
  });

  it('in two bytes a character too', async () => {
    const text = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('Größe\tPreis\r\n1\t2\r\n', 'utf16le'),
    ]);
    expect(await cellsOf(text)).toEqual([
      [
        ['Größe', 'Preis'],
        ['1', '2'],
      ],
    ]);
  });

  it.each([
    ['of another kind', '%PDF-1.7 …'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001', 'hex')],
    ['of blanks', '  \n '],
    ['of other markup', '<?xml version="1.0"?><feed><entry/></feed>'],
    ['of a page without a table', page('<p>Please sign in</p>')],
  ])('is refused where it is %s', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'unreadable_file' });
  });

  it('is refused under any other name of a workbook', async () => {
    await expect(read('a\tb\n1\t2', 'report.xlsx')).rejects.toMatchObject({ code: 'unreadable_file' });
  });
});

describe('a web page that is named .xls', () => {
  it('has its tables below one another, a blank row between', async () => {
    const { format, sheets } = await read(
      page(
        `<style>td {color: red}</style><p>Report</p><table><thead><tr><th>Name</th><th>Price</th></tr></thead>
         <tbody><tr><td>Ada&nbsp;&amp; Co<br>Berlin</td><td x:num="1234.5">1.234,50 €</td></tr>
         <tr style='display: none'><td><script>x</script>secret</td><td></td></tr></table><table><tr><td>00123<tr><td>b</table>`,
      ),
    );
    expect(format).toBe('html');
    expect(sheets[0]?.rows).toEqual([
      { index: 0, cells: ['Name', 'Price'], hidden: false },
      { index: 1, cells: ['Ada & Co\nBerlin', 1234.5], hidden: false },
      { index: 2, cells: ['secret'], hidden: true },
      { index: 4, cells: ['00123'], hidden: false },
      { index: 5, cells: ['b'], hidden: false },
    ]);
  });

  it('keeps cells that reach over others in their place', async () => {
    const { sheets } = await read(
      page(
        '<table><tr><td rowspan=2>a</td><td colspan="2">b</td><td>c</td></tr><tr><td>d</td><td>e</td><td>f</td></tr></table>',
      ),
    );
    expect(sheets[0]).toMatchObject({
      rows: [{ cells: ['a', 'b', null, 'c'] }, { cells: [null, 'd', 'e', 'f'] }],
      merged: [
        { top: 0, left: 0, bottom: 1, right: 0 },
        { top: 0, left: 1, bottom: 0, right: 2 },
      ],
    });
  });

  it('has a table inside a cell below it', async () => {
    expect(
      await cellsOf(
        page('<table><tr><td>Title<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>'),
      ),
    ).toEqual([[['Title'], ['a', 'b']]]);
  });

  it('is read in the encoding that it names', async () => {
    const bytes = Buffer.from(
      page('<table><tr><td>Gr\xf6\xdfe \x80</td></tr></table>', '<meta charset=windows-1252>'),
      'latin1',
    );
    expect(await cellsOf(bytes)).toEqual([[['Größe €']]]);
  });

  it.each([
    ['depth', '<table>'.concat('<div>'.repeat(2_000_000))],
    ['ends without a start', `<table><tr><td>${'<b>'.repeat(200)}${'</i>'.repeat(1_000_000)}`],
    ['width', `<table><tr>${'<td colspan=1000>x'.repeat(30)}`],
    ['cells', `<table>${'<tr><td colspan=1000>x</td></tr>'.repeat(33_000)}`],
  ])('comes to an end whatever its %s', async (_, content) => {
    const code = await read(content).then(
      () => 'read',
      ({ code }) => code,
    );
    expect(['read', 'unreadable_file', 'too_large']).toContain(code);
  });
});

describe('an XML Spreadsheet 2003 that is named .xls', () => {
  it('is read with its types, formats and places', async () => {
    const { format, findings, sheets } = await read(
      book(
        `<Row><Cell><Data ss:Type="String">Zip</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">When</Data><Comment><Data>note</Data></Comment></Cell></Row>
         <Row ss:Index="4" ss:Hidden="1"><Cell ss:StyleID="zip"><Data ss:Type="Number">2494</Data></Cell>
         <Cell ss:MergeAcross="1"><Data ss:Type="DateTime">2024-03-04T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
         <Row><Cell ss:StyleID="day"><Data ss:Type="Number">45355</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>`,
        '<Style ss:ID="zip"><NumberFormat ss:Format="00000"/></Style><Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>',
      ),
    );
    const day = { kind: 'datetime', ms: Date.UTC(2024, 2, 4) };
    expect({ format, findings: findings.map(({ code }) => code) }).toEqual({
      format: 'xml',
      findings: ['other_format'],
    });
    expect(sheets).toEqual([
      {
        name: 'Orders & more',
        rows: [
          { index: 0, cells: ['Zip', null, 'When'], hidden: false },
          { index: 3, cells: [{ kind: 'shown', value: 2494, text: '02494' }, day, null, true], hidden: true },
          { index: 4, cells: [day, '#N/A'], hidden: false },
        ],
        merged: [{ top: 3, left: 1, bottom: 3, right: 2 }],
      },
    ]);
  });

  it.each([
    ['rows beyond the last', '<Row ss:Index="9999999"><Cell><Data ss:Type="String">x</Data></Cell></Row>'],
    ['columns beyond the last', '<Row><Cell ss:Index="99999"><Data ss:Type="String">x</Data></Cell></Row>'],
  ])('is refused with %s', async (_, rows) => {
    await expect(read(book(rows))).rejects.toMatchObject({ code: 'too_large' });
  });

  it('takes names that every object has for names', async () => {
    expect(await cellsOf(book('<__proto__/><constructor>x</constructor><toString/>'))).toEqual([[]]);
  });
});
