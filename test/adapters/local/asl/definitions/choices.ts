import { machine, pass, type Workflow } from './workflow.ts';

/** https://states-language.net/spec.html#choice-state: a rule, an input that it holds for, and one that it does not. */
type Row = [name: string, rule: object, yes: unknown, no: unknown];

const at = (rule: object): object => ({ Variable: '$.a', ...rule });
const [EARLY, LATE] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

const ROWS: Row[] = [
  ['StringEquals', at({ StringEquals: 'x' }), { a: 'x' }, { a: 'X' }],
  ['StringEquals of a number', { Not: at({ StringEquals: '1' }) }, { a: 1 }, { a: '1' }],
  ['StringLessThan', at({ StringLessThan: 'm' }), { a: 'a' }, { a: 'm' }],
  ['StringGreaterThan', at({ StringGreaterThan: 'm' }), { a: 'z' }, { a: 'm' }],
  ['StringLessThanEquals', at({ StringLessThanEquals: 'm' }), { a: 'm' }, { a: 'n' }],
  ['StringGreaterThanEquals', at({ StringGreaterThanEquals: 'm' }), { a: 'm' }, { a: 'l' }],
  ['StringMatches', at({ StringMatches: 'log-*.txt' }), { a: 'log-1.x.txt' }, { a: 'log-1xtxt' }],
  ['StringMatches of a star', at({ StringMatches: 'a\\*b' }), { a: 'a*b' }, { a: 'axb' }],
  ['NumericEquals', at({ NumericEquals: 1 }), { a: 1.0 }, { a: '1' }],
  ['NumericLessThan', at({ NumericLessThan: 1 }), { a: 0.5 }, { a: 1 }],
  ['NumericGreaterThan', at({ NumericGreaterThan: 1 }), { a: 2 }, { a: 1 }],
  ['NumericLessThanEquals', at({ NumericLessThanEquals: 1 }), { a: 1 }, { a: 1.5 }],
  ['NumericGreaterThanEquals', at({ NumericGreaterThanEquals: 1 }), { a: 1 }, { a: 0 }],
  ['BooleanEquals', at({ BooleanEquals: false }), { a: false }, { a: true }],
  ['TimestampEquals', at({ TimestampEquals: EARLY }), { a: '2026-01-01T01:00:00+01:00' }, { a: LATE }],
  ['TimestampLessThan', at({ TimestampLessThan: LATE }), { a: EARLY }, { a: LATE }],
  ['TimestampGreaterThan', at({ TimestampGreaterThan: EARLY }), { a: LATE }, { a: EARLY }],
  ['TimestampLessThanEquals', at({ TimestampLessThanEquals: EARLY }), { a: EARLY }, { a: LATE }],
  ['TimestampGreaterThanEquals', at({ TimestampGreaterThanEquals: LATE }), { a: LATE }, { a: EARLY }],
  ['StringEqualsPath', at({ StringEqualsPath: '$.b' }), { a: 'x', b: 'x' }, { a: 'x', b: 'y' }],
  ['StringLessThanPath', at({ StringLessThanPath: '$.b' }), { a: 'a', b: 'b' }, { a: 'b', b: 'b' }],
  ['NumericEqualsPath', at({ NumericEqualsPath: '$.b' }), { a: 1, b: 1 }, { a: 1, b: 2 }],
  ['NumericGreaterThanPath', at({ NumericGreaterThanPath: '$.b' }), { a: 2, b: 1 }, { a: 1, b: 1 }],
  ['BooleanEqualsPath', at({ BooleanEqualsPath: '$.b' }), { a: true, b: true }, { a: true, b: false }],
  [
    'TimestampLessThanPath',
    at({ TimestampLessThanPath: '$.b' }),
    { a: EARLY, b: LATE },
    { a: LATE, b: LATE },
  ],
  ['IsPresent', at({ IsPresent: true }), { a: null }, {}],
  ['IsPresent false', at({ IsPresent: false }), {}, { a: 1 }],
  ['IsNull', at({ IsNull: true }), { a: null }, { a: 0 }],
  ['IsNumeric', at({ IsNumeric: true }), { a: 0 }, { a: '0' }],
  ['IsString', at({ IsString: true }), { a: '' }, { a: 1 }],
  ['IsBoolean', at({ IsBoolean: true }), { a: false }, { a: 'false' }],
  ['IsTimestamp', at({ IsTimestamp: true }), { a: EARLY }, { a: '2026-01-01' }],
  ['And', { And: [at({ IsPresent: true }), at({ NumericGreaterThan: 1 })] }, { a: 2 }, {}],
  ['Or', { Or: [at({ NumericEquals: 1 }), at({ NumericEquals: 2 })] }, { a: 2 }, { a: 3 }],
  ['Not', { Not: at({ NumericEquals: 1 }) }, { a: 2 }, { a: 1 }],
  [
    'rules in rules',
    { Not: { And: [at({ IsString: true }), { Not: at({ StringEquals: 'x' }) }] } },
    { a: 'x' },
    { a: 'y' },
  ],
];

/** What MiniStack does otherwise: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html is right. */
const GAPS: Record<string, string> = {
  'StringMatches of a star, Yes': 'It knows no escaped star.',
  'StringLessThanPath, Yes': 'Of comparisons with paths it has some only.',
  'TimestampLessThanPath, Yes': 'Of comparisons with paths it has some only.',
  'IsPresent, Yes': 'It takes null for absent; to be null is to be there.',
  'IsTimestamp, No': 'It takes a day for a timestamp, which has a time and a zone.',
};

export const choices: Workflow[] = ROWS.flatMap(([name, rule, yes, no]) =>
  [yes, no].map((input, not): Workflow => {
    const next = not === 0 ? 'Yes' : 'No';
    const emulator = GAPS[`${name}, ${next}`];
    return {
      name: `Choice ${name}, ${next}`,
      definition: machine('Ask', {
        Ask: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: pass({ Result: 'Yes' }),
        No: pass({ Result: 'No' }),
      }),
      input,
      end: { output: next },
      states: ['Ask', next],
      ...(emulator === undefined ? {} : { emulator }),
    };
  }),
);
