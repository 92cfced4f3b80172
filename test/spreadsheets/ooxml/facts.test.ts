import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { NO_FACTS, type SheetFacts } from '../../../lib/spreadsheets/read/reader.ts';
import { workbookBytes, workbookParts } from '../support/workbook.ts';
import { type ZipPart, zip } from '../support/zip.ts';

const ROWS =
  '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3" hidden="true"/>';
const sheetOf = (rows: string, head = '', tail = ''): string =>
  `<?xml version="1.0"?><worksheet xmlns="x">${head}<sheetData>${rows}</sheetData>${tail}</worksheet>`;

/** The facts of the first sheet, asked for before its rows were read and after. */
async function factsOf(bytes: Buffer): Promise<SheetFacts> {
  const fresh = await openWorkbook('a.xlsx', bytes);
  const reader = await openWorkbook('a.xlsx', bytes);
  const [sheet] = reader.sheets;
  if (sheet === undefined) throw new Error('There is no sheet');
  for await (const _batch of reader.rows(sheet, 500));
  const facts = await reader.facts(sheet);
  expect(await fresh.facts(sheet)).toEqual(facts);
  return facts;
}

const workbookOf = (sheet: string, styles = ''): Buffer => workbookBytes({ sheets: [sheet], styles });

describe('what a sheet holds beside its values', () => {
  it('is nothing in a plain one', async () => {
    expect(await factsOf(workbookOf('<row><c><v>1</v></c></row>'))).toEqual(NO_FACTS);
    expect(await factsOf(workbookOf(''))).toEqual(NO_FACTS);
  });

  it('tells hidden rows and columns that hold values', async () => {
    const head = '<cols><col min="1" max="1" width="9"/><col min="2" max="16384" hidden="1"/></cols>';
    const reader = await openWorkbook('a.xlsx', workbookOf(sheetOf(ROWS, head)));
    const [sheet] = reader.sheets;
    if (sheet === undefined) throw new Error('There is no sheet');
    const hidden: number[] = [];
    for await (const { rows } of reader.rows(sheet, 500)) {
      hidden.push(...rows.filter((row) => row.hidden).map(({ index }) => index));
    }

    expect(hidden).toEqual([1, 2]);
    expect(await reader.facts(sheet)).toEqual({ ...NO_FACTS, hiddenRows: 1, hiddenColumns: [1, 2] });
  });

  it('tells merged cells and filters, but not the filters of views', async () => {
    const tail =
      '<autoFilter ref="A1:C3"/><mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="$c$4:c3"/></mergeCells><customSheetViews><customSheetView><autoFilter ref="A1"/></customSheetView></customSheetViews>';

    expect(await factsOf(workbookOf(sheetOf(ROWS, '', tail)))).toEqual({
      ...NO_FACTS,
      hiddenRows: 1,
      filters: 1,
      merged: [
        { top: 0, left: 0, bottom: 1, right: 1 },
        { top: 2, left: 2, bottom: 3, right: 2 },
      ],
    });
  });

  it('finds them below a long sheet', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `<row r="${at + 1}"><c><v>${at}.25</v></c></row>`);
    const tail = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>';

    expect((await factsOf(workbookOf(sheetOf(rows.join(''), '', tail)))).merged).toHaveLength(1);
  });

  it('counts formulas that were never calculated', async () => {
    const rows =
      '<row r="4"><c r="A4"><f>1</f><v>1</v></c><c r="B4"><f>1</f></c><c r="C4"><f>1</f><v></v></c><c r="D4"><f t="shared" si="0"/><v/></c><c r="E4" t="str"><f>""</f><v></v></c><c r="F4" t="str"><f>""</f></c></row>';

    expect((await factsOf(workbookOf(rows))).uncalculated).toEqual({ count: 4, first: 'B4' });
  });

  it('counts the units of numbers by column', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="[$€-407]0.00"/></numFmts><cellXfs><xf/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs>';
    const row =
      '<row><c><v>1</v></c><c s="1"><v>0.5</v></c><c s="2"><v>3</v></c><c s="3"><v>1.5</v></c></row>';

    expect((await factsOf(workbookOf(row.repeat(3), styles))).units).toEqual([
      { column: 1, unit: 'percent', count: 3 },
      { column: 2, unit: '€', count: 3 },
      { column: 3, unit: 'elapsed', count: 3 },
    ]);
  });

  it('counts notes and the filters of tables', async () => {
    const type = (name: string) =>
      `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${name}`;
    const parts: ZipPart[] = [
      ...workbookParts({ sheets: [ROWS] }),
      {
        name: 'xl/worksheets/_rels/sheet1.xml.rels',
        content: `<Relationships><Relationship Id="a" Type="${type('comments')}" Target="../comments1.xml"/><Relationship Id="b" Type="${type('table')}" Target="../tables/table1.xml"/><Relationship Id="c" Type="${type('comments')}" Target="../gone.xml"/></Relationships>`,
      },
      {
        name: 'xl/comments1.xml',
        content:
          '<x:comments xmlns:x="y"><x:authors/><x:commentList><x:comment ref="A1"><x:text/></x:comment><x:comment ref="B2"></x:comment></x:commentList></x:comments>',
      },
      { name: 'xl/tables/table1.xml', content: '<table ref="A1:C3"><autoFilter ref="A1:C3"/></table>' },
    ];

    expect(await factsOf(zip(parts))).toMatchObject({ notes: 2, filters: 1 });
  });
});
