import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../lib/apis/operation/answer-size.ts';
import { changedMapping } from '../../../../lib/apis/workspace-runs/try/changed-mapping.ts';
import { firstThatFit } from '../../../../lib/apis/workspace-runs/try/try-limits.ts';

const column = (index: number, header: string | undefined, field?: string, table = 0) => ({
  sheet_name: 'Sheet1',
  table_index: table,
  column_index: index,
  ...(header === undefined ? {} : { header_raw: header }),
  ...(field === undefined ? {} : { mapped_field: field }),
});

describe('changedMapping', () => {
  it('names the columns that get another field, and no others', () => {
    const active = [column(0, 'No', 'id'), column(1, 'Mail'), column(2, 'Town', 'city'), column(3, 'Note')];
    const candidate = [
      column(0, 'No', 'id'),
      column(1, 'Mail', 'email'),
      column(2, 'Town'),
      column(3, 'Note'),
    ];

    expect(changedMapping(active, candidate)).toEqual([
      { header: 'Mail', from: null, to: 'email' },
      { header: 'Town', from: 'city', to: null },
    ]);
  });

  it('follows a header to where the other configuration found its table', () => {
    const active = [column(0, 'No', 'id'), column(1, 'Mail', 'mail')];
    const candidate = [column(4, 'No', 'id', 1), column(5, 'Mail', 'email', 1)];

    expect(changedMapping(active, candidate)).toEqual([{ header: 'Mail', from: 'mail', to: 'email' }]);
  });

  it('pairs columns of one header one by one, and those without a header by their place', () => {
    const active = [column(0, 'A', 'x'), column(1, 'A', 'y'), column(2, undefined, 'z')];
    const candidate = [column(0, 'A', 'x'), column(1, 'A', 'w'), column(2, undefined)];

    expect(changedMapping(active, candidate)).toEqual([
      { header: 'A', from: 'y', to: 'w' },
      { header: null, from: 'z', to: null },
    ]);
  });

  it('has columns of tables that only one of them found', () => {
    expect(changedMapping([column(0, 'Gone', 'a')], [column(3, 'New', 'b', 1)])).toEqual([
      { header: 'New', from: null, to: 'b' },
      { header: 'Gone', from: 'a', to: null },
    ]);
  });
});

describe('firstThatFit', () => {
  it('keeps to its bytes, and to what there is', () => {
    const items = Array.from({ length: 100 }, (_, at) => ({ text: `"${at}"` }));
    const some = firstThatFit(items, 500);

    expect(bytesOf(some)).toBeLessThanOrEqual(500);
    expect(bytesOf(items.slice(0, some.length + 4))).toBeGreaterThan(500);
    expect(firstThatFit(items, 100_000)).toEqual(items);
    expect(firstThatFit(items, 10)).toEqual([]);
  });
});
