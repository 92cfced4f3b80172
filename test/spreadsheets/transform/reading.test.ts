import { describe, expect, it } from 'vitest';
import type { PlainValue, Temporal } from '../../../lib/spreadsheets/cells.ts';
import { ColumnEvidence } from '../../../lib/spreadsheets/transform/reading/column-evidence.ts';
import { typedReader, Unreadable } from '../../../lib/spreadsheets/transform/reading/typed-reader.ts';

const day = (year: number, month: number, date: number): Temporal => ({
  kind: 'date',
  ms: Date.UTC(year, month - 1, date),
});
const moment = (year: number, month: number, date: number, hour: number, minute: number): Temporal => ({
  kind: 'datetime',
  ms: Date.UTC(year, month - 1, date, hour, minute),
});

type Type = Parameters<typeof typedReader>[0];

/** Values of one column, read as all of them show that it is written. */
function columnOf(type: Type, values: readonly Exclude<PlainValue, null>[]): unknown[] {
  const evidence = new ColumnEvidence();
  for (const value of values) if (typeof value === 'string') evidence.accept(value);
  const read = typedReader(type, {
    decimal: evidence.decimal().reading,
    order: evidence.order().reading,
    told: { decimal: false, order: false },
    crossIsNo: evidence.crossIsNo,
    dotsBeginWithMonth: evidence.dotsBeginWithMonth,
    decimalIsShown: evidence.showsDecimal,
  });
  return values.map((value) => {
    const found = read(value);
    return found instanceof Unreadable ? undefined : found;
  });
}

describe('numbers', () => {
  it.each<[string, number]>([
    ['1.234,56', 1234.56],
    ['1,234.56', 1234.56],
    ['1 234,56', 1234.56],
    ['1\u202f234,56', 1234.56],
    ["1'234.50", 1234.5],
    ['1’234’567', 1_234_567],
    ['12,34,567.80', 1_234_567.8],
    ['(12)', -12],
    ['12-', -12],
    ['1.234,56-', -1234.56],
    ['\u2212 7,5', -7.5],
    ['+3', 3],
    ['€ 1,5', 1.5],
    ['-€ 1,5', -1.5],
    ['€ -1,5', -1.5],
    ['$ (3.10)', -3.1],
    ['($3,144.33)', -3144.33],
    ['R$ 1.234,00', 1234],
    ['1 500,00 zł', 1500],
    ['CHF 1’000.50', 1000.5],
    ['12.–', 12],
    ['12,-', 12],
    ['250 TL', 250],
    ['50 %', 0.5],
    ['%50', 0.5],
    ['٥٠٪', 0.5],
    ['\u20115', -5],
    ['12,5%', 0.125],
    ['5 ‰', 0.005],
    ['1,5E3', 1500],
    ['１２３．５', 123.5],
    ['١٬٢٣٤٫٥', 1234.5],
    ['۱۲', 12],
    ['0,500', 0.5],
    ['.5', 0.5],
    ['007', 7],
  ])('%j is %d', (text, number) => {
    expect(columnOf('number', [text])).toEqual([number]);
  });

  it.each(['?', 'n/a', '-', '--5', '1.2.3', '12 kg', '1,23,4', '€€5', '3-4', '', '1 2', '5 % %', '(5'])(
    '%j is none',
    (text) => {
      expect(columnOf('number', [text])).toEqual([text === '' ? '' : undefined]);
    },
  );

  it('are read as the whole column shows', () => {
    expect(columnOf('number', ['1.234', '2,5'])).toEqual([1234, 2.5]);
    expect(columnOf('number', ['1.234', '2.5'])).toEqual([1.234, 2.5]);
    expect(columnOf('number', ['1,234', '2.5', '7'])).toEqual([1234, 2.5, 7]);
  });

  it('are whole ones where the field is an integer', () => {
    expect(
      columnOf('integer', ['1.234', '1,234', '5,00', '2.5', '50 %', '12345678901234567890', 3, 3.5]),
    ).toEqual([1234, 1234, 5, undefined, undefined, undefined, 3, undefined]);
  });

  it('are no thousands where the column shows that their sign is the decimal one', () => {
    expect(columnOf('integer', ['1.000', '10.0', '2.500'])).toEqual([1, 10, undefined]);
    expect(columnOf('integer', ['1.000', '10,0', '2.500'])).toEqual([1000, 10, 2500]);
  });

  it('are none that a workbook cannot hold', () => {
    expect(columnOf('number', ['1e400', '-1e999', '12345678901234567890', '1e20'])).toEqual([
      ...[undefined, undefined, undefined, 1e20],
    ]);
  });
});

