import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../../lib/spreadsheets/cells.ts';
import { type ColumnType, joined, typeOfCell } from '../../../lib/spreadsheets/inspect/column-type.ts';

const typeOf = (...cells: CellValue[]): ColumnType =>
  cells.reduce<ColumnType>((type, cell) => {
    const next = typeOfCell(cell);
    return next === undefined ? type : joined(type, next);
  }, 'empty');

describe('the type of a text', () => {
  it.each([
    ['integer', ['0', '12', '-7', '+3', '1,234,567', "1'234'567", ' 5 ']],
    [
      'number',
      ['1.5', '1,5', '.5', '-0.25', '0,5', '1e5', '1.234,56', '1,234.56', '1.234', '$12.50', '12 %', '3 €'],
    ],
    ['boolean', ['true', 'FALSE', 'True']],
    ['date', ['2024-03-04', '4.3.2024', '04/03/24', '12/31/2024', '2024/3/4', '04-03-2024']],
    ['datetime', ['2024-03-04T11:01:02', '2024-03-04 11:01', '4.3.2024 11:01:02', '2024-03-04T11:01:02.5Z']],
    ['time', ['11:01', '9:05:07', '11:01:02.25', '9:05 PM']],
    ['duration', ['PT1H30M', '-PT5S', 'P1DT2H', '36:15:00']],
    [
      'string',
      ['Ann', '00123', '02494', '078-05-1120', '1.2.3', '192.168.0.1', '12 34 56', '31.2.2024', '99/99/2024'],
    ],
    [
      'string',
      [
        'P',
        'PT',
        'P1',
        '12a',
        '1,2,3',
        '-',
        '+',
        '$',
        'Tom',
        '#N/A',
        '25:99',
        `${'9'.repeat(41)}`,
        '1.234.56',
      ],
    ],
  ] as const)('is %s of %j', (type, texts) => {
    expect(texts.map((text) => [text, typeOfCell(text)])).toEqual(texts.map((text) => [text, type]));
  });

  it('is none of a blank one', () => {
    expect([null, '', '  ', '\u00a0'].map(typeOfCell)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('the type of a column', () => {
  it.each([
    ['empty', []],
    ['empty', [null, ' ']],
    ['integer', ['1', null, '2']],
    ['integer', [1, 2]],
    ['number', [1, 2.5, '3']],
    ['number', ['1.5', '2']],
    ['boolean', [true, 'false']],
    ['date', [{ kind: 'date', ms: 0 }, '2024-03-04']],
    [
      'datetime',
      [
        { kind: 'date', ms: 0 },
        { kind: 'datetime', ms: 5000 },
      ],
    ],
    ['datetime', ['2024-03-04 11:01', '2024-03-05']],
    ['time', [{ kind: 'time', ms: 0 }]],
    ['duration', [{ kind: 'duration', ms: 0 }]],
    ['string', [{ kind: 'shown', value: 2494, text: '02494' }, 'AB1']],
    ['mixed', ['1', 'one', '2']],
    ['mixed', ['2024-03-04', '5']],
    ['mixed', ['x', '2024-03-04', 'x']],
  ] as const)('is %s of %j', (type, cells) => {
    expect(typeOf(...cells)).toBe(type);
    expect(typeOf(...[...cells].reverse())).toBe(type);
  });
});
