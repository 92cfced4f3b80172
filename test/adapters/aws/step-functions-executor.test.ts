import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ListTagsForResourceCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidationException,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ProcessExecutor } from '../../../lib/adapters/aws/process-executor.ts';
import {
  executionArn,
  machines,
  StepFunctionsExecutor,
} from '../../../lib/adapters/aws/step-functions-executor.ts';
import { RunsError } from '../../../lib/runs/errors.ts';
import { aQueuedRun } from '../../conformance/builders.ts';

const client = new SFNClient({ region: 'us-east-1' });
const sfn = mockClient(client);
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:document-run';
const executor = new StepFunctionsExecutor(client, machines({ document: MACHINE }));
const run = aQueuedRun();
const EXECUTION = `arn:aws:states:us-east-1:123456789012:execution:document-run:${run.id}`;

beforeEach(() => {
  sfn.reset();
});

const fault = (name: string, httpStatusCode: number) =>
  new SFNServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });
const coded = (code: string) => Object.assign(new Error(code), { code });

const BUSY = [
  fault('ThrottlingException', 400),
  fault('ExecutionLimitExceeded', 400),
  fault('TooManyRequestsException', 429),
  fault('KmsThrottlingException', 400),
  fault('ServiceUnavailable', 503),
  fault('SomethingNew', 500),
  Object.assign(new Error('timed out'), { name: 'TimeoutError' }),
  coded('ECONNRESET'),
  coded('ECONNREFUSED'),
  coded('EAI_AGAIN'),
];
const OTHER = [
  fault('StateMachineDoesNotExist', 400),
  fault('InvalidArn', 400),
  fault('AccessDeniedException', 403),
  new TypeError('a mistake of ours'),
];

const VERBS = {
  start: { command: StartExecutionCommand, call: () => executor.start(run) },
  stop: { command: StopExecutionCommand, call: () => executor.stop(run, 'reason') },
  describe: { command: DescribeExecutionCommand, call: () => executor.describe(run) },
};

describe.each(Object.entries(VERBS))('StepFunctionsExecutor.%s', (_verb, { command, call }) => {
  it.each(BUSY)('says executor_busy for what passes by itself: $message', async (error) => {
    sfn.on(command as typeof StartExecutionCommand).rejects(error);
    const said = await call().catch((caught: unknown) => caught);
    expect(said).toBeInstanceOf(RunsError);
    expect(said).toMatchObject({ code: 'executor_busy', details: { runId: run.id }, cause: error });
  });

  it.each(OTHER)('passes on what does not: $name', async (error) => {
    sfn.on(command as typeof StartExecutionCommand).rejects(error);
    await expect(call()).rejects.toBe(error);
  });
});

