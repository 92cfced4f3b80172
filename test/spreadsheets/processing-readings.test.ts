import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../lib/spreadsheets/cells.ts';
import { READ_FINDINGS, type ReadFindingCode } from '../../lib/spreadsheets/findings.ts';
import {
  type CellRange,
  NO_FACTS,
  type Row,
  type WorkbookReader,
} from '../../lib/spreadsheets/read/reader.ts';
import { isDoubt, sheetFindings } from '../../lib/spreadsheets/report/read-findings.ts';
import { fillMerged } from '../../lib/spreadsheets/rows/fill-merged.ts';
import { skipHidden } from '../../lib/spreadsheets/rows/skip-hidden.ts';
import { configurationOf, processed } from './support/process.ts';
import { sheetData, workbookBytes } from './support/workbook.ts';

const EMAIL = { name: 'email', headerTokenSets: [['email']] };
const NAME = { name: 'full_name', headerTokenSets: [['name']] };
const withSettings = (settings: Record<string, unknown>) => ({
  configuration: configurationOf([EMAIL, NAME], settings),
});

describe('a text file', () => {
  const SEMICOLONS = 'Name;Email\nAnn;a@x.com\nBob;b@x.com\n';

  it('is read as the settings say, and as the run says above them', async () => {
    const told = withSettings({ csv: { delimiter: ',', encoding: 'utf-8' } });
    const one = await processed('a.csv', SEMICOLONS, told);
    const two = await processed('a.csv', SEMICOLONS, { ...told, csv: { delimiter: ';' } });

    expect(one.output[0]?.rows[0]).toEqual(['email']);
    expect(two.output[0]?.rows[0]).toEqual(['full_name', 'email']);
  });

  it('is told of in report, events and metrics where it is not in UTF-8 with commas', async () => {
    const { report, events, metrics } = await processed('a.csv', SEMICOLONS, withSettings({}));

    expect(report.reading).toMatchObject({
      format: 'csv',
      encoding: 'utf-8',
      dialect: { delimiter: ';', quote: '"' },
      confidence: { encoding: expect.any(Number), dialect: expect.any(Number) },
    });
    expect(events.filter(({ event }) => event === 'engine.read.detected')).toEqual([
      expect.objectContaining({
        level: 'info',
        data: expect.objectContaining({ encoding: 'utf-8', dialect: report.reading?.dialect }),
      }),
    ]);
    expect(metrics).toMatchObject({ csv_encoding: 'utf-8', csv_delimiter: ';', read_findings_total: 0 });
  });

  it('in UTF-8 with commas is not', async () => {
    const { report, events, metrics } = await processed('a.csv', 'Name,Email\nAnn,a@x.com\n');

    expect(report).not.toHaveProperty('reading');
    expect(events.filter(({ event }) => event.startsWith('engine.read.'))).toEqual([]);
    expect(Object.keys(metrics).filter((name) => /^(csv|read)_/.test(name))).toEqual([]);
  });

  it('has its findings in the report, and those that make values doubtful in the events', async () => {
    const text = 'Name,Email\nAnn,a@x.com\nBob,b@x.com\nCid,c@x.com,more\n"Dan" x" y,d@x.com\n';
    const { report, events, metrics } = await processed('a.csv', text);
    const codes = report.reading?.findings.map(({ code }) => code) ?? [];

    expect(codes).toEqual(expect.arrayContaining(['stray_quotes', 'ragged_rows']));
    const told = events.filter(({ event }) => event === 'engine.read.finding');
    expect(told.map(({ level, data }) => [level, data?.code])).toEqual([['warning', 'stray_quotes']]);
    expect(metrics.read_findings_total).toBe(codes.length);
  });

  it.each(['ade', 'regions'])('has its header where it was told (%s)', async (tableDetection) => {
    const text = 'Members\nas of,2024-01-01\nwho,where\nName,Email\nAnn,a@x.com\n';
    const { output, report } = await processed('a.csv', text, {
      ...withSettings({ tableDetection }),
      csv: { headerRow: 3 },
    });

    expect(output[0]?.rows).toEqual([
      ['who', 'where'],
      ['Name', 'Email'],
      ['Ann', 'a@x.com'],
    ]);
    expect(report.workbooks[0]?.sheets[0]?.tables[0]?.structure.region.a1).toBe('A3:B5');
  });

  it('has no table where it ends above the header that was told', async () => {
    const { report } = await processed('a.csv', 'Name,Email\nAnn,a@x.com\n', { csv: { headerRow: 9 } });

    expect(report.evaluation).toMatchObject({
      outcome: 'failure',
      findings: [{ code: 'no_tables_detected' }],
    });
  });
});

