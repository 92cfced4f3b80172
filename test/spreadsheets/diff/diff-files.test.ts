import { describe, expect, it } from 'vitest';
import { diffFiles, MAX_LISTED_CELLS } from '../../../lib/spreadsheets/diff/index.ts';
import { type Rows, written } from '../support/written.ts';

const never = new AbortController().signal;
const file = async (sheets: Record<string, Rows>) =>
  ({ stem: 'x', format: 'xlsx', bytes: await written(sheets) }) as const;
const diff = async (a: Record<string, Rows>, b: Record<string, Rows>) =>
  (await diffFiles(await file(a), await file(b), never)).sheets;
const diffRows = async (a: Rows, b: Rows) => (await diff({ S: a }, { S: b }))[0];

const HEAD = ['Id', 'Name', 'City', 'Amount'];
const row = (no: number): (string | number)[] => [no, `Person ${no}`, `Town ${no % 7}`, no * 3];
const table = (count: number): Rows => [HEAD, ...Array.from({ length: count }, (_, at) => row(at + 1))];
const none = { name: 'S', added: 0, removed: 0, changed: [], truncated: false };

describe('the difference of two sheets', () => {
  it('is nothing for a sheet and itself', async () => {
    expect(await diffRows(table(50), table(50))).toEqual(none);
  });

  it.each([1, 7, 51])('counts one row that was inserted at %i as one added', async (at) => {
    const rows = [...table(50)];
    rows.splice(at, 0, [999, 'New', 'Elsewhere', 5]);

    expect(await diffRows(table(50), rows)).toEqual({ ...none, added: 1 });
    expect(await diffRows(rows, table(50))).toEqual({ ...none, removed: 1 });
  });

  it('names the cells of a row that changed, and its row in the later sheet', async () => {
    const rows = [...table(50)];
    rows.splice(10, 0, [999, 'New', 'Elsewhere', 5]);
    rows[21] = [20, 'Somebody', 'Town 6', 61];

    expect(await diffRows(table(50), rows)).toEqual({
      ...none,
      added: 1,
      changed: [
        { row: 22, column: 'B', from: 'Person 20', to: 'Somebody' },
        { row: 22, column: 'D', from: '60', to: '61' },
      ],
    });
  });

  it('tells a changed row from an inserted one beside it', async () => {
    const rows = [...table(5)];
    rows.splice(3, 1, [77, 'Other', 'Nowhere', 1], [3, 'Person 3', 'Moved', 9]);

    expect(await diffRows(table(5), rows)).toEqual({
      ...none,
      added: 1,
      changed: [{ row: 5, column: 'C', from: 'Town 3', to: 'Moved' }],
    });
  });

  it('is one row added and one removed where nothing of a row is left', async () => {
    const rows = [...table(5)];
    rows[2] = [88, 'Unlike', 'Far', 1000];

    expect(await diffRows(table(5), rows)).toEqual({ ...none, added: 1, removed: 1 });
  });

  it('follows columns by their names: one that was put in is the only one that changed', async () => {
    const rows = table(3).map(([id, ...rest], at) => [id ?? null, at === 0 ? 'Mail' : `m${at}`, ...rest]);
    const changed = ['Mail', 'm1', 'm2', 'm3'].map((to, at) => ({ row: at + 1, column: 'B', from: '', to }));

    expect(await diffRows(table(3), rows)).toEqual({ ...none, changed });
    expect(await diffRows(rows, table(3))).toEqual({
      ...none,
      changed: changed.map(({ to, ...cell }) => ({ ...cell, from: to, to: '' })),
    });
  });

  it('knows a column of another name by its values', async () => {
    const rows = table(5).map(([id, name, city, amount], at) => [
      at === 0 ? 'total' : (amount ?? null),
      ...[id ?? null, name ?? null, city ?? null],
    ]);

    expect(await diffRows(table(5), rows)).toEqual({
      ...none,
      changed: [{ row: 1, column: 'A', from: 'Amount', to: 'total' }],
    });
  });

  it('pairs rows of which everything was rewritten but the value that names them', async () => {
    const rows = table(300).map(([id, name, ...rest], at) =>
      at === 0 ? [...HEAD] : [id ?? null, `${name} x`, ...rest.map((value) => `${value} y`)],
    );
    rows.splice(100, 0, [5000, 'a', 'b', 'c']);
    const found = await diffRows(table(300), rows);

    expect(found).toMatchObject({ added: 1, removed: 0, truncated: false });
    expect(found?.changed).toHaveLength(900);
  });

  it('knows a row by the one value that no other row has', async () => {
    const rows = [...table(5)];
    rows[3] = [3, 'Somebody', 'Moved', 1000];

    expect((await diffRows(table(5), rows))?.changed.map(({ row, to }) => [row, to])).toEqual([
      [4, 'Somebody'],
      [4, 'Moved'],
      [4, '1000'],
    ]);
  });

  it('counts rows of a sheet without a header too', async () => {
    const rows = [
      [5, 7],
      [7, 9],
      [9, 11],
    ];

    expect(await diffRows(rows, [[1, 5], ...rows])).toEqual({ ...none, added: 1 });
  });

  it('lists 10,000 cells over all sheets and says where there are more', async () => {
    const sheet = (suffix: string): Rows => [
      ['Id', 'A', 'B'],
      ...Array.from({ length: 4000 }, (_, at) => [`n${at}`, `a${at}${suffix}`, `b${at}${suffix}`]),
    ];
    const sheets = await diff({ S: sheet(''), T: sheet('') }, { S: sheet('!x'), T: sheet('!x') });

    expect(sheets.map(({ name, changed, truncated }) => [name, changed.length, truncated])).toEqual([
      ['S', 8000, false],
      ['T', MAX_LISTED_CELLS - 8000, true],
    ]);
    expect(sheets.map(({ added, removed }) => [added, removed])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('lists fewer cells where their texts are long', async () => {
    const sheet = (fill: string): Rows => [
      ['Id', 'Text'],
      ...Array.from({ length: 200 }, (_, at) => [at, fill.repeat(30_000)]),
    ];
    const found = await diffRows(sheet('a'), sheet('b'));

    expect(found).toMatchObject({ added: 0, removed: 0, truncated: true });
    expect(found?.changed.length).toBeGreaterThan(40);
    expect(JSON.stringify(found).length).toBeLessThan(3_100_000);
  });

  it('ends in time where rows repeat without end', async () => {
    const rows = (seed: number): Rows =>
      Array.from({ length: 20_000 }, (_, at) => [(at * at * seed) % 5, (at * seed) % 3]);
    const started = performance.now();
    await diffRows(rows(1), rows(3));

    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('the difference of two files', () => {
  it('takes the sheets of the later one, then those that are gone', async () => {
    const sheets = await diff({ Gone: table(2), Same: table(2) }, { New: table(1), Same: table(2) });

    expect(sheets).toEqual([
      { ...none, name: 'New', added: 2 },
      { ...none, name: 'Same' },
      { ...none, name: 'Gone', removed: 3 },
    ]);
  });

  it('compares a workbook with a text file', async () => {
    const csv = { stem: 'edited', format: 'csv', bytes: Buffer.from('Id,Name\n1,Ann\n2,Bob\n') } as const;
    const { sheets } = await diffFiles(
      await file({
        S: [
          ['Id', 'Name'],
          [1, 'Ann'],
          [2, 'Ben'],
        ],
      }),
      csv,
      never,
    );

    expect(sheets).toEqual([
      { ...none, name: 'edited', changed: [{ row: 3, column: 'B', from: 'Ben', to: 'Bob' }] },
    ]);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('stop'));

    await expect(
      diffFiles(await file({ S: table(2) }), await file({ S: table(2) }), stopped),
    ).rejects.toThrow('stop');
  });
});
