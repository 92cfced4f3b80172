import { once } from 'node:events';
import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ExpressMachines } from '../../../lib/adapters/aws/express-machines.ts';
import { LocalWaitedMachines } from '../../../lib/adapters/local/asl/waited-machines.ts';
import { aQueuedRun } from '../../conformance/builders.ts';

const client = new SFNClient({ region: 'us-east-1' });
const sfn = mockClient(client);
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:agent-run';
const express = new ExpressMachines(client, MACHINE);
const run = { ...aQueuedRun(), kind: 'agent' as const };
const never = new AbortController().signal;

beforeEach(() => {
  sfn.reset();
});

describe('Express machines', () => {
  it('are started under the id of the run, and answer with what came out', async () => {
    sfn.on(StartSyncExecutionCommand).resolves({ status: 'SUCCEEDED', output: '{"type":"answered"}' });

    expect(await express.run(run, { runId: run.id }, never)).toEqual({
      status: 'succeeded',
      output: { type: 'answered' },
    });
    expect(sfn.commandCalls(StartSyncExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: MACHINE,
      name: run.id,
      input: JSON.stringify({ runId: run.id }),
    });
  });

  it.each([
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'timed_out'],
  ] as const)('that end as %s say no more than that', async (status, ended) => {
    sfn.on(StartSyncExecutionCommand).resolves({ status, error: 'Oops', cause: 'secret' });

    expect(await express.run(run, {}, never)).toEqual({ status: ended });
  });
});

describe('the same machines on a laptop', () => {
  const definition = { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: 'work', End: true } } };
  const machines = (Work: (payload: unknown, context: { signal: AbortSignal }) => Promise<unknown>) =>
    new LocalWaitedMachines({ agent: { definition, tasks: { Work } } }, { error() {} });

  it('answer with what came out, also twice for one run', async () => {
    const local = machines(async (payload) => ({ got: payload }));

    for (const n of [1, 2])
      expect(await local.run(run, { n }, never)).toEqual({ status: 'succeeded', output: { got: { n } } });
  });

  it('fail with their task', async () => {
    const local = machines(async () => {
      throw new Error('secret');
    });

    expect(await local.run(run, {}, never)).toEqual({ status: 'failed' });
  });

  it('tell their task when nobody waits any more', async () => {
    const leaving = new AbortController();
    const told: boolean[] = [];
    const local = machines(async (_payload, { signal }) => {
      setTimeout(() => leaving.abort(), 20);
      await once(signal, 'abort');
      told.push(true);
    });

    expect(await local.run(run, {}, leaving.signal)).toEqual({ status: 'aborted' });
    expect(told).toEqual([true]);
  });
});
