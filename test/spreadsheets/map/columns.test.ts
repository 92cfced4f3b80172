import { describe, expect, it } from 'vitest';
import { type ColumnSurvey, widen } from '../../../lib/spreadsheets/detect/column-survey.ts';
import { Configuration } from '../../../lib/spreadsheets/index.ts';
import { ColumnMapper } from '../../../lib/spreadsheets/map/column-mapper.ts';
import { runColumns } from '../../../lib/spreadsheets/report/wire.ts';
import { RuleBudget } from '../../../lib/spreadsheets/rule-budget.ts';
import { configurationOf, processed } from '../support/process.ts';

/** The columns of a table with these headers, under a configuration of these fields. */
async function columnsOf(
  headers: readonly string[],
  fields: object[],
  { settings = {}, values = headers.map(() => 'x') }: { settings?: object; values?: string[] } = {},
) {
  const text = [headers, values].map((row) => row.map((cell) => JSON.stringify(cell)).join(',')).join('\n');
  const configuration = configurationOf(fields, { csv: { headerRow: 1 }, ...settings });
  const { report } = await processed('a.csv', text, { configuration });
  return { columns: runColumns(report), report };
}

const fieldsOf = async (...args: Parameters<typeof columnsOf>) =>
  (await columnsOf(...args)).columns.map(({ mapped_field }) => mapped_field ?? null);

describe('headers of every language', () => {
  it.each([
    ['prénom', 'Prenom'],
    ['prenom', 'PRÉNOM'],
    ['Prénom', 'Pre\u0301nom'],
    ['strasse', 'Straße'],
    ['lodz', 'Łódź'],
    ['đường', 'DUONG'],
    ['isim', 'İSİM'],
    ['ilk', 'ılk'],
    ['email', 'ＥＭＡＩＬ'],
    ['メールアドレス', 'ﾒｰﾙｱﾄﾞﾚｽ'],
    ['имя', 'Имя:'],
    ['नाम', 'पूरा नाम'],
  ])('a field of the word %s has the column %s', async (word, header) => {
    const { columns } = await columnsOf([header], [{ name: 'f', headerTokenSets: [[word]] }]);

    expect(columns[0]).toMatchObject({
      column_id: '0.0.0',
      mapped_field: 'f',
      mapping_score: 1,
      mapping_reason: 'exact words',
    });
  });

  it('a word with its diacritics is nearer than one without', async () => {
    const fields = [
      { name: 'a_resume', headerTokenSets: [['resume']] },
      { name: 'b_resume', headerTokenSets: [['résumé']] },
    ];

    const { columns } = await columnsOf(['Résumé', 'Resume'], fields);

    expect(columns.map(({ mapped_field }) => mapped_field)).toEqual(['b_resume', 'a_resume']);
    expect(columns[0]?.runner_up).toEqual({ field: 'a_resume', score: 1 });
  });

  it('a whole header stands above every set, and above columns further left', async () => {
    const fields = [
      { name: 'address', headerTokenSets: [['mail', 'address'], ['home']], score: 50 },
      { name: 'email', headers: ['Mail address', 'メールアドレス'], headerTokenSets: [['mail']] },
    ];

    const { columns } = await columnsOf(['Mail', 'MAIL-ADDRESS', 'Home'], fields, {
      settings: { mappingTieResolution: 'leave_unmapped' },
    });

    expect(columns.map(({ mapped_field }) => mapped_field ?? null)).toEqual([null, 'email', 'address']);
    expect(columns[1]).toMatchObject({
      mapping_score: 1,
      mapping_reason: 'whole header',
      runner_up: { field: 'address', score: 50 },
    });
    expect(await fieldsOf(['メールアドレス', 'メール'], fields)).toEqual(['email', null]);
  });

  it('a whole header may be a sign, and values may still speak against it', async () => {
    const fields = [{ name: 'number', headers: ['#'], valuePatterns: [{ pattern: '[a-z]+', score: -5 }] }];

    expect(await fieldsOf(['#', '%'], fields, { values: ['1', '2'] })).toEqual(['number', null]);
    expect(await fieldsOf(['#', '%'], fields)).toEqual([null, null]);
  });

  it('header words make a row a header in every language', async () => {
    const configuration = Configuration.parse({
      rowDetectors: { headerTokens: ['prénom', 'nom', 'ville', 'メール'] },
      fields: [{ name: 'first_name', headerTokenSets: [['prenom']] }],
    });

    const text = 'Liste du personnel,,\nPRÉNOM,Nom,Ville,ﾒｰﾙ\nZoë,Müller,Łódź,z\n';
    const { output } = await processed('a.csv', text, { configuration });

    expect(output[0]?.rows[0]).toEqual(['first_name', 'Nom', 'Ville', 'ﾒｰﾙ']);
  });
});

