import { describe, expect, it } from 'vitest';
import { Configuration } from '../../lib/spreadsheets/index.ts';
import type { GoldenCell } from '../golden/read-output.ts';
import { configurationOf, processed } from './support/process.ts';

const field = (name: string, rules: object = {}) => ({ name, headerTokenSets: [[name]], ...rules });

async function run(csv: string, fields: object[], settings: Record<string, unknown> = {}) {
  const { output, report } = await processed('a.csv', csv, {
    configuration: configurationOf(fields, settings),
  });
  const issues = report.issues?.map(({ field: name, code, examples }) => [
    name,
    code,
    examples.map(({ row, value }) => [row, value]),
  ]);
  const rows: GoldenCell[][] = output[0]?.rows ?? [];
  return { rows, issues, report };
}

describe('steps that make a value of others', () => {
  const CSV = 'First,Last,Mobile,Phone\nAnn,Lee,,030\n, Ray ,017,040\n,,,\n';

  it('join what is there, and make the column', async () => {
    const { rows, report } = await run(CSV, [
      field('first'),
      field('last'),
      field('name', {
        headerTokenSets: [],
        transforms: [{ join: { fields: ['last', 'first'], separator: ', ' } }],
      }),
    ]);

    expect(rows.map((cells) => cells[4])).toEqual(['name', 'Lee, Ann', 'Ray', null]);
    expect(report.evaluation.outcome).toBe('success');
    expect(report.fields.at(-1)).toMatchObject({
      field: 'name',
      detected: true,
      best_mapping_score: null,
      occurrences: { tables: 1, columns: 0 },
    });
  });

  it('coalesce, in place of a column that is there, and go on from what was made', async () => {
    const { rows, issues } = await run(CSV, [
      field('mobile'),
      field('phone', {
        transforms: ['trim', { coalesce: ['mobile', 'phone'] }, { replace: { pattern: '^0', with: '+49' } }],
        validators: [{ required: true }],
      }),
    ]);

    expect(rows.map((cells) => cells[3])).toEqual(['phone', '+4930', '+4917', null]);
    expect(issues).toEqual([['phone', 'required', [[4, null]]]]);
  });

  it('are read as the type of their field', async () => {
    const amount = (onUnreadable: string) =>
      field('net', {
        headerTokenSets: [],
        dtype: 'number',
        transforms: [{ coalesce: ['mobile'] }],
        onUnreadable,
      });
    const fields = (onUnreadable: string) => [field('mobile'), amount(onUnreadable)];
    const csv = 'Mobile,Last\n12,a\nmany,b\n';

    const kept = await run(csv, fields('keep'));
    const failed = await run(csv, fields('failRow'));

    expect(kept.rows.map((cells) => cells[2])).toEqual(['net', 12, 'many']);
    expect(kept.issues).toEqual([['net', 'unreadable_value', [[3, 'many']]]]);
    expect(failed.rows.map((cells) => cells[2])).toEqual(['net', 12]);
  });

  it('make nothing where a table has none of their fields', async () => {
    const { rows } = await run('Email,Other\na,b\n', [
      field('email'),
      field('first'),
      field('name', { transforms: [{ join: { fields: ['first'] } }] }),
    ]);

    expect(rows[0]).toEqual(['email', 'Other']);
  });

  it('split is the part of a text', async () => {
    const part = (index: number) => field('first', { transforms: [{ split: { separator: ';', index } }] });
    const values = async (index: number) =>
      (await run('First,Last\na; b ;,x\nc,y\n', [part(index)])).rows.slice(1).map(([value]) => value);

    expect(await values(0)).toEqual(['a', 'c']);
    expect(await values(1)).toEqual(['b', null]);
    expect(await values(2)).toEqual([null, null]);
  });
});

