import { describe, expect, it } from 'vitest';
import { editSheet } from '../../../lib/spreadsheets/edit/index.ts';
import { workbookSource } from '../../../lib/spreadsheets/preview/index.ts';
import { zipEntries } from '../../../lib/spreadsheets/read/zip-guard.ts';
import { readOutput } from '../../golden/read-output.ts';
import { rowsOf } from '../support/process.ts';
import { sheetData, workbookBytes } from '../support/workbook.ts';
import { type Rows, written as workbook } from '../support/written.ts';

const DAY = Date.parse('2024-03-04');

/** A workbook as a run writes it: ids that look like numbers, numbers, days and booleans. */
const written = (): Promise<Buffer> =>
  workbook(
    Object.fromEntries(
      ['One', 'Two'].map((name): [string, Rows] => [
        name,
        [
          ['Id', 'Amount', 'Day', 'Paid'],
          ['007', 1.5, { kind: 'date', ms: DAY }, true],
          [name, 2, { kind: 'date', ms: DAY }, false],
        ],
      ]),
    ),
    { sized: true },
  );

const textsOf = async (bytes: Uint8Array, sheet = 0) => {
  const { rows } = await (await workbookSource(bytes)).first(sheet, { maxRows: 100, maxColumns: 100 });
  return rows.map((row) => [...row]);
};

/** The bytes of a part as they stand in the file. */
function part(bytes: Uint8Array, name: string): Buffer {
  const entry = zipEntries(bytes).get(name);
  if (entry === undefined) throw new Error(`There is no ${name}`);
  return Buffer.from(bytes.subarray(entry.offset, entry.offset + entry.compressedSize));
}

describe('an edited sheet', () => {
  it('has the rows, and types where its columns had them', async () => {
    const before = await written();
    const rows = [
      ['Id', 'Amount', 'Day', 'Paid', 'More'],
      ['007', '1.5', '2024-03-04T00:00:00', 'true', '1'],
      ['12', '3.25', '2025-01-02', 'true'],
      ['new', 'n/a', '2025-01-02T10:00:00', 'yes', ''],
    ];

    const after = await editSheet(before, 0, rows);

    expect((await rowsOf('a.xlsx', after)).map(([, cells]) => cells)).toEqual([
      rows[0],
      ['007', 1.5, { kind: 'datetime', ms: DAY }, true, '1'],
      ['12', 3.25, { kind: 'datetime', ms: Date.parse('2025-01-02') }, true],
      ['new', 'n/a', { kind: 'datetime', ms: Date.parse('2025-01-02T10:00:00Z') }, 'yes'],
    ]);
    expect(readOutput(Buffer.from(after)).sheets[0]?.rows[2]?.[2]).toEqual({ date: '2025-01-02T00:00:00' });
  });

  it('leaves the other sheets as they are, byte by byte', async () => {
    const before = await written();
    const after = await editSheet(before, 0, [['x']]);

    expect(part(after, 'xl/worksheets/sheet2.xml').equals(part(before, 'xl/worksheets/sheet2.xml'))).toBe(
      true,
    );
    expect(await textsOf(after, 1)).toEqual(await textsOf(before, 1));
    expect(await textsOf(after)).toEqual([['x']]);
    expect(part(after, 'xl/styles.xml').equals(part(before, 'xl/styles.xml'))).toBe(true);
    expect(readOutput(Buffer.from(after)).sheets.map(({ name }) => name)).toEqual(['One', 'Two']);
  });

  it('unchanged is unchanged, as often as it is edited', async () => {
    const before = await written();
    const once = await editSheet(before, 0, await textsOf(before));
    const twice = await editSheet(once, 0, await textsOf(once));

    expect(await rowsOf('a.xlsx', twice)).toEqual(await rowsOf('a.xlsx', before));
  });

  it('is empty where there are no rows', async () => {
    expect(await textsOf(await editSheet(await written(), 1, []), 1)).toEqual([]);
  });

  it('keeps the widths of a workbook of another program, its fonts, and dates with formats of theirs', async () => {
    const styles =
      '<numFmts count="1"><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><fonts count="1"><font/></fonts>' +
      '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>';
    const head =
      '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B9"/><cols><col min="1" max="1" width="33"/></cols>';
    const sheet = `${head}<sheetData><row r="1"><c r="A1" t="str"><v>Day</v></c></row><row r="2"><c r="A2" s="1"><v>45355</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>`;
    const before = workbookBytes({ sheets: [sheet, sheetData([['other', 1]])], styles });

    const after = await editSheet(before, 0, [['Däy'], ['2024-03-04T00:00:00'], ['2024-03-05']]);

    expect((await rowsOf('a.xlsx', after)).map(([, cells]) => cells)).toEqual([
      ['Däy'],
      [{ kind: 'datetime', ms: DAY }],
      [{ kind: 'datetime', ms: DAY + 86_400_000 }],
    ]);
    expect(await textsOf(after, 1)).toEqual([['other', '1']]);
    const again = await editSheet(after, 0, await textsOf(after));
    expect(await rowsOf('a.xlsx', again)).toEqual(await rowsOf('a.xlsx', after));
    expect(part(again, 'xl/styles.xml').equals(part(after, 'xl/styles.xml'))).toBe(true);
  });

  it('drops the order of calculation with the cells that it names', async () => {
    const before = workbookBytes({
      sheets: [sheetData([['a']])],
      change: (one) =>
        one.name === 'xl/workbook.xml'
          ? one
          : one.name === 'xl/_rels/workbook.xml.rels'
            ? {
                ...one,
                content: String(one.content).replace(
                  '</Relationships>',
                  '<Relationship Id="c" Type="x/calcChain" Target="calcChain.xml"/></Relationships>',
                ),
              }
            : one,
    });

    expect(await textsOf(await editSheet(before, 0, [['b']]))).toEqual([['b']]);
  });
});
