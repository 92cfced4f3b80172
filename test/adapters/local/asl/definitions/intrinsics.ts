import { machine, pass, type Workflow } from './workflow.ts';

/**
 * The examples of https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html, and the edges that
 * it names.
 */
type Row = [call: string, input: object, value: unknown, emulator?: string];

const ROWS: Row[] = [
  ['States.Array($.Id, 2, true, null)', { Id: 123456 }, [123456, 2, true, null]],
  ['States.ArrayPartition($.a, 4)', { a: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
  ['States.ArrayContains($.a, $.b)', { a: [1, 2, 3], b: 2 }, true],
  ['States.ArrayContains($.a, $.b)', { a: [{ x: 1 }], b: { x: 2 } }, false],
  ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
  ['States.ArrayRange(3, 1, -1)', {}, [3, 2, 1], 'It stops at once; an increment is any number but 0.'],
  ['States.ArrayGetItem($.a, $.i)', { a: [1, 2, 3, 4], i: 3 }, 4],
  ['States.ArrayLength($.a)', { a: [1, 2, 3] }, 3],
  ['States.ArrayUnique($.a)', { a: [1, 2, 3, 3, 3, 2] }, [1, 2, 3]],
  ["States.Base64Encode('Data to encode')", {}, 'RGF0YSB0byBlbmNvZGU='],
  ["States.Base64Decode('RGVjb2RlZCBkYXRh')", {}, 'Decoded data'],
  ["States.Hash('input data', 'SHA-1')", {}, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ["States.Hash('', 'MD5')", {}, 'd41d8cd98f00b204e9800998ecf8427e'],
  ['States.JsonMerge($.a, $.b, false)', { a: { x: { y: 1 }, z: 1 }, b: { x: 2 } }, { x: 2, z: 1 }],
  ['States.StringToJson($.t)', { t: '{"foo": "bar"}' }, { foo: 'bar' }],
  ['States.JsonToString($.a)', { a: { foo: 'bar' } }, '{"foo":"bar"}'],
  ['States.MathAdd($.a, -1)', { a: 111 }, 110],
  ["States.StringSplit($.t, ',')", { t: '1,2,3' }, ['1', '2', '3']],
  ["States.StringSplit($.t, '.+,=')", { t: 'This.is+a,test=string' }, ['This', 'is', 'a', 'test', 'string']],
  ["States.Format('Hello, my name is {}.', $.name)", { name: 'Arnav' }, 'Hello, my name is Arnav.'],
  [
    "States.Format('{} is {}, \\{\\}', $.a, $.b)",
    { a: 1, b: true },
    '1 is true, {}',
    'It writes True, as Python does; values are JSON.',
  ],
  ["States.Format('It\\'s {}', States.ArrayLength(States.Array(1, 2)))", {}, "It's 2"],
];

const calling = (call: string): object =>
  machine('Call', { Call: pass({ Parameters: { 'value.$': call } }) });

export const intrinsics: Workflow[] = [
  ...ROWS.map(
    ([call, input, value, emulator]): Workflow => ({
      name: call,
      definition: calling(call),
      input,
      end: { output: { value } },
      states: ['Call'],
      ...(emulator === undefined ? {} : { emulator }),
    }),
  ),
  {
    name: 'States.MathRandom, whose end is excluded',
    definition: calling(
      `States.ArrayUnique(States.Array(${Array(30).fill('States.MathRandom(5, 6)').join(', ')}))`,
    ),
    end: { output: { value: [5] } },
    states: ['Call'],
    emulator:
      'It includes the end: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    name: 'States.UUID',
    definition: machine('Make', {
      Make: { Type: 'Pass', Parameters: { 'uuid.$': 'States.UUID()' }, Next: 'Look' },
      Look: {
        Type: 'Choice',
        Choices: [{ Variable: '$.uuid', StringMatches: '*-*-4*-*-*', Next: 'Good' }],
      },
      Good: pass({ Result: 'Good' }),
    }),
    end: { output: 'Good' },
    states: ['Make', 'Look', 'Good'],
  },
  ...[
    'States.ArrayGetItem($.a, 9)',
    'States.ArrayRange(1, 2000, 1)',
    "States.Hash('x', 'SHA-2')",
    "States.StringToJson('{')",
    'States.ArrayPartition($.a, 0)',
    'States.JsonMerge($.a, $.a, true)',
  ].map(
    (call): Workflow => ({
      name: `${call} fails`,
      definition: calling(call),
      input: { a: [1] },
      end: { error: 'States.IntrinsicFailure' },
      states: ['Call'],
      emulator:
        'It says States.Runtime, or goes on; the error has a name: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
    }),
  ),
];
