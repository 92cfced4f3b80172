import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../../lib/spreadsheets/output-formats/cell-forms.ts';
import type { OutputFormat } from '../../../lib/spreadsheets/output-formats/formats.ts';
import { convertSheet } from '../../../lib/spreadsheets/output-formats/index.ts';
import { readOutput } from '../../golden/read-output.ts';
import { sheetData, workbookBytes } from '../support/workbook.ts';
import { type Rows, written } from '../support/written.ts';

const day = (text: string) => ({ kind: 'date', ms: Date.parse(text) }) as const;
const moment = (text: string) => ({ kind: 'datetime', ms: Date.parse(`${text}Z`) }) as const;

/** A workbook of one sheet with these rows; an empty one is left out as a gap. */
const workbook = (rows: Rows): Promise<Buffer> => written({ Data: rows });

async function formOf(format: OutputFormat, bytes: Uint8Array, filename = 'a.xlsx', sheet = 0) {
  const chunks: Uint8Array[] = [];
  await convertSheet({ filename, bytes, sheet, format }, (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks);
}

const textIn = async (format: OutputFormat, bytes: Uint8Array) => (await formOf(format, bytes)).toString();

const fileOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

async function parquet(rows: Rows) {
  const file = fileOf(await formOf('parquet', await workbook(rows)));
  const { children } = parquetSchema(parquetMetadata(file));
  return {
    types: Object.fromEntries(
      children.map(({ element }) => [element.name, element.logical_type?.type ?? element.type]),
    ),
    rows: await parquetReadObjects({ file }),
    groups: parquetMetadata(file).row_groups.length,
  };
}

const MIXED = [
  ['Name', 'Count', 'Price', 'Paid', 'Day', 'At', 'Any', 'None'],
  ['Ada', 1, 1.5, true, day('2024-03-04'), moment('2024-03-04T05:06:07'), 'x', null],
  [],
  ['=1+1', 3, 2, false, day('1969-12-31'), moment('2024-03-04T00:00:00.250'), 7, null],
] as const;

describe('CSV', () => {
  it('is RFC 4180: quotes where needed, every row of one width, dates in ISO, values unchanged', async () => {
    const odd = [
      ['a', 'b"c', 'd,e'],
      ['line\nbreak', ' spaced ', '=HYPERLINK("x")'],
      [null, -5, null],
    ];
    expect(await textIn('csv', await workbook(odd))).toBe(
      'a,"b""c","d,e"\r\n"line\nbreak", spaced ,"=HYPERLINK(""x"")"\r\n,-5,\r\n',
    );
    expect(await textIn('csv', await workbook(MIXED))).toBe(
      [
        'Name,Count,Price,Paid,Day,At,Any,None',
        'Ada,1,1.5,true,2024-03-04,2024-03-04T05:06:07,x,',
        ',,,,,,,',
        '=1+1,3,2,false,1969-12-31,2024-03-04T00:00:00.250,7,',
        '',
      ].join('\r\n'),
    );
  });

  it('writes an empty row of one column so that it is a row', async () => {
    expect(await textIn('csv', await workbook([['a'], [], ['b']]))).toBe('a\r\n""\r\nb\r\n');
  });

  it('is empty for an empty sheet', async () => {
    expect(await textIn('csv', await workbook([]))).toBe('');
  });

  it('reads another text file into UTF-8 with commas', async () => {
    const bytes = Buffer.from('name;city\nZoë;Köln, West\nAda;Bonn\n', 'latin1');
    expect((await formOf('csv', bytes, 'a.csv')).toString()).toBe(
      'name,city\r\nZoë,"Köln, West"\r\nAda,Bonn\r\n',
    );
  });
});

describe('JSON lines', () => {
  it('has one object a row, with numbers, booleans and nulls', async () => {
    const lines = (await textIn('jsonl', await workbook(MIXED))).trimEnd().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        Name: 'Ada',
        Count: 1,
        Price: 1.5,
        Paid: true,
        Day: '2024-03-04',
        At: '2024-03-04T05:06:07',
        Any: 'x',
        None: null,
      },
      { Name: null, Count: null, Price: null, Paid: null, Day: null, At: null, Any: null, None: null },
      {
        Name: '=1+1',
        Count: 3,
        Price: 2,
        Paid: false,
        Day: '1969-12-31',
        At: '2024-03-04T00:00:00.250',
        Any: 7,
        None: null,
      },
    ]);
  });

  it('is empty for a sheet without rows below its header', async () => {
    expect(await textIn('jsonl', await workbook([['a', 'b']]))).toBe('');
    expect(await textIn('jsonl', await workbook([]))).toBe('');
  });

  it.each([
    [
      ['a', 'a', 'a_2', null, ' ', 'a'],
      ['a', 'a_3', 'a_2', 'column_4', 'column_5', 'a_4'],
    ],
    [
      ['column_2', null, 7, true],
      ['column_2', 'column_2_2', '7', 'true'],
    ],
  ])('headers %j are the names %j', (header, names) => {
    expect(columnNames(header, names.length)).toEqual(names);
  });
});

