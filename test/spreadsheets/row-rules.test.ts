import { describe, expect, it } from 'vitest';
import { Configuration, DEFAULT_CONFIGURATION } from '../../lib/spreadsheets/index.ts';
import { isNote, totalLabel } from '../../lib/spreadsheets/rows/total-words.ts';
import { processed } from './support/process.ts';
import { sheetData, workbookBytes } from './support/workbook.ts';
import { workedMs } from './support/worked-ms.ts';

const FIELDS = [
  { name: 'order', headerTokenSets: [['order']] },
  { name: 'customer', headerTokenSets: [['customer']] },
  { name: 'amount', headerTokenSets: [['amount']], dtype: 'number' },
];
const CSV = [
  'Order,Customer,Phone,Amount',
  'A-1,Ann,1,"1,000.50"',
  'A-2,Total Energies SA,2,20',
  ',,,',
  'Subtotal January,,,"1,020.50"',
  'Order,Customer,Phone,Amount',
  'A-3,Bob,3,7',
  '* Prices are without tax.,,,',
  'A-4,,,',
  'TOTAL,,,"1,027.50"',
  'STOP,,,',
  'A-5,Cleo,5,1',
].join('\n');

const ALL = [{ drop: 'blank' }, { drop: 'repeatedHeader' }, { drop: 'totals' }, { drop: 'notes' }];

async function run(rowRules: unknown[], bytes: string | Buffer = CSV, settings: object = {}) {
  const { rowDetectors } = DEFAULT_CONFIGURATION;
  const configuration = Configuration.parse({ rowDetectors, fields: FIELDS, rowRules, settings });
  const name = typeof bytes === 'string' ? 'orders.csv' : 'orders.xlsx';
  const { output, metrics, report } = await processed(name, bytes, { configuration });
  const tables = report.workbooks.flatMap(({ sheets }) => sheets.flatMap((sheet) => sheet.tables));
  return { rows: output[0]?.rows ?? [], metrics, tables };
}

const first = (rows: readonly (readonly unknown[])[]) => rows.map(([cell]) => cell);