describe('tables as regions', () => {
  const REGIONS = withSettings({ tableDetection: 'regions' });
  const SIDE_BY_SIDE = [
    ['Name', 'Email', null, null, 'Item', 'Price'],
    ['Ann', 'ann@x.com', null, null, 'Pen', 1.5],
    ['Bob', 'bob@x.com', null, null, 'Ink', 7],
    ['Cid', 'cid@x.com', null, null, 'Cap', 9],
  ];

  it('stand side by side, and are written one below another', async () => {
    const bytes = workbookBytes({ sheets: [sheetData(SIDE_BY_SIDE)] });
    const { output, report, columns } = await processed('a.xlsx', bytes, REGIONS);

    expect(report.workbooks[0]?.sheets[0]?.tables.map(({ structure }) => structure.region.a1)).toEqual([
      'A1:B4',
      'E1:F4',
    ]);
    expect(
      columns.map(({ table_index, column_index, header_raw }) => [table_index, column_index, header_raw]),
    ).toEqual([
      [0, 0, 'Name'],
      [0, 1, 'Email'],
      [1, 4, 'Item'],
      [1, 5, 'Price'],
    ]);
    expect(output[0]?.rows).toEqual([
      ['full_name', 'email'],
      ['Ann', 'ann@x.com'],
      ['Bob', 'bob@x.com'],
      ['Cid', 'cid@x.com'],
      [null, null],
      ['Item', 'Price'],
      ['Pen', 1.5],
      ['Ink', 7],
      ['Cap', 9],
    ]);
  });

  it('of a sheet too long to be kept are the same', async () => {
    const lines = Array.from({ length: 40_000 }, (_, row) => `p${row},p${row}@x.com,,,item${row},${row}`);
    const text = ['Name,Email,,,Item,Price', ...lines, ''].join('\n');
    const { output, metrics, report } = await processed('a.csv', text, REGIONS);

    expect(report.workbooks[0]?.sheets[0]?.tables.map(({ structure }) => structure.region.a1)).toEqual([
      'A1:B40001',
      'E1:F40001',
    ]);
    expect(metrics).toMatchObject({ row_count_total: 80_000, cell_count_non_empty: 160_000 });
    expect(output[0]?.rows[40_000]).toEqual(['p39999', 'p39999@x.com']);
    expect(output[0]?.rows.at(-1)).toEqual(['item39999', '39999']);
  });

  it('are merged by their names like any others', async () => {
    const bytes = workbookBytes({
      sheets: [
        sheetData([
          ['Name', 'Email', null, null, 'Name', 'Email'],
          ['Ann', 'ann@x.com', null, null, 'Cid', 'cid@x.com'],
          ['Bob', 'bob@x.com', null, null, 'Dan', 'dan@x.com'],
        ]),
      ],
    });
    const settings = withSettings({ tableDetection: 'regions', mergeTablesInSheet: true });
    const { output, report } = await processed('a.xlsx', bytes, settings);

    expect(output[0]?.rows.map(([name]) => name)).toEqual(['full_name', 'Ann', 'Bob', 'Cid', 'Dan']);
    expect(report.workbooks[0]?.sheets[0]?.tables[0]?.structure.region.a1).toBe('A1:F3');
  });
});