describe('Parquet', () => {
  it('gives every column the type of all its values', async () => {
    const { types, rows } = await parquet(MIXED);

    expect(types).toEqual({
      Name: 'STRING',
      Count: 'INT64',
      Price: 'DOUBLE',
      Paid: 'BOOLEAN',
      Day: 'DATE',
      At: 'TIMESTAMP',
      Any: 'STRING',
      None: 'STRING',
    });
    expect(rows).toEqual([
      {
        Name: 'Ada',
        Count: 1n,
        Price: 1.5,
        Paid: true,
        Day: new Date('2024-03-04'),
        At: new Date('2024-03-04T05:06:07Z'),
        Any: 'x',
        None: null,
      },
      { Name: null, Count: null, Price: null, Paid: null, Day: null, At: null, Any: null, None: null },
      {
        Name: '=1+1',
        Count: 3n,
        Price: 2,
        Paid: false,
        Day: new Date('1969-12-31'),
        At: new Date('2024-03-04T00:00:00.250Z'),
        Any: '7',
        None: null,
      },
    ]);
  });

  it('takes days among moments for moments, and durations, times and whole numbers beyond 2^53 as they are', async () => {
    const { types, rows } = await parquet([
      ['At', 'Long', 'Large'],
      [day('2024-03-04'), { kind: 'duration', ms: 90_000_000 }, 1e18],
      [moment('2024-03-04T05:06:07'), { kind: 'time', ms: 3_600_000 }, 2],
    ]);

    expect(types).toEqual({ At: 'TIMESTAMP', Long: 'STRING', Large: 'DOUBLE' });
    expect(rows).toEqual([
      { At: new Date('2024-03-04'), Long: '25:00:00', Large: 1e18 },
      { At: new Date('2024-03-04T05:06:07Z'), Long: '01:00:00', Large: 2 },
    ]);
  });

  it('writes row groups, so that a long sheet is never held whole', async () => {
    const rows = Array.from({ length: 100_002 }, (_, at): Rows[number][number][] =>
      at === 0 ? ['n'] : [at],
    );

    const { groups, rows: read } = await parquet(rows);

    expect(groups).toBe(2);
    expect(read).toHaveLength(100_001);
    expect(read.at(-1)).toEqual({ n: 100_001n });
  });

  it('is a file without columns for an empty sheet', async () => {
    expect(await parquet([])).toEqual({ types: {}, rows: [], groups: 0 });
  });
});

describe('a workbook', () => {
  it('is made of a text file, whose texts stay texts', async () => {
    const bytes = await formOf('xlsx', Buffer.from('id,n\n007,1\n'), 'list.csv');

    expect(readOutput(bytes).sheets).toMatchObject([
      {
        name: 'list',
        rows: [
          ['id', 'n'],
          ['007', '1'],
        ],
      },
    ]);
  });
});

it('a sheet that is not there, or a file that is no workbook, is refused', async () => {
  const bytes = workbookBytes({ sheets: [sheetData([['a']])] });
  await expect(formOf('csv', bytes, 'a.xlsx', 1)).rejects.toThrow('The file has no sheet 1');
  await expect(formOf('csv', Buffer.from('PK'), 'a.xlsx')).rejects.toThrow('no workbook');
});

it('the second sheet is the second sheet', async () => {
  const bytes = workbookBytes({ sheets: [sheetData([['a']]), sheetData([['b', 2]])] });

  expect((await formOf('csv', bytes, 'a.xlsx', 1)).toString()).toBe('b,2\r\n');
});
