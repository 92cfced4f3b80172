import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { NO_FACTS } from '../../../lib/spreadsheets/read/reader.ts';
import { rowsOf } from '../support/process.ts';
import { type ZipPart, zip } from '../support/zip.ts';
import { number, type OdsXml, odsBytes, row, table, text } from './ods-file.ts';

const rowsIn = (body: string, rest: Omit<OdsXml, 'body'> = {}, sheet = 0) =>
  rowsOf('a.ods', odsBytes({ body, ...rest }), sheet);

const cellsIn = async (cells: string, rest: Omit<OdsXml, 'body'> = {}) =>
  (await rowsIn(table(row(cells)), rest))[0]?.[1];

const factsOf = async (xml: OdsXml, sheet = 0) => {
  const reader = await openWorkbook('a.ods', odsBytes(xml));
  const source = reader.sheets[sheet];
  if (source === undefined) throw new Error(`There is no sheet ${sheet}`);
  return await reader.facts(source);
};

const typed = (type: string, attributes: string, shown = 'x'): string =>
  `<table:table-cell office:value-type="${type}" ${attributes}><text:p>${shown}</text:p></table:table-cell>`;

const HOUR = 3_600_000;

describe('values of an OpenDocument sheet', () => {
  it('tells numbers, booleans, texts and errors apart', async () => {
    const cells = await cellsIn(
      number(-2.5) +
        number('1e3') +
        typed('boolean', 'office:boolean-value="false"') +
        text('00123') +
        typed('string', 'office:string-value="told"') +
        typed('string', 'office:string-value="" calcext:value-type="error"', '#DIV/0!') +
        typed('float', 'office:value="0" calcext:value-type="error"', '#N/A'),
    );

    expect(cells).toEqual([-2.5, 1000, false, '00123', 'told', '#DIV/0!', '#N/A']);
  });

  it('reads dates, dates with time and fractions of seconds', async () => {
    const cells = await cellsIn(
      typed('date', 'office:date-value="2024-03-04"') +
        typed('date', 'office:date-value="2024-03-04T11:01:02"') +
        typed('date', 'office:date-value="2024-03-04T11:01:02.500000000"') +
        typed('date', 'office:date-value="long ago"', 'long ago'),
    );

    const at = Date.UTC(2024, 2, 4, 11, 1, 2);
    expect(cells).toEqual([
      { kind: 'date', ms: Date.UTC(2024, 2, 4) },
      { kind: 'datetime', ms: at },
      { kind: 'datetime', ms: at + 500 },
      'long ago',
    ]);
  });

  it('tells a time of day from a length of time by its style, or by what no clock shows', async () => {
    const automatic =
      '<number:time-style style:name="N1" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text><number:minutes/></number:time-style><style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>';
    const time = (value: string, attributes = '') =>
      typed('time', `office:time-value="${value}" ${attributes}`);

    const cells = await cellsIn(
      time('PT05H30M00S') +
        time('PT05H30M00.25S') +
        time('PT05H30M00S', 'table:style-name="ce1"') +
        time('PT36H05M00S') +
        time('-PT01H00M00S') +
        time('P1DT2H') +
        time('P1Y'),
      { automatic },
    );

    expect(cells).toEqual([
      { kind: 'time', ms: 5.5 * HOUR },
      { kind: 'time', ms: 5.5 * HOUR + 250 },
      { kind: 'duration', ms: 5.5 * HOUR },
      { kind: 'duration', ms: 36 * HOUR + 300_000 },
      { kind: 'duration', ms: -HOUR },
      { kind: 'duration', ms: 26 * HOUR },
      'x',
    ]);
  });

  it('keeps spaces, tabs and line breaks that are meant, and no others', async () => {
    const cells = await cellsIn(
      text('<text:p>a<text:s text:c="3"/>b</text:p>') +
        text('<text:p>x<text:tab/>y<text:line-break/>z</text:p>') +
        text('<text:p>one</text:p><text:p/><text:p>three</text:p>') +
        text('<text:p>\n  a\n  b <text:s/>c</text:p>') +
        text('<text:p><text:span>a&amp;</text:span><text:a><text:span>b</text:span></text:a></text:p>') +
        text('<text:p><![CDATA[<é>]]> 北京</text:p>') +
        text('<text:p/>'),
    );

    expect(cells).toEqual(['a   b', 'x\ty\nz', 'one\n\nthree', 'a b  c', 'a&b', '<é> 北京']);
  });

  it('leaves notes, pictures and tables inside a cell out of its text', async () => {
    const cells = await cellsIn(
      text(
        '<office:annotation><text:p>a note</text:p></office:annotation><text:p>a<text:note><text:p>b</text:p></text:note></text:p><draw:frame><draw:frame/><draw:text-box><text:p>c</text:p></draw:text-box></draw:frame>',
      ) +
        text(`<text:p>d</text:p>${table(row(number(1)))}`) +
        number(2),
    );

    expect(cells).toEqual(['a', 'd', 2]);
  });

  it('shows a number with leading zeros as its format does', async () => {
    const styles =
      '<number:number-style style:name="N1"><number:number number:decimal-places="0" number:min-integer-digits="5"/></number:number-style><style:style style:name="zip" style:family="table-cell" style:data-style-name="N1"/>';
    const automatic =
      '<number:number-style style:name="N2"><number:number number:min-integer-digits="9"><number:embedded-text number:position="4">-</number:embedded-text><number:embedded-text number:position="6">-</number:embedded-text></number:number></number:number-style>' +
      '<number:number-style style:name="N3P0"><number:text>A </number:text><number:number number:min-integer-digits="3"/></number:number-style>' +
      '<number:number-style style:name="N3"><number:text>-</number:text><number:number number:min-integer-digits="3"/><style:map style:condition="value()&gt;=0" style:apply-style-name="N3P0"/></number:number-style>' +
      '<number:number-style style:name="N4"><number:number number:decimal-places="2" number:min-integer-digits="1"/></number:number-style>' +
      ['ssn:N2', 'part:N3', 'amount:N4']
        .map((pair) => pair.split(':'))
        .map(
          ([name, data]) =>
            `<style:style style:name="${name}" style:family="table-cell" style:data-style-name="${data}"/>`,
        )
        .join('') +
      '<style:style style:name="child" style:family="table-cell" style:parent-style-name="zip"/>';
    const cell = (value: number, style: string) => number(value, `table:style-name="${style}"`);

    const cells = await cellsIn(
      cell(2494, 'child') + cell(12345678, 'ssn') + cell(7, 'part') + cell(3, 'amount') + cell(0.5, 'zip'),
      { styles, automatic },
    );

    expect(cells).toEqual([
      { kind: 'shown', value: 2494, text: '02494' },
      { kind: 'shown', value: 12345678, text: '012-34-5678' },
      { kind: 'shown', value: 7, text: 'A 007' },
      3,
      0.5,
    ]);
  });

  it('goes by the style where a date, a time or a unit is written as a number', async () => {
    const style = (name: string, data: string) =>
      `${data}<style:style style:name="${name}" style:family="table-cell" style:data-style-name="N${name}"/>`;
    const automatic =
      style('date', '<number:date-style style:name="Ndate"><number:year/></number:date-style>') +
      style('time', '<number:time-style style:name="Ntime"><number:hours/></number:time-style>') +
      style('rate', '<number:percentage-style style:name="Nrate"/>');
    const body = table(
      row(
        number(45293.5, 'table:style-name="date"') +
          number(0.25, 'table:style-name="date"') +
          number(-1, 'table:style-name="date"') +
          number(0.25, 'table:style-name="time"') +
          number(0.25, 'table:style-name="rate"'),
      ),
    );

    expect((await rowsIn(body, { automatic }))[0]?.[1]).toEqual([
      { kind: 'datetime', ms: Date.UTC(2024, 0, 2, 12) },
      { kind: 'time', ms: 6 * HOUR },
      -1,
      { kind: 'time', ms: 6 * HOUR },
      0.25,
    ]);
    expect((await factsOf({ body, automatic })).units).toEqual([{ column: 4, unit: 'percent', count: 1 }]);
  });

  it('takes the style of a row or a column where a cell has none', async () => {
    const automatic =
      '<number:number-style style:name="N1"><number:number number:min-integer-digits="5"/></number:number-style><style:style style:name="zip" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="none" style:family="table-cell"/>';
    const columns =
      '<table:table-column table:number-columns-repeated="2"/><table:table-column table:default-cell-style-name="zip" table:number-columns-repeated="16382"/>';

    const rows = await rowsIn(
      table(
        columns +
          row(number(1) + number(2) + number(3) + number(4, 'table:style-name="none"')) +
          row(number(5), 'table:default-cell-style-name="zip"'),
      ),
      { automatic },
    );

    expect(rows).toEqual([
      [0, [1, 2, { kind: 'shown', value: 3, text: '00003' }, 4]],
      [1, [{ kind: 'shown', value: 5, text: '00005' }]],
    ]);
  });
});