describe('rules for rows', () => {
  it('drop what is no data, and tell what they dropped', async () => {
    const { rows, metrics, tables } = await run([...ALL, { stopAt: { column: 'order', matches: 'STOP' } }]);

    expect(first(rows)).toEqual(['order', 'A-1', 'A-2', 'A-3', 'A-4']);
    expect(tables.map(({ dropped }) => dropped)).toEqual([
      {
        counts: { blank: 1, totals: 2, repeatedHeader: 1, notes: 1, stopAt: 2 },
        rows: [
          { row: 4, reason: 'blank' },
          { row: 5, reason: 'totals' },
          { row: 6, reason: 'repeatedHeader' },
          { row: 8, reason: 'notes' },
          { row: 10, reason: 'totals' },
          { row: 11, reason: 'stopAt' },
          { row: 12, reason: 'stopAt' },
        ],
      },
    ]);
    expect(metrics).toMatchObject({ table_count: 1, row_count_total: 11, row_count_dropped: 7 });
    expect(tables[0]).toMatchObject({
      validation: { rows_evaluated: 4 },
      structure: { data: { row_start: 2, row_count: 11 } },
      outputs: { normalized: { range_a1: 'orders!A1:D5' } },
    });
  });

  it('compare long headers with long values in no time', async () => {
    const long = 'a '.repeat(16_000);
    const start = workedMs();
    const { tables } = await run(
      Array(50).fill({ drop: 'repeatedHeader' }),
      `Order,Customer,Amount,${long}\n${`A-1,Ann,1,${long}x\n`.repeat(50)}`,
    );

    expect(tables[0]?.counts.rows).toMatchObject({ total: 50 });
    expect(workedMs() - start).toBeLessThan(2_000);
  });

  it('are what somebody wrote: nothing is dropped without them, and nothing told', async () => {
    const { rows, metrics, tables } = await run([]);

    expect(rows).toHaveLength(13);
    expect(metrics).not.toHaveProperty('row_count_dropped');
    expect(tables.some((table) => 'dropped' in table)).toBe(false);
  });

  it('look at a column by its field or its header, and at the whole value', async () => {
    const { rows, tables } = await run([
      { drop: 'repeatedHeader' },
      { drop: { column: 'customer', matches: 'Ann|Bo' } },
      { drop: { column: '  PHONE ', matches: '[35]' } },
      { drop: { column: 'nobody', matches: '.*' } },
      { keepIf: { atLeast: 2 } },
    ]);

    expect(first(rows)).toEqual(['order', 'A-2', 'Subtotal January', 'TOTAL']);
    expect(tables[0]?.dropped?.counts).toEqual({ repeatedHeader: 1, matches: 3, keepIf: 4 });
  });

  it('see an empty cell as an empty text', async () => {
    const { rows } = await run([{ drop: { column: 'customer', matches: '' } }, { drop: 'repeatedHeader' }]);

    expect(first(rows)).toEqual(['order', 'A-1', 'A-2', 'A-3', 'A-5']);
  });

  it('leave numbers numbers where only a dropped row has a text', async () => {
    const book = workbookBytes({
      sheets: [
        sheetData([
          ['Order', 'Customer', 'Phone', 'Amount'],
          ['A-1', 'Ann', 12, 5],
          ['Order', 'Customer', 'Phone', 'Amount'],
          ['A-2', 'Bob', 13, 6],
        ]),
      ],
    });

    const { rows } = await run([{ drop: 'repeatedHeader' }], book);

    expect(rows).toEqual([
      ['order', 'customer', 'Phone', 'amount'],
      ['A-1', 'Ann', 12, 5],
      ['A-2', 'Bob', 13, 6],
    ]);
  });

  it('hold for tables found as regions, of which one goes on after its header once more', async () => {
    const csv = ['Order,Customer,Amount', 'A-1,Ann,"1.5"', 'A-2,Bob,2', 'Order,Customer,Amount', 'A-3,Cleo,3']
      .concat(['A-4,Dora,4', 'TOTAL,,10.5'])
      .join('\n');
    const { rows, tables } = await run(ALL, csv, { tableDetection: 'regions' });

    expect(rows).toEqual([
      ['order', 'customer', 'amount'],
      ['A-1', 'Ann', 1.5],
      ['A-2', 'Bob', 2],
      ['A-3', 'Cleo', 3],
      ['A-4', 'Dora', 4],
    ]);
    expect(tables.map(({ structure, dropped }) => [structure.region.a1, dropped?.counts])).toEqual([
      ['A1:C7', { repeatedHeader: 1, totals: 1 }],
    ]);
    expect((await run([{ drop: 'totals' }], csv, { tableDetection: 'regions' })).tables).toHaveLength(2);
  });

  it('hold for sheets that are read a second time', async () => {
    const lines = Array.from({ length: 60_000 }, (_, row) => (row % 2 === 0 ? `A-${row},Ann,1,2` : ',,,'));
    const { rows, metrics } = await run([{ drop: 'blank' }], `${CSV.split('\n')[0]}\n${lines.join('\n')}\n`);

    expect(rows).toHaveLength(30_001);
    expect(rows.at(-1)).toEqual(['A-59998', 'Ann', '1', 2]);
    expect(metrics).toMatchObject({ row_count_total: 60_000, row_count_dropped: 30_000 });
  });

  it.each<[unknown, string, RegExp]>([
    [{ drop: 'everything' }, 'rowRules.0.drop', /./],
    [{ drop: { column: 'a' } }, 'rowRules.0.drop', /./],
    [{ stopAt: { column: 'a', matches: '(' } }, 'rowRules.0.stopAt.matches', /invalid pattern/],
    [{ keepIf: { atLeast: 0 } }, 'rowRules.0.keepIf.atLeast', />=1/],
    [{ drop: 'blank', keepIf: { atLeast: 1 } }, 'rowRules.0', /exactly one/],
    [{}, 'rowRules.0', /exactly one of drop, stopAt, keepIf/],
  ])('are refused as %j', (rule, path, message) => {
    const issues = Configuration.safeParse({ fields: [], rowRules: [rule] }).error?.issues ?? [];

    expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
    expect(issues.map((issue) => issue.message).join()).toMatch(message);
  });
});

describe('labels of totals', () => {
  it.each([
    ...[
      'TOTAL',
      'Total:',
      'Grand total',
      'Gesamtsumme',
      'Zwischensumme Januar',
      'Total général',
      'Sous-total',
    ],
    ...[
      'Total janeiro',
      'Subtotal março 2024',
      'Suma',
      'Razem',
      'Celkem',
      'Összesen',
      'Genel Toplam',
      'ИТОГО:',
    ],
    ...['合计', '小計', '합계', 'المجموع', 'סה"כ', 'Σ', 'Yhteensä', 'Totaal'],
  ])('%s', (label) => {
    expect(totalLabel(label)).toBe('all');
  });

  it.each(['Totally Toys', 'Ann', 'Summer', 'the sum of all fears was a film with a plot', ''])(
    'but not %j',
    (label) => {
      expect(totalLabel(label)).toBe('none');
    },
  );

  it('but perhaps Total Energies', () => {
    expect(totalLabel('Total Energies')).toBe('some');
  });
});

describe('remarks', () => {
  it.each([
    ...['* without tax', 'Hinweis: Preise ohne MwSt.', 'Bu belge bilgi amaçlıdır.', '1) Stand Januar'],
    ...['注：以上数据仅供参考', 'Quelle: eigene Erhebung', 'Prices may change at any time'],
  ])('%s', (text) => {
    expect(isNote(text, 5)).toBe(true);
  });

  it('are known by their beginning, however long they are', () => {
    const start = workedMs();

    expect(isNote('Prices may change. '.repeat(100_000), 5)).toBe(true);
    expect(workedMs() - start).toBeLessThan(200);
  });

  it.each(['A-100', 'Nord', 'North West', '样本'])('but not %s', (text) => {
    expect(isNote(text, 5)).toBe(false);
  });
});
