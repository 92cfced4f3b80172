import { describe, expect, it } from 'vitest';
import type { GoldenCell } from '../golden/read-output.ts';
import { configurationOf, processed } from './support/process.ts';
import { sheetData, workbookBytes } from './support/workbook.ts';

const QTY = { name: 'qty', label: 'Quantity', headerTokenSets: [['qty']], dtype: 'integer' };
const AMOUNT = { name: 'amount', headerTokenSets: [['amount']], dtype: 'number' };
const DAY = { name: 'day', headerTokenSets: [['date']], dtype: 'date' };

type Settings = Record<string, unknown>;

/** A day as its text. */
const plain = (cell: GoldenCell) =>
  typeof cell === 'object' && cell !== null && 'date' in cell ? cell.date.replace('T00:00:00', '') : cell;

async function run(csv: string, fields: object[], settings: Settings = {}) {
  const configuration = configurationOf(fields, settings);
  const { output, metrics, report } = await processed('Orders.csv', csv, { configuration });
  return { rows: output[0]?.rows.map((cells) => cells.map(plain)), metrics, report };
}

describe('values of a type', () => {
  const CSV =
    'Qty;Amount;Start date\n5;1.234,56;03.04.2024\n?;(12);3. Mai 2024\n;12-;45413\n7;50 %;soon\n12;1.000;\n';

  it('are read as the whole column writes them', async () => {
    const { rows } = await run(CSV, [QTY, AMOUNT, DAY]);

    expect(rows).toEqual([
      ['qty', 'amount', 'day'],
      [5, 1234.56, '2024-04-03'],
      ['?', -12, '2024-05-03'],
      [null, -12, '2024-05-01'],
      [7, 0.5, 'soon'],
      [12, 1000, null],
    ]);
  });

  it('that cannot be read are issues, one by one', async () => {
    const { rows, metrics, report } = await run(CSV, [QTY, AMOUNT, DAY], { writeDiagnosticsColumns: true });

    expect(rows?.[0]?.slice(3)).toEqual([
      '__ade_issue__qty',
      '__ade_issue__day',
      '__ade_has_issues',
      '__ade_issue_count',
    ]);
    expect(rows?.[2]?.slice(3)).toEqual(['Quantity cannot be read as a whole number: ?', null, true, 1]);
    expect(report.issues).toEqual([
      {
        field: 'qty',
        code: 'unreadable_value',
        count: 1,
        examples: [{ sheet_name: 'Orders', row: 3, value: '?' }],
      },
      {
        field: 'day',
        code: 'unreadable_value',
        count: 1,
        examples: [{ sheet_name: 'Orders', row: 5, value: 'soon' }],
      },
    ]);
    expect(metrics).toMatchObject({ validation_issues_total: 2, validation_max_severity: 'warning' });
    expect(metrics).not.toHaveProperty('row_count_dropped');
  });

  it('that cannot be read can go', async () => {
    const { rows, report } = await run(CSV, [{ ...QTY, onUnreadable: 'blank' }, DAY]);

    expect(rows?.[2]?.[0]).toBeNull();
    expect(rows?.[4]?.[2]).toBe('soon');
    expect(report.issues?.map(({ field, count }) => [field, count])).toEqual([
      ['qty', 1],
      ['day', 1],
    ]);
  });

  it('that cannot be read can fail their rows, which are told', async () => {
    const { rows, metrics, report } = await run(CSV, [QTY, AMOUNT, { ...DAY, onUnreadable: 'keep' }], {
      onUnreadable: 'failRow',
    });

    expect(rows?.map(([qty]) => qty)).toEqual(['qty', 5, null, 7, 12]);
    expect(metrics).toMatchObject({ row_count_total: 5, row_count_dropped: 1, validation_issues_total: 2 });
    const table = report.workbooks[0]?.sheets[0]?.tables[0];
    expect(table?.dropped).toEqual({ counts: { failRow: 1 }, rows: [{ row: 3, reason: 'failRow' }] });
    expect(table?.validation.rows_evaluated).toBe(5);
    expect(table?.outputs?.normalized.range_a1).toBe('Orders!A1:C5');
  });

  it('that cannot be read break no other rule', async () => {
    const { report } = await run('Qty\nmany\n-1\n', [{ ...QTY, validators: [{ range: { min: 0 } }] }]);

    expect(report.issues?.map(({ code, examples }) => [code, examples[0]?.row])).toEqual([
      ['unreadable_value', 2],
      ['range', 3],
    ]);
  });

  it('that cannot be read break no rule of another field', async () => {
    const end = {
      name: 'end',
      headers: ['End'],
      dtype: 'date',
      validators: [{ compare: { operator: 'gte', field: 'day' } }],
    };
    const { report } = await run('Start date,End\nsoon,04.05.2024\n05.05.2024,04.05.2024\n', [DAY, end]);

    expect(report.issues?.map(({ field, code, count }) => [field, code, count])).toEqual([
      ['day', 'unreadable_value', 1],
      ['end', 'compare', 1],
    ]);
  });

  it('stay numbers where a text stands among them', async () => {
    const book = workbookBytes({
      sheets: [
        sheetData([
          ['Qty', 'Amount'],
          [1, 1.234],
          ['?', '5,5'],
          [3, 2],
        ]),
      ],
    });
    const configuration = configurationOf([QTY, AMOUNT]);
    const { output } = await processed('a.xlsx', book, { configuration });

    expect(output[0]?.rows.slice(1)).toEqual([
      [1, 1.234],
      ['?', 5.5],
      [3, 2],
    ]);
  });

  it('are told of at most ten times each', async () => {
    const { report } = await run(`Qty,Note\n${'x,y\n'.repeat(25)}`, [QTY]);

    expect(report.issues).toMatchObject([{ count: 25, examples: { length: 10 } }]);
  });
});

