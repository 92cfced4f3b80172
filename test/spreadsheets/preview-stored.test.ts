import { describe, expect, it } from 'vitest';
import {
  encodePreview,
  readPreviewIndex,
  readStoredRows,
  workbookSource,
} from '../../lib/spreadsheets/preview/index.ts';
import { processed } from './support/process.ts';
import { sheetData, workbookBytes } from './support/workbook.ts';

const lines = (rows: number): string =>
  [
    'First Name,Email,Hours',
    ...Array.from({ length: rows }, (_, row) => `Ann ${row},ann${row}@x.com,${row}`),
  ].join('\n');

async function stored(bytes: Uint8Array, sheets: Parameters<typeof encodePreview>[1]) {
  const preview = await encodePreview(bytes, sheets);
  const ranges: [number, number][] = [];
  const read = async (start: number, end: number) => {
    ranges.push([start, end]);
    return preview.bytes.subarray(start, end + 1);
  };
  const index = readPreviewIndex(preview.bytes.subarray(0, preview.indexBytes));
  const rows = (sheet: number, maxRows: number) =>
    readStoredRows(read, preview.indexBytes, index, sheet, maxRows);
  return { preview, index, rows, ranges };
}

describe('a stored preview', () => {
  it('says what the workbook says', async () => {
    const { bytes, sheets } = await processed('people.csv', lines(1200));
    const { index, rows } = await stored(bytes, sheets);
    const source = await workbookSource(bytes);
    const first = await source.first(0, { maxRows: 10_000, maxColumns: 10_000 });

    expect(index.sheets).toMatchObject([
      { name: 'people', isActive: true, totalRows: 1201, totalColumns: first.totalColumns },
    ]);
    expect(await rows(0, 10_000)).toEqual(first.rows);
  });

  it('is read in whole blocks, with one request and no more of them than needed', async () => {
    const { bytes, sheets } = await processed('people.csv', lines(3000));
    const { rows, ranges, preview } = await stored(bytes, sheets);

    expect(await rows(0, 200)).toHaveLength(500);
    expect(await rows(0, 501)).toHaveLength(1000);
    expect(ranges).toHaveLength(2);
    const [start, end] = ranges[0] ?? [0, 0];
    expect(end - start).toBeLessThan(preview.bytes.length / 5);
  });

  it('keeps 10,000 rows of a longer sheet, and its totals', async () => {
    const { bytes, sheets } = await processed('people.csv', lines(12_000));
    const { index, rows } = await stored(bytes, sheets);

    expect(index.sheets[0]?.totalRows).toBe(12_001);
    expect(await rows(0, 10_000)).toHaveLength(10_000);
  });

  it('finds every sheet, empty ones too', async () => {
    const table = (name: string) =>
      sheetData([
        ['First Name', 'Email'],
        [name, `${name}@x.com`],
      ]);
    const source = workbookBytes({ sheets: [table('ann'), '', table('bob')] });
    const { bytes, sheets } = await processed('three.xlsx', source);
    const { index, rows } = await stored(bytes, sheets);

    expect(index.sheets.map(({ name, totalRows }) => [name, totalRows])).toEqual([
      ['Sheet1', 2],
      ['Sheet2', 0],
      ['Sheet3', 2],
    ]);
    expect((await rows(0, 10))[1]?.[0]).toBe('ann');
    expect(await rows(1, 10)).toEqual([]);
    expect((await rows(2, 10))[1]?.[0]).toBe('bob');
    expect(await rows(3, 10)).toEqual([]);
  });

  it('keeps as much of wide rows as one answer takes', async () => {
    const wide = ['First Name,Email', ...Array.from({ length: 300 }, () => `${'x'.repeat(30_000)},y`)].join(
      '\n',
    );
    const { bytes, sheets } = await processed('wide.csv', wide);
    const kept = await (await stored(bytes, sheets)).rows(0, 10_000);

    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(300);
  });
});