describe('sheets by the settings', () => {
  const rows = sheetData([
    ['Name', 'Email'],
    ['Ann', 'a@x.com'],
  ]);
  const book = workbookBytes({ sheets: [rows, rows, rows], states: ['', 'state="hidden"', ''] });
  const namesOf = async (sheets: Record<string, unknown>, options = {}) =>
    (await processed('a.xlsx', book, { ...withSettings({ sheets }), ...options })).sheets.map(
      ({ name }) => name,
    );

  it.each<[Record<string, unknown>, string[]]>([
    [{}, ['Sheet1', 'Sheet3']],
    [{ hidden: 'keep' }, ['Sheet1', 'Sheet2', 'Sheet3']],
    [{ include: [' Sheet3 '] }, ['Sheet3']],
    [{ exclude: ['Sheet1', 'Nope'] }, ['Sheet3']],
    [{ include: ['Sheet1', 'Sheet3'], exclude: ['Sheet3'] }, ['Sheet1']],
    [{ include: ['Sheet2'], hidden: 'keep' }, ['Sheet2']],
  ])('%j', async (sheets, expected) => {
    expect(await namesOf(sheets)).toEqual(expected);
  });

  it('are not asked where a run names its own', async () => {
    expect(await namesOf({ include: ['Sheet1'], exclude: ['Sheet3'] }, { sheetNames: ['Sheet3'] })).toEqual([
      'Sheet3',
    ]);
  });

  it.each([
    [{ include: ['Nope', 'Sheet1'] }, 'Worksheet(s) not found: Nope'],
    [{ include: ['Sheet2'] }, 'Worksheet(s) not found: Sheet2'],
    [
      { exclude: ['Sheet1', 'Sheet3'] },
      'The configuration excludes every worksheet. Change its settings.sheets.',
    ],
  ])('refuse %j', async (sheets, message) => {
    await expect(namesOf(sheets)).rejects.toMatchObject({ code: 'sheet_not_found', message });
  });
});

/** A workbook of one sheet, in memory. */
function readerOf(rows: Row[], merged: CellRange[] = []): WorkbookReader {
  return {
    format: 'xlsx',
    csv: null,
    sheets: [{ name: 'S', index: 0, visible: true, active: true }],
    tabCount: 1,
    findings: () => [],
    facts: async () => ({ ...NO_FACTS, merged }),
    async *rows() {
      yield { rows, claimedRows: 0 };
    },
  };
}

async function allRows(reader: WorkbookReader): Promise<[number, readonly CellValue[]][]> {
  const found: [number, readonly CellValue[]][] = [];
  const [sheet] = reader.sheets;
  if (sheet === undefined) throw new Error('There is no sheet');
  for await (const { rows } of reader.rows(sheet, 500)) {
    for (const { index, cells } of rows) found.push([index, cells]);
  }
  return found;
}

describe('hidden rows', () => {
  const row = (index: number, text: string, hidden = false): Row => ({
    index,
    cells: [text],
    cut: false,
    hidden,
  });
  const rows = [row(0, 'a', true), row(2, 'b'), row(3, 'c', true), row(4, 'd', true), row(7, 'e')];

  it('are left out, and those below them move up', async () => {
    const { reader, skippedIn } = skipHidden(readerOf(rows));
    const [sheet] = reader.sheets;
    if (sheet === undefined) throw new Error('There is no sheet');

    expect(await allRows(reader)).toEqual([
      [1, ['b']],
      [4, ['e']],
    ]);
    expect([0, 1, 2, 3, 4].map((at) => skippedIn(sheet).rowInSheet(at))).toEqual([1, 2, 5, 6, 7]);
  });

  it.each(['ade', 'regions'])(
    'of a workbook are read, or left out by the settings (%s)',
    async (tableDetection) => {
      const data = sheetData([
        ['Title'],
        ['Name', 'Email'],
        ['Ann', 'a@x.com'],
        ['Bob', 'b@x.com'],
        ['Cid', 'c@x.com'],
      ])
        .replace('<row r="1">', '<row r="1" hidden="1">')
        .replace('<row r="4">', '<row r="4" hidden="1">');
      const bytes = workbookBytes({ sheets: [data] });
      const kept = await processed('a.xlsx', bytes, withSettings({ tableDetection }));
      const { output, report } = await processed(
        'a.xlsx',
        bytes,
        withSettings({ tableDetection, hiddenRows: 'skip' }),
      );

      expect(kept.output[0]?.rows.map(([name]) => name)).toEqual(['full_name', 'Ann', 'Bob', 'Cid']);
      expect(output[0]?.rows.map(([name]) => name)).toEqual(['full_name', 'Ann', 'Cid']);
      expect(report.workbooks[0]?.sheets[0]?.tables[0]?.structure).toMatchObject({
        region: { a1: 'A2:B5' },
        header: { row_start: 2 },
        data: { row_start: 3, row_count: 2 },
      });
      expect(report.reading?.findings).toEqual([
        expect.objectContaining({ code: 'hidden_rows', at: 'Sheet1', count: 2 }),
      ]);
    },
  );
});

