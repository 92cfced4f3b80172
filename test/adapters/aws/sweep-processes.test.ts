import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseStatusChange } from '../../../lib/adapters/aws/parse-status-change.ts';
import { ProcessExecutor } from '../../../lib/adapters/aws/process-executor.ts';
import { machines } from '../../../lib/adapters/aws/step-functions-executor.ts';
import { getRun } from '../../../lib/runs/apply.ts';
import type { RunPlatform } from '../../../lib/runs/ports.ts';
import { type Run, refOf } from '../../../lib/runs/run.ts';
import { startRun } from '../../../lib/runs/service.ts';
import { settleRun } from '../../../lib/runs/settle.ts';
import { sweepRuns } from '../../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

const client = new SFNClient({ region: 'us-east-1', maxAttempts: 1 });
const sfn = mockClient(client);
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:order-review';

const fault = (name: string) =>
  new SFNServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
const MISSING = new ExecutionDoesNotExist({ message: 'missing', $metadata: {} });
const DENIED = fault('AccessDeniedException');

let runs: TestRuns;
let platform: RunPlatform;
beforeEach(async () => {
  sfn.reset();
  sfn.on(DescribeStateMachineCommand).resolves({ type: 'STANDARD' });
  runs = await openTestRuns();
  platform = { ...runs, executor: new ProcessExecutor(client, machines({})) };
});
afterEach(() => runs.close());

const start = () =>
  startRun(platform, {
    ...{ kind: 'process', workspaceId: A_WORKSPACE, parentId: 'p', input: { stateMachineArn: MACHINE } },
  });
const read = (run: Run) => getRun(platform, refOf(run));
async function sweepLater() {
  runs.advance(130);
  return sweepRuns(platform);
}
const starts = () => sfn.commandCalls(StartExecutionCommand).length;

describe('a sweep of processes', () => {
  it.each([
    ['ExecutionDoesNotExist', MISSING],
    ['AccessDeniedException', DENIED],
  ])('starts a throttled run whose execution is not there yet: %s', async (_name, error) => {
    sfn.on(StartExecutionCommand).rejectsOnce(fault('ThrottlingException')).resolves({});
    const run = await start();
    sfn.on(DescribeExecutionCommand).rejects(error);

    expect(await sweepLater()).toMatchObject({ started: 1 });
    expect(starts()).toBe(2);
    expect(await read(run)).toMatchObject({ status: 'queued' });
  });

  it.each([
    ['AccessDeniedException', DENIED, DENIED],
    ['StateMachineDoesNotExist', MISSING, fault('StateMachineDoesNotExist')],
  ])('ends a run whose machine was taken away, in a sentence: %s', async (_name, seen, started) => {
    sfn.on(StartExecutionCommand).resolves({});
    const [waiting, running] = [await start(), await start()];
    await settleRun(platform, refOf(running), { status: 'running' });
    sfn.on(DescribeExecutionCommand).rejects(seen);
    sfn.on(StartExecutionCommand).rejects(started);

    expect(await sweepLater()).toMatchObject({ ended: 2, postponed: 0 });
    expect(await read(waiting)).toMatchObject({
      status: 'failed',
      failure: { code: 'not_started', message: expect.stringMatching(/^The state machine of this stage/) },
    });
    expect(await read(running)).toMatchObject({
      status: 'failed',
      failure: {
        code: 'out_of_reach',
        message: expect.stringMatching(/^The run can no longer be followed\. The state machine/),
      },
    });
    expect(await sweepLater()).toMatchObject({ ended: 0, started: 0 });
  });

  it('leaves a run alone that may be started and not be seen: nothing of it is lost', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    const run = await start();
    await settleRun(platform, refOf(run), { status: 'running' });
    sfn.on(DescribeExecutionCommand).rejects(DENIED);

    expect(await sweepLater()).toMatchObject({ extended: 1 });
    expect(await read(run)).toMatchObject({ status: 'running', attempt: 1 });
  });

  it('ends a run of an Express machine with its first look, and starts nothing', async () => {
    sfn.on(StartExecutionCommand).rejectsOnce(fault('ThrottlingException'));
    sfn
      .on(DescribeStateMachineCommand)
      .rejectsOnce(fault('ThrottlingException'))
      .resolves({ type: 'EXPRESS' });
    sfn.on(DescribeExecutionCommand).rejects(MISSING);
    const run = await start();

    for (let sweeps = 0; sweeps < 5; sweeps += 1) await sweepLater();

    expect(starts()).toBe(1); // the one that was throttled
    expect(await read(run)).toMatchObject({
      status: 'failed',
      failure: { code: 'not_started', message: expect.stringContaining('Express') },
    });
  });

  it('closes a run whose end came without its texts, and whose machine is out of sight since', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    const run = await start();
    await settleRun(platform, refOf(run), { status: 'running' });
    sfn.on(DescribeExecutionCommand).rejects(DENIED);
    sfn.on(StartExecutionCommand).rejects(DENIED);
    const executor = new ProcessExecutor(client, machines({}));
    const detail = {
      ...{ executionArn: `${MACHINE.replace('stateMachine', 'execution')}:${run.id}`, name: run.id },
      ...{ status: 'SUCCEEDED', inputDetails: { included: false } },
    };
    const event = { 'detail-type': 'Step Functions Execution Status Change', detail };

    expect(await parseStatusChange(event, (execution) => executor.lookUp(execution))).toBeUndefined();
    await sweepLater();

    expect(await read(run)).toMatchObject({ status: 'failed', failure: { code: 'out_of_reach' } });
  });
});