describe('StepFunctionsExecutor', () => {
  it('starts an execution named like the run, with ids only', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    await executor.start(run);
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: MACHINE,
      name: run.id,
      input: JSON.stringify({ workspaceId: run.workspaceId, kind: 'document', runId: run.id }),
    });
  });

  it('AWS allows one execution of a name in 90 days: a name that was used is a start that was done', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ message: 'exists', $metadata: {} }));
    await expect(executor.start(run)).resolves.toBeUndefined();
  });

  it('starts a process on its own machine, with the input that is built for it', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    const alias = 'arn:aws:states:eu-west-1:999999999999:stateMachine:invoice:PROD';
    const process = aQueuedRun({ kind: 'process', input: { stateMachineArn: alias } });
    const inputs = { process: () => ({ inputs: { order_id: 7 } }) };
    await new StepFunctionsExecutor(client, machines({}, inputs)).start(process);
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: alias,
      name: process.id,
      input: '{"inputs":{"order_id":7}}',
    });
  });

  it('says which kind of run has no machine', async () => {
    await expect(executor.start(aQueuedRun({ kind: 'thread' }))).rejects.toThrow('for thread runs');
    await expect(executor.start(aQueuedRun({ kind: 'process' }))).rejects.toThrow('for process runs');
  });

  it('stops the execution of the run, and says why', async () => {
    sfn.on(StopExecutionCommand).resolves({});
    await executor.stop(run, 'Run cancelled by user');
    expect(sfn.commandCalls(StopExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn: EXECUTION,
      cause: 'Run cancelled by user',
    });
  });

  it('need not stop what has ended by itself since', async () => {
    const ended = new ValidationException({ message: 'Execution is not running', $metadata: {} });
    sfn.on(StopExecutionCommand).rejects(ended).on(DescribeExecutionCommand).resolves({ status: 'FAILED' });
    await expect(executor.stop(run, 'reason')).resolves.toBeUndefined();
    sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    await expect(executor.stop(run, 'reason')).rejects.toBe(ended);
  });

  it('knows nothing of an execution that does not exist, and stops nothing', async () => {
    const missing = new ExecutionDoesNotExist({ message: 'missing', $metadata: {} });
    sfn.on(StopExecutionCommand).rejects(missing).on(DescribeExecutionCommand).rejects(missing);
    await expect(executor.stop(run, 'reason')).resolves.toBeUndefined();
    expect(await executor.describe(run)).toEqual({ status: 'none' });
  });

  const why = { error: 'States.TaskFailed', cause: 'because' };
  it.each([
    [{ status: 'RUNNING' }, { status: 'running' }],
    [{ status: 'PENDING_REDRIVE' }, { status: 'running' }],
    [
      { status: 'SUCCEEDED', output: '{"total":3}' },
      { status: 'succeeded', output: { total: 3 } },
    ],
    [{ status: 'SUCCEEDED' }, { status: 'succeeded', output: null }],
    [
      { status: 'FAILED', ...why },
      { status: 'failed', ...why },
    ],
    [{ status: 'TIMED_OUT' }, { status: 'timed_out' }],
    [
      { status: 'ABORTED', ...why },
      { status: 'aborted', ...why },
    ],
  ] as const)('tells %o as %o', async (described, state) => {
    sfn.on(DescribeExecutionCommand).resolves(described);
    expect(await executor.describe(run)).toEqual(state);
  });
});

describe('executionArn', () => {
  it.each([MACHINE, `${MACHINE}:PROD`, `${MACHINE}:7`])('of %s leaves out version and alias', (machine) => {
    expect(executionArn(machine, run.id)).toBe(EXECUTION);
  });
});

describe('StepFunctionsExecutor and processes', () => {
  const processRun = {
    ...aQueuedRun(),
    kind: 'process' as const,
    input: { stateMachineArn: `${MACHINE}:live` },
  };
  const processes = new StepFunctionsExecutor(client, machines({}, { process: () => ({ run_id: 'x' }) }));

  it.each(['StateMachineDoesNotExist', 'AccessDeniedException', 'InvalidArn', 'StateMachineDeleting'])(
    '%s refuses a process for good, in a sentence that names nothing of ours',
    async (name) => {
      sfn.on(StartExecutionCommand).rejects(fault(name, 400));

      await expect(processes.start(processRun)).rejects.toMatchObject({
        code: 'executor_refused',
        details: { runId: processRun.id, reason: expect.stringMatching(/^The state machine of this stage/) },
      });
    },
  );

  it('looks up what an execution was given and has answered; what it may not see is not there', async () => {
    sfn.on(DescribeExecutionCommand).resolvesOnce({ input: '{}', output: '1' });
    expect(await processes.lookUp(EXECUTION)).toEqual({ input: '{}', output: '1' });

    sfn.on(DescribeExecutionCommand).rejects(fault('AccessDeniedException', 403));
    expect(await processes.lookUp(EXECUTION)).toBeUndefined();
  });

  it('tells how often an execution was redriven', async () => {
    sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', redriveCount: 3 });

    expect(await processes.describe(processRun)).toEqual({ status: 'running', redrives: 3 });
  });
});