describe('dates', () => {
  it.each<[string | number, Temporal]>([
    ['2024-03-04', day(2024, 3, 4)],
    ['2024/3/4', day(2024, 3, 4)],
    ['04.03.2024', day(2024, 3, 4)],
    ['4.3.24', day(2024, 3, 4)],
    ['13/04/2024', day(2024, 4, 13)],
    ['04/13/2024', day(2024, 4, 13)],
    ['99-12-31', day(1999, 12, 31)],
    ['2024. 05. 03.', day(2024, 5, 3)],
    ['3. Mai 2024', day(2024, 5, 3)],
    ['mar. 7 mai 2024', day(2024, 5, 7)],
    ['mar. 5 mars 2024', day(2024, 3, 5)],
    ['3 mai 2024', day(2024, 5, 3)],
    ['1er février 2024', day(2024, 2, 1)],
    ['May 3rd, 2024', day(2024, 5, 3)],
    ['Friday, May 3, 2024', day(2024, 5, 3)],
    ['Mo 04.03.2024', day(2024, 3, 4)],
    ['3-May-24', day(2024, 5, 3)],
    ['3 de mayo de 2024', day(2024, 5, 3)],
    ['3 maggio 2024', day(2024, 5, 3)],
    ['3 de março de 2024', day(2024, 3, 3)],
    ['3 maja 2024', day(2024, 5, 3)],
    ['3. května 2024', day(2024, 5, 3)],
    ['2024. május 3.', day(2024, 5, 3)],
    ['3 мая 2024 г.', day(2024, 5, 3)],
    ['3 Ağustos 2024', day(2024, 8, 3)],
    ['3 listopada 2024', day(2024, 11, 3)],
    ['2024年5月3日', day(2024, 5, 3)],
    ['2024년 5월 3일', day(2024, 5, 3)],
    ['٠٣/١٣/٢٠٢٤', day(2024, 3, 13)],
    ['45413', day(2024, 5, 1)],
    ['45413.5', { kind: 'datetime', ms: Date.UTC(2024, 4, 1, 12) }],
    [45413, day(2024, 5, 1)],
    ['20240503', day(2024, 5, 3)],
    [20240503, day(2024, 5, 3)],
    ['2024-03-04T05:06:07Z', { kind: 'datetime', ms: Date.UTC(2024, 2, 4, 5, 6, 7) }],
    ['4.3.2024 17:06', moment(2024, 3, 4, 17, 6)],
    ['4.3.2024, 17.06 Uhr', moment(2024, 3, 4, 17, 6)],
    ['3. Mai 2024 17:06', moment(2024, 5, 3, 17, 6)],
    ['13/04/2024 5:06 pm', moment(2024, 4, 13, 17, 6)],
    ['13/04/2024 12:06 AM', moment(2024, 4, 13, 0, 6)],
  ])('%j', (text, date) => {
    expect(columnOf('date', [text])).toEqual([date]);
  });

  it.each<string | number | boolean>([
    ...[
      'soon',
      '30.02.2024',
      '2024',
      '05/2024',
      '3. Foo 2024',
      '31 June 2024',
      '1.2.3',
      '4.3.2024 25:00',
      '?',
    ],
    ...['999', 12, 3.5, true, 'Mai 2024', '3 May May 2024', '13/13/2024', '555-12-3456'],
  ])('%j is none', (value) => {
    expect(columnOf('date', [value])).toEqual([undefined]);
  });

  it('are read as the whole column shows', () => {
    expect(columnOf('date', ['03/04/2024', '13/04/2024'])).toEqual([day(2024, 4, 3), day(2024, 4, 13)]);
    expect(columnOf('date', ['03/04/2024', '04/13/2024'])).toEqual([day(2024, 3, 4), day(2024, 4, 13)]);
  });

  it('with dots begin with the day, unless most of a column can only begin with the month', () => {
    expect(columnOf('date', ['03.04.2024', '04.13.2024'])).toEqual([day(2024, 4, 3), undefined]);
    expect(columnOf('date', ['03.04.2024', '04/13/2024'])).toEqual([day(2024, 4, 3), day(2024, 4, 13)]);
    expect(columnOf('date', ['03.04.2024', '04.13.2024', '04.28.2024'])).toEqual([
      ...[day(2024, 3, 4), day(2024, 4, 13), day(2024, 4, 28)],
    ]);
  });

  it('with two figures for the year begin with it where a column has more days than years', () => {
    const days = ['24-03-04', '24-03-15', '24-04-28', '25-01-02', '24-12-31'];

    expect(columnOf('date', days)).toEqual([
      ...[day(2024, 3, 4), day(2024, 3, 15), day(2024, 4, 28), day(2025, 1, 2), day(2024, 12, 31)],
    ]);
    expect(columnOf('date', ['04/03/24', '15/03/24', '28/04/24'])).toEqual([
      ...[day(2024, 3, 4), day(2024, 3, 15), day(2024, 4, 28)],
    ]);
    expect(columnOf('date', [...days, '24-03-99'])[0]).toEqual(day(2004, 3, 24));
  });
});