describe('similarity', () => {
  const customer = { name: 'customer', headerTokenSets: [['customer', 'name']] };

  it('is off unless it is asked for', async () => {
    expect(await fieldsOf(['Cust. Nme'], [customer])).toEqual([null]);
  });

  it('finds near misses, and says what they are near', async () => {
    const { columns } = await columnsOf(['Cust. Nme'], [{ ...customer, similarity: 1 }]);

    expect(columns[0]).toMatchObject({
      mapped_field: 'customer',
      mapping_score: expect.closeTo(0.908, 3),
      mapping_reason: 'similar to "customer name" 0.91',
    });
  });

  it('counts as much as it is said to', async () => {
    const { columns } = await columnsOf(['Cust. Nme'], [{ ...customer, similarity: 0.5 }]);

    expect(columns[0]?.mapping_score).toBeCloseTo(0.454, 3);
  });

  it('looks at whole headers and weak sets too', async () => {
    const fields = [
      { name: 'email', headers: ['Mail address'], similarity: 1 },
      { name: 'city', weakTokenSets: [['municipality']], similarity: 1 },
    ];

    expect(await fieldsOf(['Mail adress', 'Municipalities', 'Zip'], fields)).toEqual(['email', 'city', null]);
  });

  it('gives way to exact words', async () => {
    const fields = [{ ...customer, similarity: 1 }];

    expect(await fieldsOf(['Cust. Nme', 'Customer name'], fields)).toEqual([null, 'customer']);
    expect(
      await fieldsOf(['Cust. Nme', 'Customer name'], fields, {
        settings: { mappingTieResolution: 'leave_unmapped' },
      }),
    ).toEqual([null, 'customer']);
  });

  it('keeps no more of a wide table than its best fields', () => {
    const fields = Array.from({ length: 100 }, (_, at) => ({ name: `f${at}`, headerTokenSets: [['a']] }));
    const columns: ColumnSurvey[] = [];
    widen(columns, 10_000);
    const mappings = new ColumnMapper(configurationOf(fields)).map(
      columns.map(() => 'a'),
      columns,
    );

    expect(Math.max(...mappings.map(({ scores }) => scores.length))).toBe(20);
    expect(mappings[0]).toMatchObject({ mapped: { field: 'f0' }, runnerUp: { field: 'f1' } });
  });

  it('stops where headers and configuration would take too long', () => {
    const words = (letter: string) => [...'cdefghijklmn'].map((last) => `a${letter.repeat(30)}${last}`);
    const headerTokenSets = Array.from({ length: 200 }, () => words('b'));
    const configuration = configurationOf([{ name: 'f', headerTokenSets, similarity: 1 }]);
    const mapper = new ColumnMapper(configuration, new RuleBudget(500_000));
    const columns: ColumnSurvey[] = [];
    widen(columns, 1);

    expect(() => mapper.map([words('q').join(' ')], columns)).toThrow(
      expect.objectContaining({ code: 'too_large', stage: 'map' }),
    );
  });
});

describe('minimumScore', () => {
  const fields = [
    { name: 'name', weakTokenSets: [['name']] },
    { name: 'email', headerTokenSets: [['email']] },
  ];

  it('leaves columns that score less to be decided, and counts them', async () => {
    const { columns, report } = await columnsOf(['Name', 'Email', 'Zip'], fields, {
      settings: { minimumScore: 0.9 },
    });

    expect(columns.map(({ mapped_field, unmapped_reason }) => mapped_field ?? unmapped_reason)).toEqual([
      'below_threshold',
      'email',
      'no_signal',
    ]);
    expect(columns[0]?.runner_up).toEqual({ field: 'name', score: 0.8 });
    expect(report.evaluation.findings).toContainEqual({
      code: 'columns_to_decide',
      severity: 'warning',
      message: '1 column scores less than minimumScore and is left for you to decide',
      count: 1,
      meta: null,
    });
  });

  it('is nothing unless it is set, and takes a score of as much', async () => {
    expect(await fieldsOf(['Name', 'Email'], fields)).toEqual(['name', 'email']);
    expect(await fieldsOf(['Name', 'Email'], fields, { settings: { minimumScore: 0.8 } })).toEqual([
      'name',
      'email',
    ]);
  });
});

describe('values', () => {
  it('say how many of them match', async () => {
    const fields = [{ name: 'id', valuePatterns: [{ pattern: '[A-Z]{2}\\d', score: 0.6 }] }];

    const { columns } = await columnsOf(['What'], fields, { values: ['AB1'] });

    expect(columns[0]).toMatchObject({ mapped_field: 'id', mapping_reason: 'values 100 % match' });
  });
});