describe('ProcessExecutor and processes that are out of reach', () => {
  const processRun = { ...aQueuedRun(), kind: 'process' as const, input: { stateMachineArn: MACHINE } };
  const open = () => new ProcessExecutor(client, machines({}, { process: () => ({ run_id: 'x' }) }));

  it.each(['AccessDeniedException', 'InvalidArn', 'StateMachineDoesNotExist', 'KmsAccessDeniedException'])(
    '%s: neither a look nor a stop is a fault of ours',
    async (name) => {
      sfn.on(DescribeExecutionCommand).rejects(fault(name, 400));
      sfn.on(StopExecutionCommand).rejects(fault(name, 400));
      const refused = {
        code: 'executor_refused',
        details: { reason: expect.stringMatching(/state machine/) },
      };

      await expect(open().describe(processRun)).rejects.toMatchObject(refused);
      await expect(open().stop(processRun, 'Run cancelled by user')).rejects.toMatchObject(refused);
    },
  );

  it('does not start what is an Express machine', async () => {
    sfn.on(DescribeStateMachineCommand).resolves({ type: 'EXPRESS' });

    await expect(open().start(processRun)).rejects.toMatchObject({
      code: 'executor_refused',
      details: { reason: expect.stringContaining('Express') },
    });
    expect(sfn.commandCalls(StartExecutionCommand)).toHaveLength(0);
  });

  it('refuses for good what turns out to be Express when it is started', async () => {
    const executionArn = `arn:aws:states:us-east-1:123456789012:express:document-run:${run.id}:7`;
    sfn.on(DescribeStateMachineCommand).rejects(fault('ThrottlingException', 400));
    sfn.on(StartExecutionCommand).resolves({ executionArn });

    await expect(open().start(processRun)).rejects.toMatchObject({ code: 'executor_refused' });
  });

  it('asks once of a machine whether it is Standard', async () => {
    sfn.on(DescribeStateMachineCommand).resolves({ type: 'STANDARD' });
    sfn.on(StartExecutionCommand).resolves({ executionArn: EXECUTION });
    const executor = open();
    await executor.start(processRun);
    await executor.start({ ...processRun, id: aQueuedRun().id });

    expect(sfn.commandCalls(DescribeStateMachineCommand)).toHaveLength(1);
    expect(sfn.commandCalls(StartExecutionCommand)).toHaveLength(2);
  });
});

describe('ProcessExecutor.lookAtMachine', () => {
  const look = (machineArn = MACHINE) => new ProcessExecutor(client, machines({})).lookAtMachine(machineArn);
  const tagged = { tags: [{ key: 'runplane:process', value: 'whatever' }] };

  it.each([MACHINE, `${MACHINE}:live`, `${MACHINE}:7`])('takes %s by its machine', async (arn) => {
    sfn.on(DescribeStateMachineCommand).resolves({ type: 'STANDARD', status: 'ACTIVE' });
    sfn.on(ListTagsForResourceCommand).resolves(tagged);

    expect(await look(arn)).toEqual({ status: 'fit' });
    expect(sfn.commandCalls(DescribeStateMachineCommand)[0]?.args[0].input.stateMachineArn).toBe(MACHINE);
    expect(sfn.commandCalls(ListTagsForResourceCommand)[0]?.args[0].input.resourceArn).toBe(MACHINE);
  });

  it.each([
    ['EXPRESS', 'ACTIVE', tagged, /Express/],
    ['STANDARD', 'DELETING', tagged, /being deleted/],
    ['STANDARD', 'ACTIVE', { tags: [{ key: 'other' }] }, /tag runplane:process/],
    ['STANDARD', 'ACTIVE', {}, /tag runplane:process/],
  ] as const)('says what is wrong with one that is %s, %s, %o', async (type, status, tags, reason) => {
    sfn.on(DescribeStateMachineCommand).resolves({ type, status });
    sfn.on(ListTagsForResourceCommand).resolves({ ...tags, tags: [...('tags' in tags ? tags.tags : [])] });

    expect(await look()).toEqual({ status: 'unfit', reason: expect.stringMatching(reason) });
  });

  it.each([
    ['StateMachineDoesNotExist', /no such state machine/],
    ['InvalidArn', /no such state machine/],
    ['AccessDeniedException', /does not exist.*or does not carry the tag/],
  ])('says what %s means, without a word of ours', async (name, reason) => {
    sfn.on(DescribeStateMachineCommand).rejects(fault(name, 400));

    expect(await look()).toEqual({ status: 'unfit', reason: expect.stringMatching(reason) });
  });

  it('knows nothing while it is throttled, and hides no fault of ours', async () => {
    sfn.on(DescribeStateMachineCommand).rejects(fault('ThrottlingException', 400));
    expect(await look()).toMatchObject({ status: 'unknown' });

    const mistake = new TypeError('a mistake of ours');
    sfn.on(DescribeStateMachineCommand).rejects(mistake);
    await expect(look()).rejects.toBe(mistake);
  });
});