describe('the shape of an OpenDocument sheet', () => {
  it('honours repeated rows and columns, and gaps of them', async () => {
    const rows = await rowsIn(
      table(
        row('<table:table-cell/>', 'table:number-rows-repeated="3"') +
          row(
            '<table:table-cell table:number-columns-repeated="2"/>' +
              number(1, 'table:number-columns-repeated="2"'),
            'table:number-rows-repeated="2"',
          ) +
          '<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
      ),
    );

    expect(rows).toEqual([
      [3, [null, null, 1, 1]],
      [4, [null, null, 1, 1]],
    ]);
  });

  it('finds rows in groups and headers, and cells behind covered ones', async () => {
    const rows = await rowsIn(
      table(
        `<table:table-header-rows>${row(`${text('k', 'table:number-columns-spanned="2" table:number-rows-spanned="2"')}<table:covered-table-cell/>${text('v')}`)}</table:table-header-rows>` +
          `<table:table-row-group>${row(`<table:covered-table-cell table:number-columns-repeated="2"/>${number(1)}`)}</table:table-row-group>`,
      ),
    );

    expect(rows).toEqual([
      [0, ['k', null, 'v']],
      [1, [null, null, 1]],
    ]);
  });

  it('ends a row at too long a gap', async () => {
    const bytes = odsBytes({
      body: table(row(`${number(1)}<table:table-cell table:number-columns-repeated="5"/>${number(2)}`)),
    });
    const reader = await openWorkbook('a.ods', bytes);
    const [sheet] = reader.sheets;
    if (sheet === undefined) throw new Error('There is no sheet');
    const read = async (gap: number) => {
      for await (const batch of reader.rows(sheet, gap)) return batch.rows;
      return [];
    };

    expect(await read(5)).toEqual([{ index: 0, cells: [1], cut: true, hidden: false }]);
    expect(await read(6)).toEqual([
      { index: 0, cells: [1, null, null, null, null, null, 2], cut: false, hidden: false },
    ]);
  });

  it('reads every sheet, as often as asked, and says which are hidden and which is active', async () => {
    const automatic =
      '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
    const body =
      table(row(text('a'))) +
      table(row(text('b')), 'table:name="H" table:style-name="ta2"') +
      table(row(text('c')), 'table:name="T &amp; U"') +
      '<table:table table:name="Blank"/>' +
      table(row(text('d')), `table:name="'file:///b.ods'#$S"`);
    const reader = await openWorkbook('a.ods', odsBytes({ body, automatic, active: 'T &amp; U' }));

    expect(reader.format).toBe('ods');
    expect(reader.tabCount).toBe(4);
    expect(reader.sheets).toEqual([
      { name: 'S', index: 0, visible: true, active: false },
      { name: 'H', index: 1, visible: false, active: false },
      { name: 'T & U', index: 2, visible: true, active: true },
      { name: 'Blank', index: 3, visible: true, active: false },
    ]);
    const seen: unknown[] = [];
    for (const sheet of [...reader.sheets, ...reader.sheets]) {
      for await (const { rows } of reader.rows(sheet, 500)) seen.push(...rows.map(({ cells }) => cells));
    }
    expect(seen).toEqual([['a'], ['b'], ['c'], ['a'], ['b'], ['c']]);
  });

  it('takes no table of linked values for a sheet', async () => {
    const links = `<table:dde-links><table:dde-link>${table(row(text('x')), '')}</table:dde-link></table:dde-links>`;
    const { sheets } = await openWorkbook('a.ods', odsBytes({ body: table(row(text('k'))) + links }));

    expect(sheets).toHaveLength(1);
  });

  it('passes over what may stand before the tables', async () => {
    const body = `<text:variable-decls xmlns:x="y"><text:variable-decl text:name="a"/></text:variable-decls><table:calculation-settings/>${table(row(text('k')))}`;

    expect(await rowsIn(body)).toEqual([[0, ['k']]]);
  });

  it('understands other prefixes, single quotes, comments and brackets in attributes', async () => {
    const content = `<?xml version='1.0'?><!DOCTYPE o [<!ENTITY a "b">]><o:document-content xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:t = "urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:x='urn:oasis:names:tc:opendocument:xmlns:table:1.0'><!-- <table> --><o:body><o:spreadsheet><table
      x:name='S'><table-row ><table-cell x:formula="of:=[.B1]>3" o:value-type = 'float' o:value='5'/><table-cell o:value-type="string"><t:p>a</t:p></table-cell></table-row ></table></o:spreadsheet></o:body></o:document-content>`;

    expect(await rowsOf('a.ods', zip([{ name: 'content.xml', content }]))).toEqual([[0, [5, 'a']]]);
  });

  it('reads UTF-16', async () => {
    const part: ZipPart = {
      name: 'content.xml',
      content: Buffer.from(
        '\uFEFF<office:document-content><table:table table:name="Zoë"><table:table-row><table:table-cell><text:p>北京</text:p></table:table-cell></table:table-row></table:table></office:document-content>',
        'utf16le',
      ),
    };

    expect(await rowsOf('a.ods', zip([part]))).toEqual([[0, ['北京']]]);
  });

  it('reads a sheet that comes in many pieces', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => row(number(at) + text(`row ${at}`))).join('');

    const read = await rowsIn(table(row(text('x')), 'table:name="First"') + table(rows), {}, 1);

    expect(read).toHaveLength(20_000);
    expect(read[19_999]).toEqual([19_999, [19_999, 'row 19999']]);
  });
});

