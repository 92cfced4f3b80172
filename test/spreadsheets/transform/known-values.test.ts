import { getCountries } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../lib/spreadsheets/index.ts';
import { countryReader } from '../../../lib/spreadsheets/transform/known/country.ts';
import { readEmail } from '../../../lib/spreadsheets/transform/known/email.ts';
import { phoneReader } from '../../../lib/spreadsheets/transform/known/phone.ts';
import { isPhoneCountry } from '../../../lib/spreadsheets/transform/known/phone-countries.ts';
import { configurationOf, processed } from '../support/process.ts';

describe('telephone numbers', () => {
  it.each([
    ['DE', '030 901820', '+4930901820'],
    ['DE', '+49 (0)30 / 90 18-20', '+4930901820'],
    ['DE', '0049 30 901820', '+4930901820'],
    ['DE', 'Tel.: 030 901820', '+4930901820'],
    ['DE', 'tel:+49-30-901820', '+4930901820'],
    ['DE', '030 901820 ext. 12', '+4930901820'],
    ['DE', '０３０ ９０１８２０', '+4930901820'],
    ['DE', '491701234567', '+491701234567'],
    ['DE', '301234567', '+49301234567'],
    ['DE', '+41 44 668 18 00', '+41446681800'],
    ['FR', '06 12 34 56 78', '+33612345678'],
    ['FR', '33612345678', '+33612345678'],
    ['GB', '020 7946 0958', '+442079460958'],
    ['US', '(555) 123-4567', '+15551234567'],
    ['IT', '06 69812345', '+390669812345'],
    ['IT', '3931234567', '+393931234567'],
  ])('of %s: %s is %s', (country, text, number) => {
    expect(phoneReader(country)(text)).toBe(number);
  });

  it.each(['n/a', 'call me', '12', '030 901820 / 030 901821', '-', '1'.repeat(10_000)])(
    '%s is none',
    (text) => {
      expect(phoneReader('DE')(text)).toBeNull();
    },
  );

  it('are no longer than they can be', () => {
    expect(phoneReader('DE')('1'.repeat(10_000))).toBeNull();
  });

  it('are known of the countries that a definition may name', () => {
    expect(getCountries().filter((code) => !isPhoneCountry(code))).toEqual([]);
  });
});

describe('e-mail addresses', () => {
  it.each([
    ['Ann.Lee@Example.COM', 'Ann.Lee@example.com'],
    ['"Lee, Ann" <ann@Example.com>', 'ann@example.com'],
    ['Ann Lee <ann@example.com>', 'ann@example.com'],
    ['ann@example.com <mailto:ann@example.com>', 'ann@example.com'],
    ['mailto:ann@Example.com?subject=Hi', 'ann@example.com'],
    ['MAILTO:ann@example.com', 'ann@example.com'],
    ['ann@example.com (work)', 'ann@example.com'],
    ["o'neil+news@ex-ample.co.uk", "o'neil+news@ex-ample.co.uk"],
    ['jörg@Käse.DE', 'jörg@käse.de'],
  ])('%s is %s', (text, address) => {
    expect(readEmail(text)).toBe(address);
  });

  it.each([
    'n/a',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann lee@example.com',
    'ann@example..com',
    'ann.@example.com',
    'ann@-example.com',
    'ann@example.com; bob@example.com',
    'ann@example.com, bob@example.com',
    'ann@bob@example.com',
  ])('%s is none', (text) => {
    expect(readEmail(text)).toBeNull();
  });
});

describe('texts that are no address', () => {
  it('cost little, however long they are', () => {
    const texts = [
      `${'a'.repeat(65)}@example.com`,
      '('.repeat(400),
      '"'.repeat(400),
      `a@${'b.'.repeat(5000)}de`,
    ];

    expect(texts.map(readEmail)).toEqual([null, null, null, null]);
  });
});