describe('rules that look at more than a value', () => {
  it('unique: every value from the second on', async () => {
    const { issues } = await run('Number,Email\n1,a\n2,a\n1,b\n,\n,c\n1,d\n', [
      field('number', { validators: [{ unique: true }] }),
    ]);

    expect(issues).toEqual([
      [
        'number',
        'unique',
        [
          [4, '1'],
          [7, '1'],
        ],
      ],
    ]);
  });

  it('unique: each table for itself, unless they are written as one', async () => {
    const csv = 'Email,Phone\na,1\nEmail,Phone\na,2\n';
    const fields = [field('email', { validators: [{ unique: true }] })];

    expect((await run(csv, fields)).issues).toBeUndefined();
    expect((await run(csv, fields, { mergeTablesInSheet: true })).issues).toEqual([
      ['email', 'unique', [[4, 'a']]],
    ]);
  });

  it('requiredIf: where another field has a value, or one of some', async () => {
    const csv = 'Email,Phone\n,1\n,2\na,2\n,\n';
    const rule = (oneOf?: string[]) => [
      field('email', { validators: [{ requiredIf: { field: 'phone', oneOf } }] }),
      field('phone'),
    ];

    expect((await run(csv, rule())).issues).toEqual([
      [
        'email',
        'required_if',
        [
          [2, null],
          [3, null],
        ],
      ],
    ]);
    expect((await run(csv, rule(['2']))).issues).toEqual([['email', 'required_if', [[3, null]]]]);
  });

  it('compare: with another field of the row, by what both are', async () => {
    const csv =
      'Start,End\n03.04.2024,4.4.2024\n2024-05-05,2024-05-04\n5.5.2024,5.5.2024\n,1.1.2024\n1.1.2024,\n';
    const fields = (operator: string) => [
      field('start', { dtype: 'date' }),
      field('end', { dtype: 'date', validators: [{ compare: { operator, field: 'start' } }] }),
    ];
    const broken = async (operator: string) =>
      (await run(csv, fields(operator), { csv: { headerRow: 1 } })).report.issues?.flatMap(({ examples }) =>
        examples.map(({ row }) => row),
      );

    expect(await broken('gte')).toEqual([3]);
    expect(await broken('gt')).toEqual([3, 4]);
    expect(await broken('lt')).toEqual([2, 4]);
    expect(await broken('lte')).toEqual([2]);
    expect(await broken('eq')).toEqual([2, 3]);
    expect(await broken('ne')).toEqual([4]);
  });

  it('compare: numbers as numbers, even as texts, and texts as texts', async () => {
    const rule = [
      field('gross', { validators: [{ compare: { operator: 'gte', field: 'net' } }] }),
      field('net'),
    ];

    expect((await run('Gross,Net\n10,9\n9,10\nb,a\na,b\nx,1\n', rule)).issues).toEqual([
      [
        'gross',
        'compare',
        [
          [3, '9'],
          [5, 'a'],
          [6, 'x'],
        ],
      ],
    ]);
  });

  it('checksum', async () => {
    const { rows } = await run(
      'Number,Email\n4006381333931,a\n4006381333932,b\n',
      [field('number', { label: 'Article', validators: [{ checksum: 'ean13' }] })],
      { writeDiagnosticsColumns: true },
    );

    expect(rows.map((cells) => cells[2])).toEqual([
      '__ade_issue__number',
      null,
      'Article is no valid EAN-13: 4006381333932',
    ]);
  });
});

describe('configurations of fields that look at others', () => {
  const problems = (fields: object[]) =>
    (Configuration.safeParse({ fields }).error?.issues ?? []).map(({ path, message }) => [
      path.join('.'),
      message,
    ]);

  it('name the place of one that is not there', () => {
    expect(
      problems([
        field('a', { transforms: ['trim', { join: { fields: ['a', 'b'] } }] }),
        field('c', {
          transforms: [{ coalesce: ['d'] }],
          validators: [{ compare: { operator: 'eq', field: 'e' } }],
        }),
        field('f', { validators: [{ unique: true }, { requiredIf: { field: 'g' } }] }),
      ]),
    ).toEqual([
      ['fields.0.transforms.1.join.fields.1', 'b is no field of this definition'],
      ['fields.1.transforms.0.coalesce.0', 'd is no field of this definition'],
      ['fields.1.validators.0.compare.field', 'e is no field of this definition'],
      ['fields.2.validators.1.requiredIf.field', 'g is no field of this definition'],
    ]);
  });

  it('make a value once, and have a bound to what is held', () => {
    const unique = Array.from({ length: 11 }, (_, no) => field(`u${no}`, { validators: [{ unique: true }] }));

    expect(
      problems([field('a', { transforms: [{ coalesce: ['a'] }, { join: { fields: ['a'] } }] })]),
    ).toEqual([['fields.0.transforms.1', 'a field can have one step of join and coalesce']]);
    expect(problems(unique)).toEqual([['fields', 'must have at most 10 unique fields, not 11']]);
  });

  it.each([
    { transforms: [{ split: { separator: '', index: 0 } }] },
    { transforms: [{ split: { separator: ',', index: -1 } }] },
    { transforms: [{ join: { fields: [] } }] },
    { validators: [{ checksum: 'md5' }] },
    { validators: [{ compare: { operator: '>', field: 'a' } }] },
    { validators: [{ unique: true, required: true }] },
  ])('are refused: %j', (rules) => {
    expect(problems([field('a', rules)])).not.toEqual([]);
  });
});
