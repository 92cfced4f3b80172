import { describe, expect, it } from 'vitest';
import type { PlainValue } from '../../lib/spreadsheets/cells.ts';
import { Configuration } from '../../lib/spreadsheets/index.ts';
import { loadPatterns } from '../../lib/spreadsheets/patterns.ts';
import { RuleBudget } from '../../lib/spreadsheets/rule-budget.ts';
import { fieldReader } from '../../lib/spreadsheets/transform/field-reader.ts';
import { compileTransforms } from '../../lib/spreadsheets/transform/transforms.ts';
import { compileValidators } from '../../lib/spreadsheets/transform/validators.ts';

await loadPatterns();

const fieldOf = (rules: object) => {
  const [field] = Configuration.parse({ fields: [{ name: 'f', label: 'Field', ...rules }] }).fields;
  if (field === undefined) throw new Error('no field');
  return field;
};

const DATE = (year: number, month: number, day: number): PlainValue => ({
  kind: 'date',
  ms: Date.UTC(year, month - 1, day),
});

describe('transforms', () => {
  it.each<[unknown, Exclude<PlainValue, null>, PlainValue]>([
    ['trim', '  a b ', 'a b'],
    ['trim', '   ', null],
    ['trim', 5, 5],
    ['collapse', ' a \n  b ', 'a b'],
    [{ case: 'upper' }, 'aé', 'AÉ'],
    [{ case: 'lower' }, 'AÉ', 'aé'],
    [{ case: 'title' }, "mary-jane o'NEIL", "Mary-Jane O'Neil"],
    ['full-name', 'Lee, Ann', 'Ann Lee'],
    ['full-name', ' Mary  Jane Watson ', 'Mary Watson'],
    ['full-name', 'Prince', 'Prince'],
    ['full-name', 'Lee,', 'Lee,'],
    ['full-name', ', Ann', ', Ann'],
    ['full-name', 'a,b,c', 'b a'],
    ['full-name', ' ', null],
    ['full-name', 42, '42'],
    ['full-name', true, 'true'],
    ['date', '2024-03-04', DATE(2024, 3, 4)],
    ['date', '2024-02-30', '2024-02-30'],
    ['date', '2024-03-04 05:06', { kind: 'datetime', ms: Date.UTC(2024, 2, 4, 5, 6) }],
    [{ date: { order: 'dmy' } }, '04.03.24', DATE(2024, 3, 4)],
    [{ date: { order: 'mdy' } }, '3/4/1998', DATE(1998, 3, 4)],
    [{ date: { order: 'mdy' } }, '13/4/1998', '13/4/1998'],
    ['date', 'soon', 'soon'],
    ['number', ' 1,234.50 ', 1234.5],
    ['number', '$ (3.10)', -3.1],
    ['number', '12 %', 0.12],
    ['number', '1,23', '1,23'],
    ['number', 'n/a', 'n/a'],
    [{ number: { decimal: ',' } }, '1.234,5', 1234.5],
    [{ replace: { pattern: '[^0-9]', with: '' } }, '(204) 555', '204555'],
    [{ replace: { pattern: '(\\w+) (\\w+)', with: '$2 $1' } }, 'a b', 'b a'],
    [{ replace: { pattern: '.*', with: '' } }, 'x', null],
    [{ map: { Y: true, N: false, '?': null } }, ' Y ', true],
    [{ map: { Y: true, '?': null } }, '?', null],
    [{ map: { Y: true } }, 'other', 'other'],
  ])('%j: %j becomes %j', (step, value, expected) => {
    expect(compileTransforms(fieldOf({ transforms: [step] }).transforms)?.(value)).toEqual(expected);
  });

  it('run one after the other, and stop at nothing', () => {
    const steps = fieldOf({ transforms: ['trim', { map: { '-': null } }, 'number'] }).transforms;

    expect(['-', ' 7 '].map((value) => compileTransforms(steps)?.(value))).toEqual([null, 7]);
  });
});