describe('a large OpenDocument sheet', () => {
  it('is read piece by piece, however long its XML is', async () => {
    // More than any single row may have, and more than is held while one is waited for.
    const long = row(text('x'.repeat(30_000)));

    expect(await rowsIn(table(long.repeat(1_200)))).toHaveLength(1_200);
  });
});

describe('what an OpenDocument sheet holds beside its values', () => {
  it('counts hidden rows and columns, merged cells, notes, filters, units and formulas without a value', async () => {
    const body =
      table(
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/><table:table-column table:visibility="filter" table:number-columns-repeated="1000"/>' +
          row(
            text('k', 'table:number-columns-spanned="2"') +
              '<table:covered-table-cell/>' +
              text('<office:annotation><text:p>n</text:p></office:annotation><text:p>c</text:p>') +
              text('d'),
          ) +
          row('<table:table-cell/>', 'table:visibility="filter" table:number-rows-repeated="2"') +
          row(
            typed('percentage', 'office:value="0.5"') +
              typed('currency', 'office:value="2" office:currency="EUR"') +
              typed('time', 'office:time-value="PT30H"') +
              '<table:table-cell table:formula="of:=1+1"/>',
            'table:visibility="collapse"',
          ) +
          row(`<table:table-cell table:formula="of:=1" office:value-type="float"/>${number(1)}`) +
          row(
            '<table:table-cell/>' +
              typed('currency', 'office:value="3" office:currency="EUR" table:number-columns-repeated="1"'),
          ) +
          row('<table:table-cell/>', 'table:visibility="collapse" table:number-rows-repeated="1000000"'),
        `table:name="My 'S'"`,
      ) +
      `<table:database-ranges><table:database-range table:target-range-address="'My ''S'''.A1:'My ''S'''.D4" table:display-filter-buttons="true"/><table:database-range table:target-range-address="$Other.A1:Other.B2" table:display-filter-buttons="true"/></table:database-ranges>`;

    expect(await factsOf({ body })).toEqual({
      hiddenRows: 3,
      hiddenColumns: [1, 2, 3],
      merged: [{ top: 0, left: 0, bottom: 0, right: 1 }],
      notes: 1,
      filters: 1,
      uncalculated: { count: 2, first: 'D4' },
      units: [
        { column: 0, unit: 'percent', count: 1 },
        { column: 1, unit: 'EUR', count: 2 },
        { column: 2, unit: 'elapsed', count: 1 },
      ],
    });
  });

  it('says which rows are hidden', async () => {
    const body = table(row(text('a')) + row(text('b'), 'table:visibility="filter"'));
    const reader = await openWorkbook('a.ods', odsBytes({ body }));
    const hidden: unknown[] = [];
    for (const sheet of reader.sheets) {
      for await (const { rows } of reader.rows(sheet, 9)) hidden.push(...rows.map((row) => row.hidden));
    }

    expect(hidden).toEqual([false, true]);
  });

  it('finds the currency in a style where a cell names none', async () => {
    const automatic =
      '<number:currency-style style:name="N1"><number:currency-symbol>$</number:currency-symbol><number:number number:decimal-places="2" number:min-integer-digits="1"/></number:currency-style><style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>';

    const { units } = await factsOf({
      body: table(row(typed('currency', 'office:value="2" table:style-name="ce1"'))),
      automatic,
    });

    expect(units).toEqual([{ column: 0, unit: '$', count: 1 }]);
  });

  it('says nothing of a sheet with nothing but values', async () => {
    expect(await factsOf({ body: table(row(number(1))) })).toEqual(NO_FACTS);
  });
});

