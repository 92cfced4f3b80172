import { describe, expect, it } from 'vitest';
import {
  builtinFormat,
  numberFormat,
  PLAIN_FORMAT,
  temporalOfIso,
} from '../../../lib/spreadsheets/read/number-format.ts';

const shown = (code: string, value: number) => numberFormat(code).mask?.(value) ?? null;

describe('numbers that are shown as names', () => {
  it.each([
    ['00000', 2494, '02494'],
    ['00000', 123456, '123456'],
    ['00000', 0, '00000'],
    ['00000', -5, '-00005'],
    ['000-00-0000', 12345678, '012-34-5678'],
    ['000\\-00\\-0000', 12345678, '012-34-5678'],
    ['"ID-"0000', 7, 'ID-0007'],
    ['\\N00000', 42, 'N00042'],
    ['(000) 000-0000', 2045550123, '(204) 555-0123'],
    ['\\(###\\)\\ ###\\-####', 2045550123, '(204) 555-0123'],
    ['0000 0000', 12345678, '1234 5678'],
    ['0#\\ ##\\ ##\\ ##\\ ##', 123456789, '01 23 45 67 89'],
    ['000"."000"."000\\-00', 1234567890, '012.345.678-90'],
    ['[<=9999999]###\\-####;\\(###\\)\\ ###\\-####', 5550123, '555-0123'],
    ['[<=9999999]###\\-####;\\(###\\)\\ ###\\-####', 2045550123, '(204) 555-0123'],
    ['[Red]00000;[Blue]"neg "00000', -5, 'neg 00005'],
    ['[$-409]00000', 2494, '02494'],
    ['00000;@', 2494, '02494'],
    ['"a;b"000', 5, 'a;b005'],
    ['_(00000_)', 5, '00005'],
    ['0000.00', 101.1, '0101.10'],
    ['00.0#', 1.25, '01.25'],
    ['00.0#', 1.5, '01.5'],
  ])('%s shows %d as %s', (code, value, text) => {
    expect(shown(code, value)).toBe(text);
  });

  it.each([
    ...['0', '#', '0.00', '#,##0', '#,##0.00', 'General', '0"kg"', '"days" 0', '0.00E+00', '# ?/?', '@'],
    ...['#\\ ##0', '# ##0.00', "#'##0", '???0', '00%', '"$"0000', '[$€-407]0000', '0000,', '', '0;(0)'],
  ])('%s shows amounts', (code) => {
    expect(numberFormat(code).mask).toBeNull();
  });

  it('leaves a number alone whose digits would not all be shown', () => {
    expect(shown('00000', 2494.5)).toBeNull();
    expect(shown('00000;;', 0)).toBeNull();
    expect(shown('00000', 1e21)).toBeNull();
  });

  it('does not go through the format of a hostile file for ever', () => {
    expect(numberFormat('0'.repeat(100_000)).mask).toBeNull();
  });
});

describe('units of numbers', () => {
  it.each([
    ['0%', 'percent'],
    ['0.0\\%', null],
    ['"100%"0', null],
    ['[$€-407]#,##0.00', '€'],
    ['#,##0.00\\ [$EUR]', 'EUR'],
    ['"EUR "0.00', 'EUR'],
    ['"kg "0.00', null],
    ['$#,##0', '$'],
    ['_("$"* #,##0.00_)', '$'],
    ['"R$ "0.00', 'R$'],
    ['[$-409]0', null],
    ['[h]:mm', 'elapsed'],
    ['yyyy-mm-dd', null],
  ])('%s shows %s', (code, unit) => {
    expect(numberFormat(code).unit).toBe(unit);
  });

  it('knows the formats that have no code', () => {
    expect([0, 9, 44, 46, 14].map((id) => builtinFormat(id).unit)).toEqual([
      null,
      'percent',
      '$',
      'elapsed',
      null,
    ]);
    expect(builtinFormat(2)).toBe(PLAIN_FORMAT);
  });
});

describe('format codes without end', () => {
  it.each(['[h', '"', '\\[', '0;', '_'])('cost no time: %s', (part) => {
    const start = performance.now();
    numberFormat(part.repeat(1_000_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('ISO dates', () => {
  it('have any number of digits behind the second', () => {
    const ms = Date.UTC(2024, 2, 4, 11, 1, 2);

    expect(temporalOfIso('2024-03-04T11:01:02.00000024400651375')).toEqual({ kind: 'datetime', ms });
    expect(temporalOfIso('2024-03-04T11:01:01.99999999999999999')).toEqual({ kind: 'datetime', ms });
  });

  it('of the first century are not those of the twentieth', () => {
    expect(temporalOfIso('0001-01-01T00:00:00')).toEqual({ kind: 'datetime', ms: -62_135_596_800_000 });
  });

  it.each(['2024-02-30', '2024-13-01', '2024-00-10T00:00:00', '25:00:00', '2024-03-04T10:61:00', '10:00:75'])(
    'are none where no calendar or clock has them: %s',
    (text) => expect(temporalOfIso(text)).toBeNull(),
  );
});