describe('a step that cannot read a value', () => {
  const day = (transforms: unknown[], dtype = 'string') => ({ ...DAY, dtype, transforms });

  it('is told, whatever the type', async () => {
    const { rows, report } = await run('Start date,Note\n04/03/2024,a\nsoon,b\n', [
      day([{ date: { order: 'dmy' } }]),
    ]);

    expect(rows?.map(([first]) => first)).toEqual(['day', '2024-03-04', 'soon']);
    expect(report.issues).toMatchObject([{ field: 'day', code: 'unreadable_value', count: 1 }]);
  });

  it('reads the texts among numbers, and not the numbers as if they were texts', async () => {
    const amount = { name: 'amount', headers: ['Amount'], transforms: [{ number: { decimal: ',' } }] };
    const sheet = sheetData([
      ['Amount', 'Email'],
      [1.234, 'a'],
      ['1.000,5', 'b'],
      [1000.5, 'c'],
    ]);
    const { output, report } = await processed('a.xlsx', workbookBytes({ sheets: [sheet] }), {
      configuration: configurationOf([amount]),
    });

    expect(output[0]?.rows.map(([first]) => first)).toEqual(['amount', 1.234, 1000.5, 1000.5]);
    expect(report).not.toHaveProperty('issues');
  });

  it('is no matter where a later one can', async () => {
    const { report } = await run('Start date,Note\nsoon,b\n', [day(['date', { map: { soon: null } }])]);

    expect(report).not.toHaveProperty('issues');
  });

  it('is no matter where the type can, which reads as the step says', async () => {
    const { rows, report } = await run('Start date,Note\n3 May 2024,b\n03/04/2024,b\n13/04/2024,c\n', [
      day([{ date: { order: 'mdy' } }], 'date'),
    ]);

    expect(rows?.map(([first]) => first)).toEqual(['day', '2024-05-03', '2024-03-04', '13/04/2024']);
    expect(report.issues).toMatchObject([{ count: 1, examples: [{ row: 4 }] }]);
  });
});

describe('what nothing in a column settles', () => {
  it('is a finding: dates', async () => {
    const { rows, report, metrics } = await run('Start date,Note\n03/04/2024,a\n05/06/2024,b\n', [DAY]);

    expect(rows?.[1]?.[0]).toBe('2024-04-03');
    expect(report.evaluation.findings).toEqual([
      {
        code: 'ambiguous_dates',
        severity: 'warning',
        message: expect.stringMatching(/^Dates of day such as 03\/04\/2024 could begin with .*order/),
        count: 2,
        meta: { field: 'day', read_as: 'dmy', example: '03/04/2024', sheet_names: ['Orders'] },
      },
    ]);
    expect(metrics).toMatchObject({ evaluation_findings_warning: 1, evaluation_outcome: 'success' });
  });

  it('is a finding: numbers, but not whole ones', async () => {
    const { rows, report } = await run('Amount;Qty\n1.234;1.234\n7;5\n', [AMOUNT, QTY]);

    expect(rows?.[1]).toEqual([1.234, 1234]);
    expect(report.evaluation.findings).toMatchObject([
      { code: 'ambiguous_numbers', count: 1, meta: { field: 'amount', read_as: '.' } },
    ]);
  });

  it('is none where the column, or a step, says it', async () => {
    const settled = await run('Amount;Start date\n1.234;03/04/2024\n0,5;13/04/2024\n', [AMOUNT, DAY]);
    const told = await run('Amount;Start date\n1.234;03/04/2024\n', [
      { ...AMOUNT, transforms: [{ number: { decimal: ',' } }] },
      { ...DAY, transforms: [{ date: { order: 'mdy' } }] },
    ]);

    expect(settled.report.evaluation.findings).toEqual([]);
    expect(settled.rows?.[1]).toEqual([1234, '2024-04-03']);
    expect(told.report.evaluation.findings).toEqual([]);
    expect(told.rows?.[1]).toEqual([1234, '2024-03-04']);
  });
});