describe('OpenDocument files that cannot be read', () => {
  const good = table(row(text('k')));
  const entry = '<manifest:file-entry manifest:full-path="content.xml">';

  it.each<[string, () => Buffer, string, RegExp]>([
    [
      'encrypted parts',
      () => odsBytes({ body: good, manifest: `${entry}<manifest:encryption-data/></manifest:file-entry>` }),
      'unreadable_file',
      /password protected/,
    ],
    [
      'a package that is encrypted as a whole',
      () => zip([{ name: 'encrypted-package', content: 'x' }]),
      'unreadable_file',
      /password protected/,
    ],
    [
      'a text document',
      () =>
        zip([
          { name: 'content.xml', content: `<office:body><office:text>${good}</office:text></office:body>` },
        ]),
      'unreadable_file',
      /no spreadsheet/,
    ],
    ['no tables', () => odsBytes({ body: '' }), 'unreadable_file', /no spreadsheet/],
    [
      'a sheet that ends in its middle',
      () => zip([{ name: 'content.xml', content: '<table:table><table:table-row>' }]),
      'unreadable_file',
      /middle of a sheet/,
    ],
    [
      'broken XML',
      () => zip([{ name: 'content.xml', content: '<table:table><table:table-row table:name="a' }]),
      'unreadable_file',
      /not well formed/,
    ],
    [
      'a row beyond the last',
      () => odsBytes({ body: table(row('', 'table:number-rows-repeated="1048576"') + row(number(1))) }),
      'too_large',
      /rows/,
    ],
    [
      'a column beyond the last',
      () =>
        odsBytes({
          body: table(row(`<table:table-cell table:number-columns-repeated="16384"/>${number(1)}`)),
        }),
      'too_large',
      /columns/,
    ],
    [
      'a text that is repeated beyond measure',
      () =>
        odsBytes({
          body: table(row(text('x'.repeat(30_000), 'table:number-columns-repeated="16384"')).repeat(2)),
        }),
      'too_large',
      /text/,
    ],
    [
      'a text of spaces beyond measure',
      () =>
        odsBytes({ body: table(row(text(`<text:p>${'<text:s text:c="32767"/>'.repeat(20_000)}</text:p>`))) }),
      'too_large',
      /text/,
    ],
    ['too many sheets', () => odsBytes({ body: good.repeat(1_001) }), 'too_large', /sheets/],
  ])('%s', async (_, bytes, code, message) => {
    await expect(openWorkbook('a.ods', bytes())).rejects.toMatchObject({
      code,
      stage: 'read',
      message: expect.stringMatching(message),
    });
  });
});
