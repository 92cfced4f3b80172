import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../../lib/spreadsheets/cells.ts';
import { decimalText, plainText } from '../../../lib/spreadsheets/inspect/plain-text.ts';

const at = (iso: string): number => Date.parse(`${iso}Z`);

describe('a cell as text', () => {
  it.each<[string, CellValue]>([
    ['', null],
    [' a \n b ', ' a \n b '],
    ['true', true],
    ['false', false],
    ['02494', { kind: 'shown', value: 2494, text: '02494' }],
    ['2024-03-04', { kind: 'date', ms: at('2024-03-04T00:00:00') }],
    ['1899-12-31', { kind: 'date', ms: at('1899-12-31T00:00:00') }],
    ['2024-03-04T11:01:02', { kind: 'datetime', ms: at('2024-03-04T11:01:02') }],
    ['2024-03-04', { kind: 'datetime', ms: at('2024-03-04T00:00:00') }],
    ['2024-03-04T11:01:02.5', { kind: 'datetime', ms: at('2024-03-04T11:01:02.5') }],
    ['1969-12-31T23:59:59.05', { kind: 'datetime', ms: -950 }],
    ['11:01:02', { kind: 'time', ms: 39_662_000 }],
    ['00:00:07.125', { kind: 'time', ms: 7125 }],
    ['PT1H30M', { kind: 'duration', ms: 5_400_000 }],
    ['PT36H', { kind: 'duration', ms: 129_600_000 }],
    ['PT0S', { kind: 'duration', ms: 0 }],
    ['PT1.5S', { kind: 'duration', ms: 1500 }],
    ['-PT1M5S', { kind: 'duration', ms: -65_000 }],
  ])('is %j', (text, cell) => {
    expect(plainText(cell)).toBe(text);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [1.5, '1.5'],
    [1e21, '1000000000000000000000'],
    [-1.5e22, '-15000000000000000000000'],
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('has every digit of %d and no exponent', (value, text) => {
    expect(decimalText(value)).toBe(text);
    expect(Number(text) === value).toBe(true);
  });
});
