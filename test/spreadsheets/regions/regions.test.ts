import { describe, expect, it } from 'vitest';
import { columnLetters } from '../../../lib/spreadsheets/cells.ts';
import { RegionFinder } from '../../../lib/spreadsheets/detect/regions/index.ts';

/** A sheet drawn as text: cells parted by `|`, `.` is a blank one. */
function sheet(drawing: string): (string | null)[][] {
  const lines = drawing.split('\n').slice(1, -1);
  return lines.map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return cells.every((cell) => cell === '.') ? [] : cells.map((cell) => (cell === '.' ? null : cell));
  });
}

/** Ranges of the tables found, with their rows of headings. */
function found(drawing: string, headerRow?: number): string[] {
  const finder = new RegionFinder({ headerRow });
  for (const row of sheet(drawing)) finder.accept(row);
  return finder
    .finish()
    .map(
      ({ top, left, bottom, right, headerRows }) =>
        `${columnLetters(left)}${top + 1}:${columnLetters(right)}${bottom + 1} ${headerRows}`,
    );
}

describe('tables of a sheet', () => {
  it.each<[string, string, string[]]>([
    [
      'one table',
      `
Name | Qty | Day
Ann  | 2   | 2024-01-02
Bob  | 3   | 2024-01-03
`,
      ['A1:C3 1'],
    ],
    [
      'a title and a note around it, in Japanese',
      `
売上報告書 | . | .
. | . | .
商品 | 数量 | 日付
りんご | 2 | 2024-01-02
みかん | 3 | 2024-01-03
. | . | .
※ 税込価格です | . | .
`,
      ['A3:C5 1'],
    ],
    [
      'a title right above',
      `
Sales 2024 | . | .
Name | Qty | Price
Ann  | 2   | 3.5
Bob  | 3   | 4.5
`,
      ['A2:C4 1'],
    ],
    [
      'a title over merged cells',
      `
Sales 2024 | Sales 2024 | Sales 2024
Name | Qty | Price
Ann  | 2   | 3.5
Bob  | 3   | 4.5
`,
      ['A2:C4 1'],
    ],
    [
      'two below one another, in Greek',
      `
Όνομα | Ποσό
Άννα | 2
Νίκος | 3
. | .
Πόλη | Πληθυσμός
Αθήνα | 600000
Πάτρα | 170000
`,
      ['A1:B3 1', 'A5:B7 1'],
    ],
    [
      'two below one another, no blank row between',
      `
Name | Qty | Day
Ann  | 2   | 2024-01-02
Bob  | 3   | 2024-01-03
Item | Price | Until
Tea  | 3.5 | 2024-02-02
Salt | 1.5 | 2024-02-03
`,
      ['A1:C3 1', 'A4:C6 1'],
    ],
    [
      'the same heading again',
      `
Name | Note | Qty
Ann  | x | 2
Name | Note | Qty
Bob  | y | 3
`,
      ['A1:C2 1', 'A3:C4 1'],
    ],
    [
      'two side by side',
      `
Name | Qty | . | City | People
Ann  | 2   | . | Rome | 2800000
Bob  | 3   | . | Bari | 320000
Cy   | 4   | . | . | .
`,
      ['A1:B4 1', 'D1:E3 1'],
    ],
    [
      'a blank row within a table',
      `
Name | Qty | Price
Ann  | 2   | 3.5
. | . | .
Bob  | 3   | 4.5
Cy   | 4   | 5.5
`,
      ['A1:C5 1'],
    ],
    [
      'a blank row below the heading',
      `
Name | Qty | Price
. | . | .
Ann  | 2   | 3.5
Bob  | 3   | 4.5
`,
      ['A1:C4 1'],
    ],
    [
      'headings of two rows',
      `
Region | 2023 | . | 2024 | .
. | Men | Women | Men | Women
North | 1 | 2 | 3 | 4
South | 5 | 6 | 7 | 8
`,
      ['A1:E4 2'],
    ],
    [
      'years as headings',
      `
Country | 2020 | 2021 | 2022
Peru | 1.5 | 2.5 | 3.5
Chad | 2.5 | 3.5 | 4.5
`,
      ['A1:D3 1'],
    ],
    [
      'no heading at all',
      `
2024-01-02 | 12 | Ann
2024-01-03 | 15 | Bob
2024-01-04 | 11 | Cy
`,
      ['A1:C3 0'],
    ],
    [
      'texts alone',
      `
Name | City
Ann | Rome
Bob | Bari
`,
      ['A1:B3 1'],
    ],
    [
      'a heading alone',
      `
Name | City | Day
`,
      ['A1:C1 1'],
    ],
    [
      'a list',
      `
E-mail
a@x.com
b@x.com
`,
      ['A1:A3 1'],
    ],
    [
      'away from the corner',
      `
. | . | .
. | Name | Qty
. | Ann | 2
. | Bob | 3
`,
      ['B2:C4 1'],
    ],
    [
      'nothing',
      `
. | .
`,
      [],
    ],
  ])('%s', (_, drawing, expected) => {
    expect(found(drawing)).toEqual(expected);
  });

  it('begin with the heading that was told', () => {
    const drawing = `
Name | Qty | Day
Ann  | 2   | 2024-01-02
Who | Many | When
Bob  | 3   | 2024-01-03
`;
    expect(found(drawing, 3)).toEqual(['A3:C4 1']);
  });

  it('include the last column of a text file that is empty throughout', () => {
    const finder = new RegionFinder();
    for (const row of [
      ['2024-01-02', '12', null],
      ['2024-01-03', '15', null],
      ['2024-01-04', '7', null],
    ])
      finder.accept(row);

    expect(finder.finish()).toEqual([{ top: 0, left: 0, bottom: 2, right: 2, headerRows: 0 }]);
  });

  it('are found among a million cells in a moment of CPU', () => {
    const finder = new RegionFinder();
    finder.accept(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
    for (let row = 1; row < 100_000; row++) finder.accept([row, 'x', 2, 3, 4, 5, 6, 7, 8, 9]);
    const before = process.cpuUsage();

    expect(finder.finish()).toEqual([{ top: 0, left: 0, bottom: 99_999, right: 9, headerRows: 1 }]);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(4);
  });
});

describe('a list with a blank row below each row', () => {
  it('is one table, though all of it is text', () => {
    expect(found('\nName | City\n. | .\nAnn | Ulm\n. | .\nBob | Bonn\n. | .\nCy | Kiel\n')).toEqual([
      'A1:B7 1',
    ]);
  });
});

describe('sheets made to take long', () => {
  /** Seconds of CPU to find the tables of so many rows. */
  function secondsFor(rows: number, row: (at: number) => (string | null)[]): number {
    const before = process.cpuUsage();
    const finder = new RegionFinder();
    for (let at = 0; at < rows; at++) finder.accept(row(at));
    finder.finish();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }

  const lone = Array.from({ length: 2000 }, (_, at) => (at % 3 === 0 ? 'a' : null));
  const pairs = Array.from({ length: 3000 }, (_, at) => (at % 4 < 2 ? String(at) : null));
  const edge = ['wide', ...Array.from({ length: 16_000 }, () => null), 'end'];

  it.each<[string, number, (at: number) => (string | null)[]]>([
    ['a blank row below each row', 60_000, (at) => (at % 2 === 0 ? ['x', '1', '2024-01-02'] : [])],
    ['lone cells with blank ones all around', 1000, (at) => (at % 2 === 0 ? lone : [])],
    ['thousands of pairs side by side', 1000, (at) => (at % 3 === 0 ? pairs : [])],
    ['one wide row above many narrow ones', 300_000, (at) => (at === 0 ? edge : at === 1 ? [] : ['a'])],
    [
      'steps that are cut off one by one',
      2000,
      (at) =>
        Array.from({ length: 2000 }, (_, x) =>
          at % 2 === 0 ? (x < at ? null : 'a') : x === at - 1 ? 'a' : null,
        ),
    ],
  ])(
    '%s',
    (_, rows, row) => {
      expect(secondsFor(rows, row)).toBeLessThan(10);
    },
    60_000,
  );
});
