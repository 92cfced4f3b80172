import { leadsTo, machine, pass, task, type Workflow } from './workflow.ts';

const fail = (more: object = {}): object => ({ Type: 'Fail', ...more });
const caught = (ErrorEquals: string[], more: object = {}): object[] => [
  { ErrorEquals, Next: 'Caught', ...more },
];
const retry = (ErrorEquals: string[], more: object = {}): object[] => [{ ErrorEquals, ...more }];
const thrown = (error: string, Cause = 'why'): object => ({ Throw: { Error: error, Cause } });
const branch = (name: string, state: object): object => machine(name, { [name]: state });

/** How states follow each other, fail, are tried again, caught and stopped. */
export const flow: Workflow[] = [
  {
    name: 'Succeed ends an execution',
    definition: machine('A', { A: leadsTo('B'), B: { Type: 'Succeed', InputPath: '$.n' } }),
    input: { n: 1 },
    end: { output: 1 },
    states: ['A', 'B'],
  },
  {
    name: 'Fail has an error and a cause',
    definition: machine('A', { A: fail({ Error: 'E', Cause: 'why' }) }),
    end: { error: 'E', cause: 'why' },
    states: ['A'],
  },
  {
    name: 'Fail takes both from its input',
    definition: machine('A', { A: fail({ ErrorPath: '$.e', CausePath: "States.Format('for {}', $.n)" }) }),
    input: { e: 'E', n: 1 },
    end: { error: 'E', cause: 'for 1' },
    states: ['A'],
  },
  {
    name: 'Fail with neither has neither',
    definition: machine('A', { A: fail() }),
    end: {},
    states: ['A'],
    emulator:
      'It makes up the error States.Fail; both are optional and not made up: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html',
  },
  {
    name: 'Wait for seconds, for seconds of the input, until a time that is past',
    definition: machine('A', {
      A: { Type: 'Wait', Seconds: 1, Next: 'B' },
      B: { Type: 'Wait', SecondsPath: '$.s', Next: 'C' },
      C: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', Next: 'D' },
      D: { Type: 'Wait', TimestampPath: '$.t', End: true },
    }),
    input: { s: 1, t: '2020-01-01T00:00:00+02:00' },
    end: { output: { s: 1, t: '2020-01-01T00:00:00+02:00' } },
    states: ['A', 'B', 'C', 'D'],
  },
  {
    name: 'A loop that a choice ends',
    definition: machine('A', {
      A: leadsTo('B', { Parameters: { 'n.$': 'States.MathAdd($.n, 1)' } }),
      B: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'A' }], Default: 'C' },
      C: { Type: 'Succeed' },
    }),
    input: { n: 0 },
    end: { output: { n: 3 } },
    states: ['A', 'B', 'A', 'B', 'A', 'B', 'C'],
  },
  {
    name: 'The whole execution runs out of time, whatever is caught',
    definition: machine(
      'P',
      {
        P: {
          Type: 'Parallel',
          Branches: [branch('W', { Type: 'Wait', Seconds: 60, End: true })],
          Catch: caught(['States.ALL']),
          End: true,
        },
        Caught: pass(),
      },
      { TimeoutSeconds: 1 },
    ),
    end: 'timed out',
    states: ['P', 'W'],
    emulator:
      'It knows no TimeoutSeconds of a machine; AWS ends it as TIMED_OUT: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  {
    name: 'A task is tried again until it succeeds, and knows how often',
    definition: machine('A', {
      A: task({
        Retry: retry(['Busy'], {
          IntervalSeconds: 1,
          MaxAttempts: 2,
          BackoffRate: 1.5,
          JitterStrategy: 'FULL',
        }),
        ResultSelector: { 'tries.$': '$$.State.RetryCount', 'r.$': '$' },
      }),
    }),
    mocks: { A: { '0-1': thrown('Busy'), 2: { Return: 'done' } } },
    end: { output: { tries: 2, r: 'done' } },
    states: ['A'],
  },
  {
    name: 'Tries have an end, and then the catcher has the error beside the input',
    definition: machine('A', {
      A: task({
        Retry: retry(['Busy'], { MaxAttempts: 1, MaxDelaySeconds: 2 }),
        Catch: caught(['States.TaskFailed'], { ResultPath: '$.error' }),
      }),
      Caught: pass(),
    }),
    input: { n: 1 },
    mocks: { A: { '0-1': thrown('Busy'), 2: { Return: 'too late' } } },
    end: { output: { n: 1, error: { Error: 'Busy', Cause: 'why' } } },
    states: ['A', 'Caught'],
  },
  {
    name: 'Each retrier counts for itself',
    definition: machine('A', {
      A: task({ Retry: [...retry(['X'], { MaxAttempts: 1 }), ...retry(['Y'], { MaxAttempts: 1 })] }),
    }),
    mocks: { A: { 0: thrown('X'), 1: thrown('Y'), 2: thrown('X'), 3: { Return: 'too late' } } },
    end: { error: 'X', cause: 'why' },
    states: ['A'],
  },
  {
    name: 'MaxAttempts 0 is never',
    definition: machine('A', {
      A: task({ Retry: [...retry(['X'], { MaxAttempts: 0 }), ...retry(['States.ALL'])] }),
    }),
    mocks: { A: { 0: thrown('X'), 1: { Return: 'tried' } } },
    end: { error: 'X', cause: 'why' },
    states: ['A'],
  },
  {
    name: 'The first catcher that means an error has it; its variables are of the error',
    definition: machine('A', {
      A: task({
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['X', 'Y'], Assign: { 'e.$': '$.Error' }, ResultPath: null, Next: 'Caught' },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
      }),
      Caught: pass({ Parameters: { 'e.$': '$e', 'n.$': '$.n' } }),
      Wrong: pass(),
    }),
    input: { n: 1 },
    mocks: { A: { 0: thrown('Y') } },
    end: { output: { e: 'Y', n: 1 } },
    states: ['A', 'Caught'],
  },
  {
    name: 'A task runs out of time, which States.TaskFailed does not mean',
    definition: machine('A', {
      A: task({
        TimeoutSeconds: 1,
        Catch: [
          { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
          { ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'Caught' },
        ],
      }),
      Caught: pass({ InputPath: '$.error.Error' }),
      Wrong: pass(),
    }),
    silent: ['A'],
    end: { output: 'States.Timeout' },
    states: ['A', 'Caught'],
  },
  {
    name: 'Time that the input gives',
    definition: machine('A', { A: task({ TimeoutSecondsPath: '$.t' }) }),
    input: { t: 1 },
    silent: ['A'],
    end: { error: 'States.Timeout' },
    states: ['A'],
  },
  {
    name: 'A task waits for its token, and nobody gives a sign of life: States.Timeout means that too',
    definition: machine('A', {
      A: task({
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { 'token.$': '$$.Task.Token' },
        HeartbeatSeconds: 1,
        Catch: caught(['States.Timeout']),
      }),
      Caught: pass({ InputPath: '$.Error' }),
    }),
    silent: ['A'],
    end: { output: 'States.HeartbeatTimeout' },
    states: ['A', 'Caught'],
  },
  {
    name: 'What comes back with a token is the result',
    definition: machine('A', {
      A: task({
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { 'token.$': '$$.Task.Token' },
        OutputPath: '$.approved',
      }),
    }),
    mocks: { A: { 0: { Return: { approved: true } } } },
    end: { output: true },
    states: ['A'],
  },
  {
    name: 'More than 256 KiB is caught by its name only',
    definition: machine('A', {
      A: task({ Catch: caught(['States.ALL']) }),
      Caught: pass(),
    }),
    mocks: { A: { 0: { Return: 'x'.repeat(262_144) } } },
    end: { error: 'States.DataLimitExceeded' },
    states: ['A'],
  },
  {
    name: 'Parallel gives the outputs of its branches in their order',
    definition: machine('P', {
      P: {
        Type: 'Parallel',
        Branches: [
          branch('Slow', { Type: 'Wait', Seconds: 1, End: true }),
          branch('Fast', pass({ Result: 'fast' })),
        ],
        ResultSelector: { 'all.$': '$' },
        ResultPath: '$.p',
        End: true,
      },
    }),
    input: { n: 1 },
    end: { output: { n: 1, p: { all: [{ n: 1 }, 'fast'] } } },
    states: ['P', 'Slow', 'Fast'],
    inAnyOrder: true,
  },
  {
    name: 'A branch that fails ends the others, and its error is caught outside',
    definition: machine('P', {
      P: {
        Type: 'Parallel',
        Branches: [
          branch('Bad', fail({ Error: 'E', Cause: 'why' })),
          machine('Slow', { Slow: { Type: 'Wait', Seconds: 3, Next: 'Never' }, Never: pass() }),
        ],
        Catch: caught(['E']),
        End: true,
      },
      Caught: pass(),
    }),
    end: { output: { Error: 'E', Cause: 'why' } },
    states: ['P', 'Bad', 'Slow', 'Caught'],
    inAnyOrder: true,
  },
  {
    name: 'A Parallel is tried again as a whole',
    definition: machine('P', {
      P: {
        Type: 'Parallel',
        Branches: [branch('T', task()), branch('Other', pass())],
        Retry: retry(['Busy'], { IntervalSeconds: 1 }),
        End: true,
      },
    }),
    input: 1,
    mocks: { T: { 0: thrown('Busy'), 1: { Return: 'done' } } },
    end: { output: ['done', 1] },
    states: ['P', 'T', 'Other', 'T', 'Other'],
    inAnyOrder: true,
  },
  {
    name: 'Map with its items, their indexes and what is around them',
    definition: machine('M', {
      M: {
        Type: 'Map',
        ItemsPath: '$.lines',
        ItemSelector: { 'no.$': '$$.Map.Item.Index', 'line.$': '$$.Map.Item.Value', 'who.$': '$.who' },
        MaxConcurrency: 1,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...branch('I', pass()) },
        ResultPath: '$.done',
        End: true,
      },
    }),
    input: { who: 'me', lines: ['a', 'b'] },
    end: {
      output: {
        ...{ who: 'me', lines: ['a', 'b'] },
        done: [
          { no: 0, line: 'a', who: 'me' },
          { no: 1, line: 'b', who: 'me' },
        ],
      },
    },
    states: ['M', 'I', 'I'],
  },
  {
    name: 'Map with the older names, and nothing to do',
    definition: machine('M', { M: { Type: 'Map', Iterator: branch('I', pass()), End: true } }),
    input: [],
    end: { output: [] },
    states: ['M'],
  },
  {
    name: 'Items of a Map that are no list end the execution',
    definition: machine('M', { M: { Type: 'Map', ItemProcessor: branch('I', pass()), End: true } }),
    input: { a: 1 },
    end: { error: 'States.Runtime' },
    states: ['M'],
    emulator:
      'It takes what is no list for a list of one; items are an array: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    name: 'An iteration that fails, caught outside',
    definition: machine('M', {
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine('I', {
          I: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 2, Next: 'Bad' }], Default: 'Good' },
          Good: pass(),
          Bad: fail({ Error: 'Two' }),
        }),
        Catch: caught(['Two']),
        End: true,
      },
      Caught: pass({ InputPath: '$.Error' }),
    }),
    input: [1, 2, 3],
    end: { output: 'Two' },
    states: ['M', 'I', 'Good', 'I', 'Bad', 'Caught'],
  },
  {
    name: 'Map in Parallel in Map, with variables of each',
    definition: machine('M', {
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine('Keep', {
          Keep: leadsTo('P', { Assign: { 'outer.$': '$' } }),
          P: {
            Type: 'Parallel',
            Branches: [
              branch('N', {
                Type: 'Map',
                MaxConcurrency: 1,
                ItemProcessor: branch(
                  'J',
                  pass({ Parameters: { 'v.$': '$', 'of.$': 'States.ArrayLength($outer)' } }),
                ),
                End: true,
              }),
            ],
            OutputPath: '$[0]',
            End: true,
          },
        }),
        End: true,
      },
    }),
    input: [[1, 2], [3]],
    end: {
      output: [
        [
          { v: 1, of: 2 },
          { v: 2, of: 2 },
        ],
        [{ v: 3, of: 1 }],
      ],
    },
    states: ['M', 'Keep', 'P', 'N', 'J', 'J', 'Keep', 'P', 'N', 'J'],
    emulator:
      'It has no Assign in JSONPath; AWS has: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
];
