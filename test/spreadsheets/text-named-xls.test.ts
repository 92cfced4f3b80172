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
  const facts = await Promise.all(reader.sheets.map((sheet) => reader.facts(sheet)));
  return {
    tabs: reader.sheets,
    facts,
    format: reader.format,
    csv: reader.csv,
    findings: reader.findings(),
    sheets,
  };
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
    ['a SYLK file', 'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Name"\r\nE\r\n'],
    ['a DIF file', 'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,1\r\n""\r\n'],
    [
      'a web archive',
      'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n',
    ],
  ])('is refused where it is %s', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'unreadable_file' });
  });

  it('is refused under any other name of a workbook', async () => {
    await expect(read('a\tb\n1\t2', 'report.xlsx')).rejects.toMatchObject({ code: 'unreadable_file' });
  });
});

describe('a file that is named .csv', () => {
  it.each([
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a packed file', Buffer.from('1f8b0800000000000003', 'hex')],
    ['a PDF document', '%PDF-1.7\n1 0 obj'],
    ['a SYLK file', 'ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K5\n'],
    ['a web page', '\ufeff\n<!DOCTYPE html>\n<html><body>Your session, sadly, has ended</body></html>'],
    ['an XML document', '<?xml version="1.0"?>\n<rows><row>1,2</row></rows>'],
  ])('is refused where it is %s', async (what, content) => {
    await expect(read(content, 'export.csv')).rejects.toMatchObject({
      code: 'unreadable_file',
      message: expect.stringContaining(what.replace(/^an? /, '')),
    });
  });

  it.each(['ID;Price\n1;2\n', 'TABLE,CHAIR\n0,1\n', 'Content-Type: text,b\nx: y,c\n', 'PAR1,PAR2\n1,2\n'])(
    'is read where it only looks like one: %j',
    async (content) => expect((await read(content, 'export.csv')).format).toBe('csv'),
  );

  it('is read as told by whoever says what parts its columns', async () => {
    const reader = await openWorkbook('a.csv', Buffer.from('<html>,b\n'), { csv: { delimiter: ',' } });
    expect(reader.format).toBe('csv');
  });
});

