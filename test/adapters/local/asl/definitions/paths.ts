import { leadsTo, machine, pass, task, type Workflow } from './workflow.ts';

/** Input, output, paths and variables of JSONPath. */
export const paths: Workflow[] = [
  {
    name: 'A Pass hands on what it is given',
    definition: machine('A', { A: pass() }),
    input: { a: [1, null, 'x'] },
    end: { output: { a: [1, null, 'x'] } },
    states: ['A'],
  },
  {
    name: 'InputPath filters, ResultPath puts into the raw input, OutputPath filters again',
    definition: machine('A', {
      A: leadsTo('B', { InputPath: '$.in', ResultPath: '$.out' }),
      B: pass({ OutputPath: '$.out' }),
    }),
    input: { in: { n: 1 }, other: 2 },
    end: { output: { n: 1 } },
    states: ['A', 'B'],
  },
  {
    name: 'InputPath null is an empty object, ResultPath null drops the result',
    definition: machine('A', {
      A: leadsTo('B', { Result: 'gone', ResultPath: null }),
      B: pass({ InputPath: null, ResultPath: '$.empty' }),
    }),
    input: { n: 1 },
    end: { output: { n: 1, empty: {} } },
    states: ['A', 'B'],
  },
  {
    name: 'OutputPath null is an empty object',
    definition: machine('A', { A: pass({ OutputPath: null }) }),
    input: { n: 1 },
    end: { output: {} },
    states: ['A'],
  },
  {
    name: 'ResultPath makes the members on its way',
    definition: machine('A', { A: pass({ Result: 1, ResultPath: '$.a.b.c' }) }),
    input: { a: { x: 0 } },
    end: { output: { a: { x: 0, b: { c: 1 } } } },
    states: ['A'],
  },
  {
    name: 'A payload template has paths in objects and lists, and leaves other strings alone',
    definition: machine('A', {
      A: pass({
        Parameters: { 'a.$': '$.n', text: '$.n', list: [{ 'b.$': '$.n' }, '$.n'], deep: { 'c.$': '$' } },
      }),
    }),
    input: { n: 1 },
    end: { output: { a: 1, text: '$.n', list: [{ b: 1 }, '$.n'], deep: { c: { n: 1 } } } },
    states: ['A'],
  },
  {
    name: 'Paths: members in brackets, indexes, slices, wildcards, filters, descendants',
    definition: machine('A', {
      A: pass({
        Parameters: {
          'bracket.$': "$['odd name']",
          'first.$': '$.list[0].n',
          'slice.$': '$.list[0:2].n',
          'all.$': '$.list[*].n',
          'some.$': '$.list[?(@.n > 1)].n',
          'deep.$': '$..n',
        },
      }),
    }),
    input: { 'odd name': 1, list: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    end: {
      output: { bracket: 1, first: 1, slice: [1, 2], all: [1, 2, 3], some: [2, 3], deep: [1, 2, 3] },
    },
    states: ['A'],
    emulator:
      'It gives null for slices, filters and descendants, which AWS has: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html',
  },
  {
    name: 'A path that leads nowhere ends the execution, caught or not',
    definition: machine('A', {
      A: task({ Parameters: { 'a.$': '$.missing' }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }),
      B: pass(),
    }),
    mocks: { A: { 0: { Return: 1 } } },
    end: { error: 'States.Runtime', cause: /\$\.missing/ },
    states: ['A'],
  },
  {
    name: 'The context object tells of the execution and of the state',
    definition: machine('A', {
      A: pass({ Parameters: { 'state.$': '$$.State.Name', 'input.$': '$$.Execution.Input.n' } }),
    }),
    input: { n: 1 },
    end: { output: { state: 'A', input: 1 } },
    states: ['A'],
  },
  {
    name: 'ResultSelector makes the result that ResultPath puts and Assign reads',
    definition: machine('A', {
      A: task({
        ResultSelector: { 'id.$': '$.MessageId' },
        ResultPath: '$.sent',
        Assign: { 'id.$': '$.id' },
        End: false,
        Next: 'B',
      }),
      B: pass({ Parameters: { 'whole.$': '$', 'id.$': '$id' } }),
    }),
    input: { n: 1 },
    mocks: { A: { 0: { Return: { MessageId: 'm-1', MD5: 'x' } } } },
    end: { output: { whole: { n: 1, sent: { id: 'm-1' } }, id: 'm-1' } },
    states: ['A', 'B'],
  },
  {
    name: 'Assign reads the values before it, all at once',
    definition: machine('A', {
      A: leadsTo('B', { Assign: { x: 1, y: 2 } }),
      B: leadsTo('C', { Assign: { 'x.$': '$y', 'y.$': '$x', 'z.$': "States.Format('{}', $x)" } }),
      C: pass({ Parameters: { 'x.$': '$x', 'y.$': '$y', 'z.$': '$z' } }),
    }),
    end: { output: { x: 2, y: 1, z: '1' } },
    states: ['A', 'B', 'C'],
    emulator:
      'It has no Assign in JSONPath; AWS has: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    name: 'Variables hold structures that paths lead into, and choices and waits read',
    definition: machine('A', {
      A: leadsTo('B', { Assign: { 'order.$': '$' } }),
      B: { Type: 'Choice', Choices: [{ Variable: '$order.lines[0].n', NumericEquals: 0, Next: 'C' }] },
      C: { Type: 'Wait', SecondsPath: '$order.lines[0].n', Next: 'D' },
      D: pass({ Parameters: { 'n.$': '$order.lines[0].n' } }),
    }),
    input: { lines: [{ n: 0 }] },
    end: { output: { n: 0 } },
    states: ['A', 'B', 'C', 'D'],
    emulator:
      'It has no Assign in JSONPath; AWS has: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    name: 'Of a Choice the rule that holds assigns, or the state where none does',
    definition: machine('A', {
      A: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericEquals: 1, Assign: { who: 'rule' }, Next: 'B' }],
        Assign: { who: 'state' },
        Default: 'B',
      },
      B: pass({ Parameters: { 'who.$': '$who' } }),
    }),
    input: { n: 2 },
    end: { output: { who: 'state' } },
    states: ['A', 'B'],
    emulator:
      'It has no Assign in JSONPath; AWS has: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    name: 'No choice that holds, and no Default',
    definition: machine('A', {
      A: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'B' }] },
      B: pass(),
    }),
    input: { n: 2 },
    end: { error: 'States.NoChoiceMatched' },
    states: ['A'],
  },
];
