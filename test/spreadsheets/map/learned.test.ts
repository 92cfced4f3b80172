import { describe, expect, it } from 'vitest';
import { Corrections } from '../../../lib/spreadsheets/map/corrections.ts';
import { type ColumnCorrection, NOTHING_TAUGHT, type Taught } from '../../../lib/spreadsheets/map/taught.ts';
import { configurationOf, processed } from '../support/process.ts';

async function taughtColumns(
  headers: readonly string[],
  fields: object[],
  taught: Partial<Taught>,
  settings: object = {},
) {
  const text = [headers.join(','), headers.map(() => 'x').join(',')].join('\n');
  const configuration = configurationOf(fields, { csv: { headerRow: 1 }, ...settings });
  return (await processed('a.csv', text, { configuration, taught: { ...NOTHING_TAUGHT, ...taught } }))
    .columns;
}

const fieldsOf = async (...args: Parameters<typeof taughtColumns>) =>
  (await taughtColumns(...args)).map(({ mapped_field }) => mapped_field ?? null);

const header = (words: string, field: string | null, count = 1) => ({ header: words, field, count });
const F = { name: 'f', headerTokenSets: [['nothing']] };

describe('what was learned of headers', () => {
  it.each([
    ['a whole header', { headers: ['Unit Price'] }, 'g'],
    ['a set of all its words', { headerTokenSets: [['price', 'unit']] }, 'g'],
    ['a weak set of all its words', { weakTokenSets: [['price', 'unit']] }, 'g'],
    ['a set of some of its words', { headerTokenSets: [['price']], score: 5 }, 'f'],
    ['a near miss', { headerTokenSets: [['unit', 'prices']], similarity: 1 }, 'f'],
    ['its values', { valuePatterns: [{ pattern: 'x', score: 5 }] }, 'f'],
    ['a set that speaks against it', { headerTokenSets: [['price', 'unit']], score: -1 }, 'f'],
  ])('beside %s', async (_what, rule, field) => {
    const fields = [F, { name: 'g', ...rule }];

    expect(await fieldsOf(['Unit price'], fields, { headers: [header('unit price', 'f')] })).toEqual([field]);
    expect(await fieldsOf(['Unit price'], fields, { headers: [header('unit price', null)] })).toEqual([
      field === 'g' ? 'g' : null,
    ]);
  });

  it('agrees with a rule that names every word, against one that scores more', async () => {
    const fields = [
      { name: 'f', headerTokenSets: [['unit', 'price']], score: 0.5 },
      { name: 'g', headerTokenSets: [['price']] },
    ];

    expect(await fieldsOf(['Unit price'], fields, {})).toEqual(['g']);
    expect(await fieldsOf(['Unit price'], fields, { headers: [header('unit price', 'f')] })).toEqual(['f']);
  });

  it('scores 1 - 1/(n+1), at least what the rules say of the same field', async () => {
    const fields = [F, { name: 'g', headerTokenSets: [['some']] }];
    const taught = { headers: [header('one', 'f', 1), header('four', 'f', 4), header('some words', 'g')] };

    const columns = await taughtColumns(['One', 'x', 'Some words'], fields, taught);
    expect(columns[0]).toMatchObject({ mapping_score: 0.5, mapping_reason: 'learned' });
    expect(columns[2]).toMatchObject({ mapping_score: 1, mapping_reason: 'learned' });
    expect((await taughtColumns(['FOUR'], fields, taught))[0]?.mapping_score).toBeCloseTo(0.8);
  });

  it('is to decide while it has not been said often enough for minimumScore', async () => {
    const settings = { minimumScore: 0.6 };
    const say = (count: number) =>
      taughtColumns(['One'], [F], { headers: [header('one', 'f', count)] }, settings);

    expect((await say(1))[0]).toMatchObject({ unmapped_reason: 'below_threshold' });
    expect((await say(2))[0]).toMatchObject({ mapped_field: 'f' });
  });

  it('takes a field from columns that have some of its words, not from one that is named whole', async () => {
    const fields = [{ name: 'f', headers: ['Whole'], headerTokenSets: [['part']] }];
    const taught = { headers: [header('said', 'f')] };

    expect(await fieldsOf(['part of', 'Said'], fields, taught)).toEqual([null, 'f']);
    expect(await fieldsOf(['Part', 'Said'], fields, taught)).toEqual(['f', null]);
    expect(await fieldsOf(['Said', 'Whole'], fields, taught)).toEqual([null, 'f']);
  });

  it('of a field that is there no more says nothing', async () => {
    expect(await fieldsOf(['One'], [F], { headers: [header('one', 'gone')] })).toEqual([null]);
  });
});