describe('a web page that is named .xls', () => {
  it('is one where a title stands before its table too', async () => {
    expect(await cellsOf('Sales <b>2024</b><br>\n<table border=1>\n<tr><td>a<td>b</table>')).toEqual([
      [['a', 'b']],
    ]);
  });

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

  it('has no cells that reach beyond their table', async () => {
    const { sheets } = await read(
      page('<table><tr><td rowspan=9>a<td rowspan=5 colspan=2>b</table><table><tr><td>c<td>d<td>e</table>'),
    );
    expect(sheets[0]).toMatchObject({
      rows: [{ cells: ['a', 'b'] }, { index: 2, cells: ['c', 'd', 'e'] }],
      merged: [{ top: 0, left: 1, bottom: 0, right: 2 }],
    });
  });

  it('has numbers in the formats that its styles give them', async () => {
    const style = `<style><!-- table {color: red}
      .xl24, td.xl29
      {mso-style-parent:style0; mso-number-format:"Short Date";}
      .xl25 {mso-number-format:00000;} .xl26{mso-number-format:"yyyy\\\\-mm\\\\-dd";}
      .xl27 {mso-number-format:"\\0022kg \\0022\\#\\,\\#\\#0";} .xl28 {mso-number-format:"\\[h\\]\\:mm";} --></style>`;
    const date = { kind: 'datetime', ms: Date.UTC(2008, 0, 1) };
    expect(
      await cellsOf(
        page(
          `<table><tr><td class=xl24 x:num="39448">1/1/2008</td><td class="x xl29" x:num="39448">1/1/2008</td>
          <td class=xl25 x:num="2494">02494</td><td class=xl26 x:num="39448">2008-01-01</td>
          <td class=xl27 x:num="1234.5">kg 1,235</td><td class=xl28 x:num="1.5">36:00</td>
          <td style="mso-number-format:'Short Date'" x:num="39448">x</td><td class=xl1 x:num>007</td>
          <td x:num=" ">?</td><td class=xl24>1/1/2008</td></table>`,
          style,
        ),
      ),
    ).toEqual([
      [
        [
          date,
          date,
          { kind: 'shown', value: 2494, text: '02494' },
          date,
          1234.5,
          { kind: 'duration', ms: 36 * 3_600_000 },
          date,
          { kind: 'shown', value: 7, text: '007' },
          '?',
          '1/1/2008',
        ],
      ],
    ]);
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
    ['Fixed', '12.5', 12.5],
    ['Standard', '1234.5', 1234.5],
    ['Scientific', '99', 99],
    ['Currency', '99', 99],
    ['Euro Currency', '99', 99],
    ['Yes/No', '1', 1],
    ['True/False', '0', 0],
    ['Medium Date', '45355', { kind: 'datetime', ms: Date.UTC(2024, 2, 4) }],
    ['Fixed', ' ', undefined],
    ['Fixed', ' 5\n', 5],
  ])('takes the format %s by its name', async (format, text, value) => {
    const rows = `<Row><Cell ss:StyleID="a"><Data ss:Type="Number">${text}</Data></Cell></Row>`;
    const styles = `<Style ss:ID="a"><NumberFormat ss:Format="${format}"/></Style>`;
    expect((await cellsOf(book(rows, styles)))[0]?.[0]?.[0]).toEqual(value);
  });

  it('has clocks and lengths of time as such, which are written as days', async () => {
    const cell = (style: string, date: string) =>
      `<Cell ss:StyleID="${style}"><Data ss:Type="DateTime">${date}</Data></Cell>`;
    const rows = `<Row>${cell('clock', '1899-12-31T09:30:00.000')}${cell('long', '1900-01-01T06:00:00.000')}${cell('long', '1900-03-01T00:00:00.000')}${cell('clock', '0001-01-01T00:00:00')}</Row>`;
    const styles =
      '<Style ss:ID="clock"><NumberFormat ss:Format="Short Time"/></Style><Style ss:ID="long"><NumberFormat ss:Format="[h]:mm:ss"/></Style>';
    const hour = 3_600_000;
    expect(await cellsOf(book(rows, styles))).toEqual([
      [
        [
          { kind: 'time', ms: 9.5 * hour },
          { kind: 'duration', ms: 30 * hour },
          { kind: 'duration', ms: 61 * 24 * hour },
          { kind: 'datetime', ms: -62_135_596_800_000 },
        ],
      ],
    ]);
  });

  it('is no UTF-16 for saying so in one byte a character', async () => {
    const text = book('<Row><Cell><Data ss:Type="String">Ren\xe9 \x80</Data></Cell></Row>');
    const bytes = Buffer.from(text.replace('?>', ' encoding="utf-16"?>'), 'latin1');
    expect(await cellsOf(bytes)).toEqual([[['René €']]]);
  });

  it('has the formats of parents, rows, columns and the table where a cell has none', async () => {
    const number = '<Data ss:Type="Number">7</Data>';
    const rows = `<Column ss:Index="2" ss:Span="1" ss:StyleID="two"/><Row><Cell ss:StyleID="child">${number}</Cell><Cell>${number}</Cell><Cell>${number}</Cell></Row><Row ss:StyleID="three"><Cell>${number}</Cell><Cell ss:StyleID="child">${number}</Cell></Row>`;
    const style = (id: string, format: string) =>
      `<Style ss:ID="${id}"><NumberFormat ss:Format="${format}"/></Style>`;
    const styles = `${style('two', '00')}${style('three', '000')}${style('four', '0000')}<Style ss:ID="child" ss:Parent="four"><Font/></Style><Style ss:ID="x" ss:Parent="x"/>`;
    const shown = (text: string) => ({ kind: 'shown', value: 7, text });
    expect(await cellsOf(book(rows, styles))).toEqual([
      [
        [shown('0007'), shown('07'), shown('07')],
        [shown('007'), shown('0007')],
      ],
    ]);
  });

  it('says which sheets are hidden and which is open, and what they have beside their values', async () => {
    const options = (visible: string) =>
      `<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>${visible}</Visible></WorksheetOptions>`;
    const { tabs, facts } = await read(`<?xml version="1.0"?>
      <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
      <ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><ActiveSheet>2</ActiveSheet></ExcelWorkbook>
      <Worksheet ss:Name="a"><Table/>${options('SheetHidden')}</Worksheet>
      <Worksheet ss:Name="b"><Table/>${options('SheetVeryHidden')}</Worksheet>
      <Worksheet ss:Name="c"><Table><Column ss:Hidden="1"/><Row ss:Index="3" ss:Span="2"/>
      <Row><Cell><Data ss:Type="Number">1</Data><Comment><ss:Data>n</ss:Data></Comment></Cell><Cell ss:Formula="=A1"/></Row></Table>
      <AutoFilter x:Range="R1C1:R2C2"/></Worksheet></Workbook>`);
    expect(tabs.map(({ visible, active }) => ({ visible, active }))).toEqual([
      { visible: false, active: false },
      { visible: false, active: false },
      { visible: true, active: true },
    ]);
    expect(facts[2]).toMatchObject({
      hiddenColumns: [0],
      notes: 1,
      filters: 1,
      uncalculated: { count: 1, first: 'B6' },
    });
  });

  it('comes to an end whatever its styles', async () => {
    const count = 30_000;
    const styles = Array.from({ length: count }, (_, at) => `<Style ss:ID="s${at}" ss:Parent="s${at + 1}"/>`);
    const cells = Array.from(
      { length: count },
      (_, at) => `<Row><Cell ss:StyleID="s${at}"><Data ss:Type="Number">1</Data></Cell></Row>`,
    );
    const start = performance.now();
    expect((await cellsOf(book(cells.join(''), styles.join(''))))[0]).toHaveLength(count);
    expect(performance.now() - start).toBeLessThan(5000);
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