describe('validators', () => {
  it.each<[unknown, PlainValue, string | null]>([
    [{ required: true }, null, 'Field is missing'],
    [{ required: true }, ' ', 'Field is missing'],
    [{ required: true }, 0, null],
    [
      { pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', message: 'Invalid email: {value}' },
      'a@b',
      'Invalid email: a@b',
    ],
    [{ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' }, 'a@b.c', null],
    [{ pattern: '^a' }, 'b', 'Invalid Field: b'],
    [{ pattern: '^a' }, null, null],
    [{ minLength: 2 }, '😀', 'Field has fewer than 2 characters'],
    [{ maxLength: 2 }, 'abc', 'Field has more than 2 characters'],
    [{ maxLength: 2 }, '😀😀', null],
    [{ range: { min: 0, max: 24 } }, 25, 'Field is out of range: 25'],
    [{ range: { min: 0 } }, '-1', 'Field is out of range: -1'],
    [{ range: { min: 0 } }, 'many', 'Field is out of range: many'],
    [{ range: { max: 24 } }, 24, null],
    [{ oneOf: ['A', 'B'] }, 'C', 'Field is not an allowed value: C'],
    [{ oneOf: ['A', '1'] }, 1, null],
  ])('%j: %j is %j', (rule, value, expected) => {
    expect(compileValidators(fieldOf({ validators: [rule] }))?.(value)).toBe(expected);
  });

  it('say everything that is wrong', () => {
    const field = fieldOf({ validators: [{ minLength: 5 }, { pattern: '^a', message: 'no a' }] });

    expect(compileValidators(field)?.('b')).toBe('Field has fewer than 5 characters; no a');
  });
});

describe('configurations', () => {
  const problems = (value: unknown): [string, string][] =>
    (Configuration.safeParse(value).error?.issues ?? []).map(({ path, message }) => [
      path.join('.'),
      message,
    ]);

  it.each<[string, unknown, string, RegExp]>([
    ['a field without a name', { fields: [{}] }, 'fields.0.name', /string/],
    ['a reserved name', { fields: [{ name: '__ade_x' }] }, 'fields.0.name', /letter/],
    ['a name twice', { fields: [{ name: 'a' }, { name: 'a' }] }, 'fields.1.name', /twice/],
    ['a misspelt setting', { settings: { mergeTables: true }, fields: [] }, 'settings', /mergeTables/],
    [
      'a token that never matches',
      { fields: [{ name: 'a', headerTokenSets: [['E-Mail']] }] },
      'fields.0.headerTokenSets.0.0',
      /lower-case/,
    ],
    ...(
      [
        ['encoding', 'klingon', /Encoding Standard/],
        ['delimiter', '', />=1/],
        ['delimiter', ';;;;;', /<=4/],
        ['delimiter', '\n', /line end/],
        ['quote', '""', /<=1/],
        ['quote', '\r', /line end/],
        ['escape', '/', /backslash/],
        ['headerRow', 0, />=1/],
        ['headerRow', 1.5, /int/],
      ] as const
    ).map(([member, value, message]): [string, unknown, string, RegExp] => [
      `csv with ${member} ${JSON.stringify(value)}`,
      { settings: { csv: { [member]: value } }, fields: [] },
      `settings.csv.${member}`,
      message,
    ]),
    [
      'a quote in the delimiter',
      { settings: { csv: { delimiter: "';", quote: "'" } }, fields: [] },
      'settings.csv.quote',
      /delimiter/,
    ],
    [
      'an unknown way to find tables',
      { settings: { tableDetection: 'magic' }, fields: [] },
      'settings.tableDetection',
      /ade/,
    ],
    [
      'sheets that are no names',
      { settings: { sheets: { include: [1] } }, fields: [] },
      'settings.sheets.include.0',
      /string/,
    ],
    [
      'an unknown transform',
      { fields: [{ name: 'a', transforms: ['sparkle'] }] },
      'fields.0.transforms.0',
      /sparkle/,
    ],
    [
      'two transforms in one',
      { fields: [{ name: 'a', transforms: [{ trim: true, collapse: true }] }] },
      'fields.0.transforms.0',
      /exactly one/,
    ],
    [
      'a broken pattern',
      { fields: [{ name: 'a', validators: [{ pattern: '(' }] }] },
      'fields.0.validators.0.pattern',
      /invalid pattern/,
    ],
    [
      'a pattern that looks ahead',
      { fields: [{ name: 'a', validators: [{ pattern: '(?=a)' }] }] },
      'fields.0.validators.0.pattern',
      /invalid pattern/,
    ],
    [
      'a pattern too long',
      { fields: [{ name: 'a', validators: [{ pattern: 'a'.repeat(501) }] }] },
      'fields.0.validators.0.pattern',
      /500/,
    ],
    [
      'a pattern too complex',
      {
        fields: [
          {
            name: 'a',
            validators: [{ pattern: '(a|bc){500}' }],
          },
        ],
      },
      'fields.0.validators.0.pattern',
      /complex/,
    ],
    [
      'a range without ends',
      { fields: [{ name: 'a', validators: [{ range: {} }] }] },
      'fields.0.validators.0.range',
      /min, max/,
    ],
  ])('name the place of %s', (_, value, path, message) => {
    expect(problems(value)).toContainEqual([path, expect.stringMatching(message)]);
  });

  it('take what is known of text files', () => {
    for (const csv of [
      {},
      { encoding: 'windows-1252', delimiter: '\t', quote: "'", escape: "'", headerRow: 3 },
      { encoding: 'UTF-16LE', delimiter: '::', quote: '', escape: '\\' },
    ]) {
      expect(Configuration.parse({ settings: { csv }, fields: [] }).settings.csv).toEqual(csv);
    }
  });

  it('have a bound to their patterns, of which none is compiled beyond it', () => {
    const fields = (count: number) =>
      Array.from({ length: count / 50 }, (_, no) => ({
        name: `f${no}`,
        validators: Array.from({ length: 50 }, () => ({ pattern: '(' })),
      }));

    expect(problems({ fields: fields(550) })).toEqual([
      ['fields', expect.stringMatching(/at most 500 .* 550$/)],
    ]);
    expect(problems({ fields: fields(500) })[0]?.[1]).toMatch(/invalid pattern/);
  });

  it('cannot make a cell grow without end', () => {
    const step = { replace: { pattern: '.', with: 'x'.repeat(500) } };
    const grow = compileTransforms(fieldOf({ transforms: [step, step, step] }).transforms);

    expect(grow?.('abc')).toHaveLength(32_767);
  });

  it('cannot make a pattern hang', () => {
    const field = fieldOf({ validators: [{ pattern: '^(a+)+$' }] });
    const start = performance.now();

    expect(compileValidators(field)?.(`${'a'.repeat(30_000)}b`)).toMatch(/^Invalid/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  const LONG = 'a '.repeat(16_000);

  it.each<[unknown]>([
    ...[['collapse'], ['full-name'], [{ case: 'title' }], ['date'], ['number']],
    [{ split: { separator: ' ', index: 7 } }],
  ] as [unknown][])('spend of the budget as they take time: the step %j', (step) => {
    const { transforms } = fieldOf({ transforms: [step] });
    const enough = compileTransforms(transforms, new RuleBudget(200_000));

    expect(() => enough?.(LONG)).not.toThrow();
    expect(() => compileTransforms(transforms, new RuleBudget(20_000))?.(LONG)).toThrow(/too long/);
  });

  it('spend of the budget for every row, whether it has a value or not', () => {
    const check = compileValidators(
      fieldOf({ validators: Array(50).fill({ required: true }) }),
      new RuleBudget(120),
    );

    expect(check?.(null)).toMatch(/^Field is missing/);
    expect(() => [check?.(null), check?.(null)]).toThrow(/too long/);
  });

  it('spend of the budget for every field that a value is made of', () => {
    const join = fieldOf({ transforms: [{ join: { fields: Array(50).fill('f') } }] });
    const { settings } = Configuration.parse({ fields: [] });
    const make = fieldReader(join, settings, new RuleBudget(3_000), new Map()).make;

    expect(make?.(() => 'x')).toHaveLength(99);
    expect(() => make?.(() => 'x'.repeat(1_000))).toThrow(/too long/);
  });

  it('survive being stored', () => {
    const configuration = Configuration.parse({ fields: [{ name: 'a', transforms: ['trim', 'date'] }] });

    expect(Configuration.parse(JSON.parse(JSON.stringify(configuration)))).toEqual(configuration);
  });
});