describe('countries', () => {
  it.each([
    ['DE', 'DE'],
    ['de', 'DE'],
    ['DEU', 'DE'],
    ['276', 'DE'],
    ['8', 'AL'],
    ['Deutschland', 'DE'],
    ['ALLEMAGNE', 'DE'],
    ['Etats-Unis', 'US'],
    ['U.S.A.', 'US'],
    ['UK', 'GB'],
    ['Großbritannien', 'GB'],
    ['GROSSBRITANNIEN', 'GB'],
    ['日本', 'JP'],
    ['россия', 'RU'],
    ['Côte d’Ivoire', 'CI'],
    ['Turkiye', 'TR'],
  ])('%s is %s', (text, code) => {
    expect(countryReader('alpha2')(text)).toBe(code);
  });

  it('are written in each form', () => {
    expect(countryReader('alpha3')('Suisse')).toBe('CHE');
    expect(countryReader('name')('Suisse')).toBe('Switzerland');
  });

  it.each(['?', 'Atlantis', 'ZZ', '999', 'Kongo', 'constructor'])('%s is none', (text) => {
    expect(countryReader('alpha2')(text)).toBeNull();
  });
});

describe('steps that know what they read', () => {
  const CSV =
    'Name,Phone,Mail,Country\nAnn,030 901820,ann@EXAMPLE.com,Suisse\nRay,n/a,nobody,Atlantis\n,,,\n';
  const fields = (rules: object = {}) => [
    { name: 'name', headerTokenSets: [['name']] },
    { name: 'phone', headerTokenSets: [['phone']], transforms: [{ phone: { country: 'de' } }], ...rules },
    { name: 'mail', headerTokenSets: [['mail']], transforms: ['email'], ...rules },
    { name: 'country', headerTokenSets: [['country']], transforms: [{ country: 'alpha3' }], ...rules },
  ];
  const run = (rules?: object, settings?: Record<string, unknown>) =>
    processed('a.csv', CSV, { configuration: configurationOf(fields(rules), settings) });

  it('write what they read, and tell what they cannot', async () => {
    const { output, report } = await run({}, { writeDiagnosticsColumns: true });

    expect(output[0]?.rows.slice(0, 3).map((cells) => cells.slice(0, 7))).toEqual([
      ['name', 'phone', 'mail', 'country', '__ade_issue__phone', '__ade_issue__mail', '__ade_issue__country'],
      ['Ann', '+4930901820', 'ann@example.com', 'CHE', null, null, null],
      [
        ...['Ray', 'n/a', 'nobody', 'Atlantis'],
        'phone cannot be read as a telephone number: n/a',
        'mail cannot be read as an e-mail address: nobody',
        'country cannot be read as a country: Atlantis',
      ],
    ]);
    expect(report.issues?.map(({ field, code, examples }) => [field, code, examples])).toEqual([
      ['phone', 'unreadable_value', [{ sheet_name: 'a', row: 3, value: 'n/a' }]],
      ['mail', 'unreadable_value', [{ sheet_name: 'a', row: 3, value: 'nobody' }]],
      ['country', 'unreadable_value', [{ sheet_name: 'a', row: 3, value: 'Atlantis' }]],
    ]);
  });

  it('leave out what they cannot read where that is wanted', async () => {
    const { output } = await run({ onUnreadable: 'blank' });

    expect(output[0]?.rows[2]).toEqual(['Ray', null, null, null]);
  });

  it('go on from what the steps before them made', async () => {
    const transforms = [
      { replace: { pattern: '^n/a$', with: '0171 1234567' } },
      { phone: { country: 'DE' } },
    ];
    const { output } = await run({ transforms });

    expect(output[0]?.rows.map((cells) => cells[1])).toEqual([
      ...['phone', '+4930901820', '+491711234567'],
      null,
    ]);
  });

  it('are refused with what to write', () => {
    const refused = (step: unknown) =>
      Configuration.safeParse({ fields: [{ name: 'a', transforms: [step] }] }).error?.issues[0]?.message;

    expect(refused({ phone: { country: 'Germany' } })).toContain('two letters such as "DE"');
    expect(refused('phone')).toBeDefined();
    expect(refused({ country: 'iso' })).toBeDefined();
  });
});
