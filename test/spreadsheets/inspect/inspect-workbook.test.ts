import { describe, expect, it } from 'vitest';
import { describeTables, type PlacedRow } from '../../../lib/spreadsheets/inspect/describe-tables.ts';
import { type InspectOptions, inspectWorkbook } from '../../../lib/spreadsheets/inspect/inspect-workbook.ts';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import type { WorkbookReader } from '../../../lib/spreadsheets/read/reader.ts';

const EVERYTHING: InspectOptions = { tables: 'regions', rows: Number.POSITIVE_INFINITY };

/** What an onlooker is told, in the order in which it is told it. */
async function seen(reader: WorkbookReader, options = EVERYTHING): Promise<unknown[]> {
  const told: unknown[] = [];
  const findings = await inspectWorkbook(reader, options, {
    sheet: ({ name }) => told.push(name),
    row: (cells) => told.push(cells),
    tables: (tables) => told.push(...tables),
  });
  return [...told, ...findings.map(({ code }) => code)];
}

const csv = (text: string): Promise<WorkbookReader> => openWorkbook('a.csv', Buffer.from(text));

describe('inspecting a text file', () => {
  it('gives every record with the fields it has, the empty ones at its end too, and blank lines as no cells', async () => {
    const text = 'name,city,age\nAnn,,\n\n,,\n"",Rome\nBob,Oslo,7,extra\n\n';

    const told = await seen(await csv(text), { tables: 'ade', rows: Number.POSITIVE_INFINITY });

    expect(told.slice(1, 7)).toEqual([
      ['name', 'city', 'age'],
      ['Ann', '', ''],
      [],
      ['', '', ''],
      ['', 'Rome'],
      ['Bob', 'Oslo', '7', 'extra'],
    ]);
    expect(told[7]).toMatchObject({ range: 'A1:D6', headers: ['name', 'city', 'age', null] });
  });

  it('keeps the place of a line that says the separator, and shows none of it', async () => {
    const told = await seen(await csv('sep=;\nid;name\n1;Ann\n2;Bob\n'));

    expect(told.slice(1, 4)).toEqual([[], ['id', 'name'], ['1', 'Ann']]);
    expect(told[5]).toEqual({
      range: 'A2:B4',
      headerRows: 1,
      headers: ['id', 'name'],
      types: ['integer', 'string'],
    });
  });

  it('shows as many rows as are asked for, and looks for tables in all of them', async () => {
    const told = await seen(await csv('id,name\n1,Ann\n2,Bob\n3,Cy\n'), { tables: 'regions', rows: 2 });

    expect(told).toEqual([
      'a',
      ['id', 'name'],
      ['1', 'Ann'],
      { range: 'A1:B4', headerRows: 1, headers: ['id', 'name'], types: ['integer', 'string'] },
    ]);
  });

  it('tells of a long file what it tells of a short one, though it keeps none of its rows', async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, at) => `${at},Name ${at},${at / 4},${at % 30},2024-03-04`,
    );
    const text = ['id,name,half,day,born', ...rows, 'x;,"'].join('\r\n');

    const told = await seen(await csv(text), { tables: 'regions', rows: 0 });

    expect(told.slice(0, 2)).toEqual([
      'a',
      {
        range: expect.stringMatching(/^A1:E6000[12]$/),
        headerRows: 1,
        headers: ['id', 'name', 'half', 'day', 'born'],
        types: ['integer', 'string', 'number', 'integer', 'date'],
      },
    ]);
    expect(told.slice(2)).toEqual(expect.arrayContaining(['ragged_rows']));
  });
});

describe('describing tables', () => {
  const rows: PlacedRow[] = [
    { index: 0, cells: ['A report'] },
    { index: 2, cells: ['Name', 'Hours', null, 'Day'] },
    { index: 3, cells: [null, 'worked', null, ' '] },
    { index: 4, cells: ['Ann', 7, null, { kind: 'date', ms: 0 }] },
    { index: 6, cells: ['Bob', 7.5] },
  ];

  it('joins stacked headers and goes by the data rows, side by side', async () => {
    const regions = [
      { top: 2, left: 3, bottom: 4, right: 3, headerRows: 1 },
      { top: 2, left: 0, bottom: 6, right: 1, headerRows: 2 },
    ];

    expect(await describeTables(regions, rows)).toEqual([
      { range: 'D3:D5', headerRows: 1, headers: ['Day'], types: ['date'] },
      { range: 'A3:B7', headerRows: 2, headers: ['Name', 'Hours worked'], types: ['string', 'number'] },
    ]);
  });

  it('has a blank for every header of a table without any', async () => {
    const regions = [{ top: 4, left: 0, bottom: 6, right: 2, headerRows: 0 }];

    expect(await describeTables(regions, rows)).toEqual([
      { range: 'A5:C7', headerRows: 0, headers: [null, null, null], types: ['string', 'number', 'empty'] },
    ]);
  });

  it('reads no further than it must', async () => {
    let read = 0;
    function* endless(): Generator<PlacedRow> {
      for (; ; read++) yield { index: read, cells: [read === 0 ? 'n' : 1] };
    }

    const [table] = await describeTables(
      [{ top: 0, left: 0, bottom: 1_000_000, right: 0, headerRows: 1 }],
      endless(),
    );

    expect(table).toMatchObject({ range: 'A1:A1000001', types: ['integer'] });
    expect(read).toBe(10_001);
  });
});
