import { describe, expect, it } from 'vitest';
import { RecordReader } from '../../../lib/spreadsheets/read/csv/records.ts';
import { processed, rowsOf } from '../support/process.ts';

const COMMAS = { delimiter: ',', quote: '"', escape: '"' };

const records = (text: string): string[][] => [
  ...new RecordReader(COMMAS, { repairs: false }).take(text, true),
];

describe('CSV records', () => {
  it.each<[string, string, string[][]]>([
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['no last line end', 'a\nb', [['a'], ['b']]],
    ['mixed line ends', 'a\r\nb\rc\nd', [['a'], ['b'], ['c'], ['d']]],
    [
      'empty fields',
      ',a,\n,,',
      [
        ['', 'a', ''],
        ['', '', ''],
      ],
    ],
    ['empty lines', '\na\n\n', [[], ['a'], []]],
    ['quoted', '"a,b","c""d"\n', [['a,b', 'c"d']]],
    ['a quoted line end', '"a\r\nb",c', [['a\r\nb', 'c']]],
    ['an empty quoted field', '""\n', [['']]],
    ['text after a quote', '"a"b"c",d', [['ab"c"', 'd']]],
    ['a quote inside', 'a"b,c "d"\n', [['a"b', 'c "d"']]],
    ['an open quote', 'a,"b\nc', [['a', 'b\nc']]],
    ['semicolons', 'a;b\n', [['a;b']]],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(records(text)).toEqual(expected);
  });
});

describe('CSV files', () => {
  it('are one visible, active sheet named after the file', async () => {
    const { output, sheets, columns } = await processed('folder/May intake.CSV', '\uFEFFEmail\na@x.com\n');

    expect(output[0]?.name).toBe('May intake');
    expect(sheets).toEqual([{ name: 'May intake', index: 0, isActive: true, totalRows: 2, totalColumns: 2 }]);
    expect(columns[0]).toMatchObject({
      workbook_name: 'May intake.CSV',
      sheet_name: 'May intake',
      header_raw: 'Email',
    });
  });

  it('have no rows after the last line with fields', async () => {
    expect(await rowsOf('a.csv', Buffer.from('a\n\nb\n\n\n'))).toEqual([
      [0, ['a']],
      [2, ['b']],
    ]);
  });

  it('keep numbers, formulas and long texts as text', async () => {
    const long = 'x'.repeat(40_000);
    const { output } = await processed('a.csv', `Email,Amount,Formula,Long\na@x.com,007,=1+1,${long}\n`);

    expect(output[0]?.rows[1]).toEqual(['a@x.com', '007', '=1+1', long.slice(0, 32_767), null]);
  });

  it('may be empty', async () => {
    const { metrics, output } = await processed('a.csv', '');

    expect(metrics).toMatchObject({ table_count: 0, evaluation_outcome: 'failure' });
    expect(output).toEqual([{ name: 'a', dims: 'A1:A1', n_rows: 0, rows: [] }]);
  });

  it('get a sheet name that spreadsheet programs accept', async () => {
    const { output } = await processed(`${'long name '.repeat(5)}[1].csv`, 'Email\n');

    expect(output[0]?.name).toBe('long name long name long name l');
  });
});
