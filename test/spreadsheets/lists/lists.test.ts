import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../lib/spreadsheets/index.ts';
import { ListEntries } from '../../../lib/spreadsheets/lists/list-entries.ts';
import { readList } from '../../../lib/spreadsheets/lists/read-list.ts';
import { ValueList } from '../../../lib/spreadsheets/lists/value-list.ts';
import { RuleBudget } from '../../../lib/spreadsheets/rule-budget.ts';
import { configurationOf, processed } from '../support/process.ts';

const CITIES = new ValueList([
  ['Köln', 'Cologne', 'CGN'],
  ['St. Gallen', 'Sankt Gallen'],
  ['Berlin'],
  ['Bergen'],
  ['A+'],
  ['1.5'],
]);

describe('a list', () => {
  it.each([
    ['Köln', 'Köln'],
    ['KOLN', 'Köln'],
    ['cologne', 'Köln'],
    ['cgn', 'Köln'],
    ['st gallen', 'St. Gallen'],
    ['Sankt  Gallen', 'St. Gallen'],
    ['a+', 'A+'],
    ['A', null],
    ['1 5', null],
    ['15', null],
    ['Hamburg', null],
    ['', null],
    ['constructor', null],
  ])('has for %s %s', (text, value) => {
    expect(CITIES.find(text)).toBe(value);
  });

  it.each([
    ['Berln', 0.8, 'Berlin'],
    ['Berlim', 0.9, null],
    ['Sankt Gallenn', 0.8, 'St. Gallen'],
    ['Bergin', 0.8, null], // as near to Berlin as to Bergen
    ['A-', 0.1, null],
  ])('has near %s from %d on %s', (text, similarity, value) => {
    expect(CITIES.nearest(text, similarity, new RuleBudget(), 'transform')).toBe(value);
  });

  it('takes case for a difference where it is one', () => {
    const list = new ValueList([['Polish'], ['polish']]);

    expect([list.find('Polish'), list.find('polish'), list.find('POLISH')]).toEqual([
      'Polish',
      'polish',
      null,
    ]);
  });

  it('is bounded in what near misses may cost', () => {
    const list = new ValueList(Array.from({ length: 20_000 }, (_, at) => [`a${'bcdefgh'[at % 7]}c d${at}x`]));

    expect(() => list.nearest('abx dyy', 0.8, new RuleBudget(10_000), 'validate')).toThrow(
      'would take too long',
    );
  });
});

describe('the file of a list', () => {
  it.each([
    ['Köln,Cologne,CGN\nBerlin\n'],
    ['Köln;Cologne;CGN\r\n\r\nBerlin;;\r\n'],
    ['Köln\tCologne\tCGN\nBerlin'],
    ['\ufeff"Köln","Cologne",CGN\nBerlin\nKöln,CGN\n'],
  ])('is read: %j', async (text) => {
    expect(await readList(Buffer.from(text))).toEqual([['Köln', 'Cologne', 'CGN'], ['Berlin']]);
  });

  it('keeps its texts as they are', async () => {
    expect(await readList(Buffer.from('007,"Bond, James"\n1.50\ntrue\n2024-03-04\n'))).toEqual([
      ['007', 'Bond, James'],
      ['1.50'],
      ['true'],
      ['2024-03-04'],
    ]);
  });

  it.each([
    ['', 'The file has no values'],
    ['\n\n', 'The file has no values'],
    ['a\n,b\n', 'Row 2 has synonyms and no value'],
    ['a,x\nb,x\n', 'Row 2: "x" stands for "a" already (row 1)'],
    ['a,b\nb\n', 'Row 2: "b" stands for "a" already (row 1)'],
    ['x'.repeat(501), 'has more than 500 characters'],
    [`a,${Array.from({ length: 101 }, (_, no) => `s${no}`).join(',')}`, 'more than 100 synonyms'],
    ['PK\u0003\u0004 no zip', ''],
  ])('is refused: %#', async (text, message) => {
    await expect(readList(Buffer.from(text))).rejects.toMatchObject({
      name: 'ListProblem',
      message: expect.stringContaining(message),
    });
  });

  it('has at most 100,000 values', () => {
    const entries = new ListEntries();
    for (let row = 1; row <= 100_000; row++) entries.add([`v${row}`], row);

    expect(() => entries.add(['one more'], 100_001)).toThrow('at most 100,000 values');
  });
});

describe('rules that name a list', () => {
  const CSV = 'City,Nr\nCologne,1\nBerln,2\nParis,3\n,4\n';
  const field = (rules: object) => [{ name: 'city', headerTokenSets: [['city']], ...rules }];
  const run = async (rules: object) => {
    const { output, report } = await processed('a.csv', CSV, {
      configuration: configurationOf(field(rules)),
      lists: new Map([['cities', CITIES]]),
    });
    const values = output[0]?.rows.slice(1).map(([city]) => city);
    return { values, issues: report.issues?.map(({ code, count }) => [code, count]) };
  };
  const lookup = { list: 'cities' };

  it('write the value in place of its synonym', async () => {
    expect(await run({ transforms: [{ lookup }] })).toEqual({
      values: ['Köln', 'Berln', 'Paris', null],
      issues: [['unreadable_value', 2]],
    });
    expect(await run({ transforms: [{ lookup: { ...lookup, similarity: 0.8 } }] })).toMatchObject({
      values: ['Köln', 'Berlin', 'Paris', null],
      issues: [['unreadable_value', 1]],
    });
    expect(await run({ transforms: [{ lookup }], onUnreadable: 'blank' })).toMatchObject({
      values: ['Köln', null, null, null],
    });
  });

  it('tell what is not in it, once', async () => {
    expect(await run({ validators: [{ reference: lookup }] })).toEqual({
      values: ['Cologne', 'Berln', 'Paris', null],
      issues: [['reference', 2]],
    });
    expect(await run({ validators: [{ reference: { ...lookup, similarity: 0.8 } }] })).toMatchObject({
      issues: [['reference', 1]],
    });
    expect(await run({ transforms: [{ lookup }], validators: [{ reference: lookup }] })).toEqual({
      values: ['Köln', 'Berln', 'Paris', null],
      issues: [['reference', 2]],
    });
  });

  it('fail a run whose list is not there', async () => {
    const configuration = configurationOf(field({ transforms: [{ lookup }] }));

    await expect(processed('a.csv', CSV, { configuration })).rejects.toMatchObject({
      code: 'list_not_found',
      message: expect.stringContaining('There is no list "cities" in this workspace'),
    });
  });

  it('are refused beyond ten lists, and for a name that cannot be one', () => {
    const of = (names: string[]) =>
      Configuration.safeParse({
        fields: names.map((list, no) => ({ name: `f${no}`, validators: [{ reference: { list } }] })),
      }).error?.issues[0]?.message;

    expect(of(['no slash/'])).toContain('1 to 64 letters');
    expect(of(Array.from({ length: 11 }, (_, no) => `l${no}`))).toBe('must name at most 10 lists, not 11');
  });
});
