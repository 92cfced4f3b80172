import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
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

  it('takes a name that was used for a start that was done', async () => {
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
