import { describe, expect, it } from 'vitest';
import { numberFormat } from '../../lib/spreadsheets/read/number-format.ts';

const shownText = (code: string, value: number): string | null => numberFormat(code).mask?.(value) ?? null;

describe('a number as its format shows it', () => {
  it.each([
    ['00000', 2494, '02494'],
    ['00000', 12345, '12345'],
    ['00000', 0, '00000'],
    ['00', 123456, '123456'],
    ['00', -5, '-05'],
    ['000-00-0000', 12345678, '012-34-5678'],
    ['000\\-00\\-0000', 1012345678, '1012-34-5678'],
    ['[$-409]00000', 7, '00007'],
    ['[Red]000', 7, '007'],
    ['"ID 0"000', 7, 'ID 0007'],
    ['#00', 5, '05'],
    ['00_)', 5, '05'],
    ['00000;-00000', -5, '-00005'],
    ['00000;(00000)', -5, '(00005)'],
    ['000;-000;"none"', 0, null],
    ['[<=99999]00000;00000-0000', 2494, '02494'],
    ['[<=99999]00000;00000-0000', 24941234, '02494-1234'],
  ])('%s of %d is %s', (code, value, text) => {
    expect(shownText(code, value)).toBe(text);
  });

  it.each([
    'General',
    '@',
    '0',
    '#,##0',
    '00%',
    '00E+00',
    '00/00',
    '[$€-407]000',
    '$000',
    'yyyy-mm-dd',
    '[h]:mm:ss.00',
    'hh:mm:ss.000',
    '?0',
  ])('%s makes an amount of it', (code) => {
    expect(shownText(code, 7)).toBeNull();
  });

  it.each([1.5, 1e15, Number.NaN])('%d is no name', (value) => {
    expect(shownText('00000', value)).toBeNull();
  });
});