describe('yes and no', () => {
  it.each<[string | number, boolean | undefined]>([
    ['Ja', true],
    ['nein', false],
    ['Sì', true],
    ['NÃO', false],
    ['是', true],
    ['否', false],
    ['نعم', true],
    ['Hayır', false],
    ['Да', true],
    ['x', true],
    ['v', true],
    ['✅', true],
    ['없음', false],
    [1, true],
    [2, undefined],
    ['maybe', undefined],
  ])('%j is %j', (text, value) => {
    expect(columnOf('boolean', [text])).toEqual([value]);
  });
});

describe('a cross', () => {
  it('says no beside other marks', () => {
    expect(columnOf('boolean', ['✓', 'x', ' X '])).toEqual([true, false, false]);
    expect(columnOf('boolean', ['O', 'x'])).toEqual([true, false]);
    expect(columnOf('boolean', ['x', '', 'nein'])).toEqual([true, '', false]);
  });
});

describe('the evidence of a column', () => {
  const evidenceOf = (texts: readonly string[]) => {
    const evidence = new ColumnEvidence();
    for (const text of texts) evidence.accept(text);
    return { decimal: evidence.decimal(), order: evidence.order() };
  };

  it('leaves open what nothing in it settles', () => {
    expect(evidenceOf(['03/04/2024', '05/05/2024', ' 06/07/2024']).order).toEqual({
      reading: 'dmy',
      open: 2,
      example: '03/04/2024',
    });
    expect(evidenceOf(['1.234', '1,5']).decimal).toEqual({ reading: ',', open: 0, example: null });
    expect(evidenceOf(['1.234', '7']).decimal).toEqual({ reading: '.', open: 1, example: '1.234' });
  });

  it('leaves open whether the year stands first, where few days tell', () => {
    expect(evidenceOf(['24-03-04', '24-03-15']).order).toEqual({
      reading: 'dmy',
      open: 2,
      example: '24-03-04',
    });
    expect(evidenceOf(['04.03.2024', '04.13.2024', '04.28.2024']).order).toMatchObject({
      reading: 'mdy',
      open: 1,
    });
    expect(evidenceOf(['04.03.24', '13.03.24']).order).toMatchObject({ reading: 'dmy', open: 0 });
  });

  it('leaves open what it settles both ways', () => {
    expect(evidenceOf(['1.234', '1,5', '2,5', '1.5']).decimal).toEqual({
      reading: ',',
      open: 1,
      example: '1.234',
    });
  });
});