describe('what was said of the columns of a document', () => {
  const place = { sheetName: 'a', sheetIndex: 0, tableIndex: 0 };
  const said = (columnIndex: number, words: string, field: string | null): ColumnCorrection => ({
    ...place,
    ...{ columnIndex, header: words, field },
  });
  const G = { name: 'g', headers: ['Whole'] };

  it('stands above every rule, whatever the settings', async () => {
    const taught = { corrections: [said(0, 'whole', 'f')], headers: [header('whole', 'g')] };
    const settings = { minimumScore: 50 };

    expect((await taughtColumns(['Whole'], [F, G], taught, settings))[0]).toMatchObject({
      mapped_field: 'f',
      mapping_score: 1,
      mapping_method: 'correction',
      mapping_reason: 'correction',
      runner_up: { field: 'g', score: 1 },
    });
  });

  it('takes the field from the column that had it; the latest of two that want one field has it', async () => {
    expect(await fieldsOf(['x', 'Whole'], [G], { corrections: [said(0, 'x', 'g')] })).toEqual(['g', null]);
    const both = { corrections: [said(0, 'x', 'f'), said(1, 'y', 'f')] };
    expect(await fieldsOf(['x', 'y'], [F], both)).toEqual([null, 'f']);
  });

  it('holds for the column of two of one header that it was said of', async () => {
    expect(await fieldsOf(['x', 'x'], [F, G], { corrections: [said(1, 'x', 'f')] })).toEqual([null, 'f']);
  });

  it('goes with a column that has moved, and not with a header that is gone', async () => {
    expect(await fieldsOf(['y', 'z', 'X'], [F], { corrections: [said(0, 'x', 'f')] })).toEqual([
      null,
      null,
      'f',
    ]);
    expect(await fieldsOf(['y'], [F], { corrections: [said(0, 'x', 'f')] })).toEqual([null]);
  });

  it('of another configuration whose field this one has not says nothing', async () => {
    expect(await fieldsOf(['Whole'], [G], { corrections: [said(0, 'whole', 'gone')] })).toEqual(['g']);
  });

  it('goes with a sheet that was renamed, and with tables that are written as one', () => {
    const corrections = [said(3, 'x', 'f')];
    const table = { sheetName: 'b', sheetIndex: 0, tableIndex: 0, firstColumn: 2, headers: ['w', 'x'] };
    const find = (sheetNames: string[], areMerged = false, more = {}) => [
      ...new Corrections(corrections, { sheetNames, areMerged }).of({ ...table, ...more }),
    ];

    expect(find(['b'])).toEqual([[1, 'f']]);
    expect(find(['b', 'a'])).toEqual([]);
    expect(find(['b'], false, { tableIndex: 1 })).toEqual([]);
    expect(find(['b'], true, { tableIndex: 1 })).toEqual([[1, 'f']]);
  });
});

describe('what was learned of values', () => {
  const rowsOf = async (fields: object[], values: readonly string[], taughtValues: Taught['values']) => {
    const configuration = configurationOf(fields, { csv: { headerRow: 1 }, writeDiagnosticsColumns: true });
    const taught = { ...NOTHING_TAUGHT, values: taughtValues };
    const { output, report } = await processed('a.csv', ['V,W', ...values].join('\n'), {
      configuration,
      taught,
    });
    return { rows: output[0]?.rows.slice(1).map((row) => row.slice(0, 2)), issues: report.issues };
  };

  it('takes the place of values that were read, before they are checked', async () => {
    const v = {
      name: 'v',
      headers: ['V'],
      transforms: [{ case: 'upper' }],
      validators: [{ oneOf: ['ONE', 'X'] }],
    };
    const taught = [
      { field: 'v', from: 'EINS', to: 'ONE' },
      { field: 'v', from: 'Y', to: null },
    ];

    const { rows, issues } = await rowsOf([v], ['eins,eins', ' Y ,b', 'x,c'], taught);

    expect(rows).toEqual([
      ['ONE', 'eins'],
      [null, 'b'],
      ['X', 'c'],
    ]);
    expect(issues).toBeUndefined();
  });

  it('is read as the field wants; what cannot be is an issue', async () => {
    const v = { name: 'v', headers: ['V'], dtype: 'date' };
    const taught = [
      { field: 'v', from: 'tomorrow', to: '2024-05-03' },
      { field: 'v', from: '2024-01-01', to: 'never' },
    ];

    const { rows, issues } = await rowsOf([v], ['tomorrow,a', '1.1.2024,b'], taught);

    expect(rows).toEqual([
      [{ date: '2024-05-03T00:00:00' }, 'a'],
      ['never', 'b'],
    ]);
    expect(issues).toMatchObject([{ field: 'v', code: 'unreadable_value', count: 1 }]);
  });

  it('without a type is what it takes the place of; a date is named as a preview writes it, too', async () => {
    const v = { name: 'v', headers: ['V'], transforms: [{ number: {} }] };
    const w = { name: 'w', headers: ['W'], dtype: 'date' };
    const taught = [
      { field: 'v', from: '500', to: '50' },
      { field: 'w', from: '2024-01-01T00:00:00', to: '2024-05-03' },
    ];

    const { rows } = await rowsOf([v, w], ['500,1.1.2024', '7,13.1.2024'], taught);

    expect(rows).toEqual([
      [50, { date: '2024-05-03T00:00:00' }],
      [7, { date: '2024-01-13T00:00:00' }],
    ]);
  });

  it('holds for values that are made of others', async () => {
    const fields = [
      { name: 'v', headers: ['V'] },
      { name: 'w', headers: ['W'] },
      { name: 'both', transforms: [{ join: { fields: ['v', 'w'] } }] },
    ];
    const configuration = configurationOf(fields, { csv: { headerRow: 1 } });
    const taught = { ...NOTHING_TAUGHT, values: [{ field: 'both', from: 'a b', to: 'AB' }] };

    const { output } = await processed('a.csv', 'V,W\na,b\nc,d', { configuration, taught });

    expect(output[0]?.rows.map((row) => row[2])).toEqual(['both', 'AB', 'c d']);
  });
});
