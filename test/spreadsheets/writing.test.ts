import { describe, expect, it } from 'vitest';
import type { PlainValue } from '../../lib/spreadsheets/cells.ts';
import { safeSheetNames, WorkbookWriter } from '../../lib/spreadsheets/write/workbook-writer.ts';
import { readOutput } from '../golden/read-output.ts';
import { rowsOf } from './support/process.ts';
import { type Rows, written as workbook } from './support/written.ts';

const written = (rows: Rows, names = ['Data']): Promise<Buffer> =>
  workbook(Object.fromEntries(names.map((name) => [name, rows])), { sized: true });

const DAY = 86_400_000;

describe('the workbook writer', () => {
  it('writes what an independent reader reads back', async () => {
    const bytes = await written([
      ['a & <b>', ' pad ', 'x\ny\tz', 'a\rb', '_x000D_', 'bell \u0007', '😀 é 北京'],
      [0, -1.5, 1e21, 123456789012345680, true, false, null],
      [
        { kind: 'date', ms: Date.UTC(2024, 1, 29) },
        { kind: 'datetime', ms: Date.UTC(2024, 0, 2, 3, 4, 5) },
        { kind: 'time', ms: DAY / 4 },
      ],
    ]);

    expect(readOutput(bytes)).toEqual({
      active: 'Data',
      sheets: [
        {
          name: 'Data',
          dims: 'A1:G3',
          n_rows: 3,
          rows: [
            ['a & <b>', ' pad ', 'x\ny\tz', 'a\rb', '_x000D_', 'bell \u0007', '😀 é 北京'],
            [0, -1.5, 1e21, 123456789012345680, true, false, null],
            [
              { date: '2024-02-29T00:00:00' },
              { date: '2024-01-02T03:04:05' },
              { time: '06:00:00' },
              null,
              null,
              null,
              null,
            ],
          ],
        },
      ],
    });
  });

  it('writes days that no workbook can count as texts', async () => {
    const ms = Date.UTC(1850, 2, 4);
    const rows = await rowsOf(
      'days.xlsx',
      await written([
        [
          { kind: 'date', ms },
          { kind: 'datetime', ms: ms + DAY / 2 },
          { kind: 'date', ms: Date.UTC(1899, 11, 31) },
        ],
        [{ kind: 'date', ms: Date.UTC(1900, 0, 1) }],
      ]),
    );
    expect(rows).toEqual([
      [0, ['1850-03-04', '1850-03-04 12:00:00', '1899-12-31']],
      [1, [{ kind: 'datetime', ms: Date.UTC(1900, 0, 1) }]],
    ]);
  });

  it('gives equal bytes for equal cells', async () => {
    expect(await written([['a', 1]])).toEqual(await written([['a', 1]]));
  });

  it('leaves out numbers no cell can hold', async () => {
    expect(await rowsOf('a.xlsx', await written([[Number.NaN, Number.POSITIVE_INFINITY, 1]]))).toEqual([
      [0, [null, null, 1]],
    ]);
  });

  it('escapes sheet names', async () => {
    const names = ['R&D <1> "x"', "O'Neil"];

    expect(readOutput(await written([['a']], names)).sheets.map(({ name }) => name)).toEqual(names);
  });

  it('reads back any value it wrote', async () => {
    const random = seeded(20_240_305);
    const rows = Array.from({ length: 300 }, () => Array.from({ length: 12 }, () => anyValue(random)));

    const back = await rowsOf('a.xlsx', await written(rows));

    for (const [index, cells] of back) expect(cells).toEqual(trimmed(rows[index] ?? []));
    expect(back.length).toBe(rows.length);
  });

  it('passes the failure of whoever takes the bytes on', async () => {
    const book = WorkbookWriter.start(['Data'], () => Promise.reject(new Error('disk full')));

    await expect(book).rejects.toThrow('disk full');
  });

  it('passes a failure in the middle of a sheet on', async () => {
    let taken = 0;
    const book = await WorkbookWriter.start(['Data'], (chunk) => {
      taken += chunk.byteLength;
      if (taken > 4_000) throw new Error('disk full');
    });
    const sheet = await book.sheet({ rows: 1, columns: 1 });
    const random = seeded(7);

    const work = (async () => {
      for (let row = 0; row < 60_000; row++) {
        sheet.startRow();
        sheet.cell(0, String(random()));
        await sheet.endRow();
      }
      await sheet.end();
    })();

    await expect(work).rejects.toThrow('disk full');
  });
});

describe('sheet names', () => {
  it.each([
    [
      ['a/b', 'a:b'],
      ['a_b', 'a_b_2'],
    ],
    [
      ['x'.repeat(40), 'x'.repeat(41)],
      ['x'.repeat(31), `${'x'.repeat(29)}_2`],
    ],
    [
      ['', "'a'"],
      ['Sheet', '_a_'],
    ],
    [
      ['Ab', 'aB'],
      ['Ab', 'aB_2'],
    ],
  ])('%j become %j', (names, safe) => {
    expect(safeSheetNames(names)).toEqual(safe);
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const ALPHABET = [...'abc XYZ09_x000D_&<>"\'\n\t\r\u0001\u001f\u00a0éß北😀\ufffe,;='];

function anyValue(random: () => number): PlainValue {
  const kind = Math.floor(random() * 9);
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return Math.floor((random() - 0.5) * 2 ** 40);
  if (kind === 3) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
  // Days from 1 on: a datetime on day 0 cannot be told from a time.
  if (kind === 4) return { kind: 'datetime', ms: Date.UTC(1900, 0, 1) + Math.floor(random() * 60_000 * DAY) };
  if (kind === 5) return { kind: 'time', ms: Math.floor(random() * DAY) };
  if (kind === 6) return { kind: 'duration', ms: Math.floor(random() * 1000 * DAY) };
  const length = 1 + Math.floor(random() * 30);
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

function trimmed(row: readonly PlainValue[]): PlainValue[] {
  const last = row.findLastIndex((value) => value !== null);
  return row.slice(0, last + 1);
}