describe('merged cells', () => {
  const row = (index: number, ...cells: CellValue[]): Row => ({ index, cells, cut: false });
  const range = (top: number, left: number, bottom: number, right: number): CellRange => ({
    top,
    left,
    bottom,
    right,
  });

  it('have one value each where they are filled, in rows that are not in the file too', async () => {
    const rows = [row(0, 'a', null, null, 'x'), row(2, null, 'b'), row(5, 'c')];
    const merged = [range(5, 0, 7, 0), range(0, 0, 0, 2), range(0, 3, 3, 3)];

    expect(await allRows(fillMerged(readerOf(rows, merged)))).toEqual([
      [0, ['a', 'a', 'a', 'x']],
      [1, [null, null, null, 'x']],
      [2, [null, 'b', null, 'x']],
      [3, [null, null, null, 'x']],
      [5, ['c']],
      [6, ['c']],
      [7, ['c']],
    ]);
  });

  it('that overlap, or have no value, are left as they are', async () => {
    const rows = [row(0, 'a'), row(1, 'b', null, 'c')];
    const merged = [range(0, 0, 1, 1), range(1, 0, 1, 2), range(0, 5, 1, 5)];

    expect(await allRows(fillMerged(readerOf(rows, merged)))).toEqual([
      [0, ['a', 'a']],
      [1, ['a', 'a', 'c']],
    ]);
  });
});

describe('findings of a sheet', () => {
  it('are none where there is nothing', () => {
    expect(sheetFindings('S', NO_FACTS)).toEqual([]);
  });

  it('say what is there, where, and what to do', () => {
    const found = sheetFindings('Orders', {
      hiddenRows: 1,
      hiddenColumns: [1, 27],
      merged: [{ top: 0, left: 0, bottom: 0, right: 3 }],
      notes: 2,
      filters: 1,
      uncalculated: { count: 3, first: 'B3' },
      units: [{ column: 2, unit: 'EUR', count: 40 }],
    });

    expect(found.map(({ code, at, count }) => [code, at, count])).toEqual([
      ['uncalculated_formulas', 'Orders!B3', 3],
      ['hidden_rows', 'Orders', 1],
      ['hidden_columns', 'Orders', 2],
      ['merged_cells', 'Orders', 1],
      ['notes', 'Orders', 2],
      ['filters', 'Orders', 1],
      ['units', 'Orders', 1],
    ]);
    expect(found[0]?.message).toBe(
      '3 formulas have no stored result and are empty. Open the file in a spreadsheet program, save it and upload it again.',
    );
    expect(found.find(({ code }) => code === 'hidden_columns')?.message).toContain('B, AB');
    expect(found.at(-1)?.meta).toEqual({ units: [{ column: 'C', unit: 'EUR', count: 40 }] });
    for (const { message } of found) expect(message).toMatch(/^[^.]+\..*\.$|^[^.]+\.$/);
  });

  it('are doubts only where they are warnings', () => {
    const doubts = (Object.keys(READ_FINDINGS) as ReadFindingCode[]).filter((code) => isDoubt({ code }));

    expect(doubts.filter((code) => READ_FINDINGS[code] !== 'warning')).toEqual([]);
  });
});
