import { describe, expect, it } from 'vitest';
import { Configuration, DEFAULT_CONFIGURATION } from '../../../lib/spreadsheets/index.ts';
import { fullName } from '../../../lib/spreadsheets/transform/full-name.ts';
import { processed } from '../support/process.ts';

const FIRMS = [
  'Müller & Söhne',
  'Smith and Sons',
  'Bäckerei Anton Huber GmbH',
  'Huber, Anton GmbH & Co. KG',
  'Turnverein Jahn 1861 e.V.',
  'Acme Widgets Trading, Inc.',
  'Smith Jones Partners LLP',
  'Transports Durand S.A.R.L.',
  'Costruzioni Bianchi S.r.l.',
  'Comercial do Norte Ltda.',
  'Yıldız Tekstil San. ve Tic. Ltd. Şti.',
  'Volkswagen Financial Services AG',
  'Kowalski Transport sp. z o.o.',
  'ООО Ромашка Плюс',
  '株式会社 山田 商店',
  'شركة النور التجارية',
];

describe('a full name', () => {
  it.each(FIRMS)('leaves the firm %s whole, whatever the rules', (name) => {
    expect(fullName(name, 'people')).toBe(name);
    expect(fullName(name, 'ade')).toBe(name);
  });

  it.each([
    ['Lee, Ann', 'Ann Lee'],
    ['van der Berg, Jan Piet', 'Jan Piet van der Berg'],
    [' Mary  Jane Watson ', 'Mary Jane Watson'],
    ["O'Connor, Zoë", "Zoë O'Connor"],
    ['Иванова, Анна Петровна', 'Анна Петровна Иванова'],
    ['Martin Luther King, Jr.', 'Martin Luther King, Jr.'],
    ['a,b,c', 'a,b,c'],
    ['Lee,', 'Lee,'],
    ['Room 12, North  Wing', 'Room 12, North  Wing'],
    ['lee, ann (ann@example.com)', 'lee, ann (ann@example.com)'],
  ])('of people keeps every part: %j is %j', (from, to) => {
    expect(fullName(from, 'people')).toBe(to);
  });

  it.each([
    ['Mary Jane Watson', 'Mary Watson'],
    ['a,b,c', 'b a'],
    [42, '42'],
  ])("as ADE's drops what stands between: %j is %j", (from, to) => {
    expect(fullName(from, 'ade')).toBe(to);
  });

  it('is no number, and no blank', () => {
    expect(fullName(42, 'people')).toBe(42);
    expect(fullName('  ', 'people')).toBeNull();
    expect(fullName('  ', 'ade')).toBeNull();
  });

  it('goes by the configuration: the first one of a workspace is as ADE', async () => {
    const csv = 'Name,Email\n"Watson, Mary Jane",m@x.com\nMary Jane Watson,m@x.com\nMüller & Söhne,s@x.com\n';
    const names = async (configuration: Configuration) =>
      (await processed('a.csv', csv, { configuration })).output[0]?.rows.slice(1).map(([name]) => name);
    const { fields, rowDetectors } = DEFAULT_CONFIGURATION;

    expect(await names(DEFAULT_CONFIGURATION)).toEqual(['Mary Jane Watson', 'Mary Watson', 'Müller & Söhne']);
    expect(await names(Configuration.parse({ fields, rowDetectors }))).toEqual([
      'Mary Jane Watson',
      'Mary Jane Watson',
      'Müller & Söhne',
    ]);
  });
});
