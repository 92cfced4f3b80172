import { jsonata, leadsTo, machine, pass, task, type Workflow } from './workflow.ts';

const expression = (name: string, source: string, value: unknown, input: unknown = {}): Workflow => ({
  name: `JSONata: ${name}`,
  definition: jsonata('A', { A: pass({ Output: `{% ${source} %}` }) }),
  input,
  end: { output: value },
  states: ['A'],
});
const refused = (name: string, Output: unknown, emulator?: string): Workflow => ({
  name: `JSONata: ${name} fails`,
  definition: jsonata('A', { A: pass({ Output }) }),
  end: { error: 'States.QueryEvaluationError' },
  states: ['A'],
  ...(emulator === undefined ? {} : { emulator }),
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
export const jsonataStates: Workflow[] = [
  expression('the input', '$states.input.a', 1, { a: 1 }),
  expression('sums', '$sum($states.input.lines.(price * n))', 11, {
    lines: [
      { price: 2, n: 3 },
      { price: 5, n: 1 },
    ],
  }),
  expression('$partition', '$partition([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]),
  expression('$range', '$range(0, 10, 5)', [0, 5, 10]),
  expression('$hash', "$hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'),
  expression('$parse', `$parse('{"foo": "bar"}').foo`, 'bar'),
  expression('$random with a seed', '$random(7) = $random(7)', true),
  expression('$uuid', '$length($uuid())', 36),
  expression('the context', '$states.context.Execution.Input.n', 1, { n: 1 }),
  refused('what is undefined', '{% $states.input.missing %}'),
  refused('a variable without a value', { a: ['{% $missing %}'] }),
  refused(
    'a function',
    '{% function($x) { $x } %}',
    'It says States.Runtime; what is no JSON cannot be used: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  ),
  refused('an error', "{% $error('no') %}"),
  refused(
    '$eval',
    "{% $eval('1') %}",
    'It has $eval, which AWS has not: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  ),
  {
    name: 'JSONata: expressions stand in structures, and strings without the signs stay',
    definition: jsonata('A', {
      A: pass({ Output: { a: ['{% 1 + 1 %}', 'x {% 1 %}', null], b: { c: '{% null %}' } } }),
    }),
    end: { output: { a: [2, 'x {% 1 %}', null], b: { c: null } } },
    states: ['A'],
  },
  {
    name: 'JSONata: Assign and Output read the values before; the next state reads the new ones',
    definition: jsonata('A', {
      A: leadsTo('B', { Assign: { x: 1 } }),
      B: leadsTo('C', { Assign: { x: '{% $x + 1 %}' }, Output: { before: '{% $x %}' } }),
      C: pass({ Output: { before: '{% $states.input.before %}', after: '{% $x %}' } }),
    }),
    end: { output: { before: 1, after: 2 } },
    states: ['A', 'B', 'C'],
  },
  {
    name: 'JSONata: conditions, with an output and variables of the rule',
    definition: jsonata('A', {
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'B' },
          { Condition: '{% $states.input.n > 1 %}', Assign: { size: 'middle' }, Output: 'rule', Next: 'B' },
        ],
        Default: 'B',
      },
      B: pass({ Output: { size: '{% $size %}', input: '{% $states.input %}' } }),
    }),
    input: { n: 5 },
    end: { output: { size: 'middle', input: 'rule' } },
    states: ['A', 'B'],
  },
  {
    name: 'JSONata: a condition that is neither true nor false fails',
    definition: jsonata('A', {
      A: { Type: 'Choice', Choices: [{ Condition: "{% 'yes' %}", Next: 'B' }] },
      B: pass(),
    }),
    end: { error: 'States.QueryEvaluationError' },
    states: ['A'],
    emulator:
      'It takes whatever is truthy; a Condition must evaluate to true or false: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    name: 'JSONata: a task with arguments, a result, an output and a variable',
    definition: jsonata('A', {
      A: task({
        Arguments: { MessageBody: '{% $states.input.text %}' },
        Assign: { id: '{% $states.result.MessageId %}' },
        Output: { sent: '{% $states.result.MessageId %}' },
        End: false,
        Next: 'B',
      }),
      B: pass({ Output: ['{% $id %}', '{% $states.input.sent %}'] }),
    }),
    input: { text: 'hello' },
    mocks: { A: { 0: { Return: { MessageId: 'm-1' } } } },
    end: { output: ['m-1', 'm-1'] },
    states: ['A', 'B'],
  },
  {
    name: 'JSONata: a catcher has the error, an output and a variable',
    definition: jsonata('A', {
      A: task({
        Catch: [
          {
            ErrorEquals: ['Busy'],
            Assign: { error: '{% $states.errorOutput.Error %}' },
            Output: { input: '{% $states.input.n %}', cause: '{% $states.errorOutput.Cause %}' },
            Next: 'B',
          },
        ],
      }),
      B: pass({ Output: ['{% $error %}', '{% $states.input %}'] }),
    }),
    input: { n: 1 },
    mocks: { A: { 0: { Throw: { Error: 'Busy', Cause: 'later' } } } },
    end: { output: ['Busy', { input: 1, cause: 'later' }] },
    states: ['A', 'B'],
  },
  {
    name: 'JSONata: a failed expression is caught like any error',
    definition: jsonata('A', {
      A: task({
        Arguments: '{% $states.input.missing %}',
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'B' }],
      }),
      B: pass(),
    }),
    mocks: { A: { 0: { Return: 1 } } },
    end: { output: 'caught' },
    states: ['A', 'B'],
  },
  {
    name: 'JSONata: Map has items, a selector and an index',
    definition: jsonata('M', {
      M: {
        Type: 'Map',
        Items: '{% $states.input.lines %}',
        ItemSelector: {
          no: '{% $states.context.Map.Item.Index %}',
          n: '{% $states.context.Map.Item.Value %}',
          all: '{% $count($states.input.lines) %}',
        },
        MaxConcurrency: 1,
        ItemProcessor: machine('I', {
          I: pass({ Output: '{% $states.input.no + $states.input.n + $states.input.all %}' }),
        }),
        Output: '{% $sum($states.result) %}',
        End: true,
      },
    }),
    input: { lines: [10, 20] },
    end: { output: 35 },
    states: ['M', 'I', 'I'],
  },
  {
    name: 'JSONata: items that are no list fail',
    definition: jsonata('M', {
      M: { Type: 'Map', Items: '{% 1 %}', ItemProcessor: machine('I', { I: pass() }), End: true },
    }),
    end: { error: 'States.QueryEvaluationError' },
    states: ['M'],
  },
  {
    name: 'JSONata: Parallel has arguments, and branches read the variables around them',
    definition: jsonata('A', {
      A: leadsTo('P', { Assign: { x: 1 } }),
      P: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input.n * 2 %}' },
        Branches: [
          machine('L', { L: pass({ Output: '{% $states.input.n + $x %}' }) }),
          machine('R', { R: pass({ Output: '{% $states.input.n - $x %}' }) }),
        ],
        Output: '{% $states.result %}',
        End: true,
      },
    }),
    input: { n: 5 },
    end: { output: [11, 9] },
    states: ['A', 'P', 'L', 'R'],
    emulator:
      'It knows no Arguments of a Parallel; AWS does: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
    inAnyOrder: true,
  },
  {
    name: 'JSONata: a wait and a failure are computed',
    definition: jsonata('A', {
      A: { Type: 'Wait', Seconds: '{% $states.input.n - 1 %}', Output: '{% $states.input.n %}', Next: 'B' },
      B: { Type: 'Fail', Error: "{% 'E' & $string($states.input) %}", Cause: '{% $uppercase("why") %}' },
    }),
    input: { n: 1 },
    end: { error: 'E1', cause: 'WHY' },
    states: ['A', 'B'],
  },
  {
    name: 'A state in JSONata in a machine in JSONPath',
    definition: machine('A', {
      A: leadsTo('B', { QueryLanguage: 'JSONata', Output: { n: '{% $states.input.n + 1 %}' } }),
      B: pass({ Parameters: { 'n.$': '$.n' } }),
    }),
    input: { n: 1 },
    end: { output: { n: 2 } },
    states: ['A', 'B'],
  },
];
