import { describe, expect, it } from 'vitest';
import { parseStatusChange } from '../../../lib/adapters/aws/parse-status-change.ts';
import { processExecution } from '../../../lib/apis/process-runs/process-execution.ts';
import { aRun } from '../../support/builders.ts';

const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:order-review';
const run = aRun({
  kind: 'process',
  input: {
    ...{ agentId: 'agent', processId: 'process', stage: 'Draft', name: 'Invoice 42' },
    ...{ stateMachineArn: `${MACHINE}:live`, fileIds: null, files: [], bucket: 'files', inputs: {} },
  },
});
const EXECUTION = `arn:aws:states:eu-west-1:123456789012:execution:order-review:${run.id}`;
const INPUT = JSON.stringify(processExecution(run));

const anEvent = (detail: object) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn: EXECUTION,
    name: run.id,
    status: 'RUNNING',
    input: INPUT,
    redriveCount: 0,
    ...detail,
  },
});
const never = () => Promise.reject(new Error('The event has it all'));

describe('a status change', () => {
  it('of a process says which run it is about, whose own execution it is', async () => {
    const change = await parseStatusChange(anEvent({}), never);

    expect(change).toMatchObject({
      ref: { workspaceId: run.workspaceId, kind: 'process', runId: run.id },
      state: { status: 'running' },
    });
    expect(change?.state).not.toHaveProperty('redrives');
    expect(change?.isOwn(run)).toBe(true);
  });

  it('of another machine that was started by the same name and input is not the run’s', async () => {
    const executionArn = EXECUTION.replace('order-review', 'somebody-elses');

    expect((await parseStatusChange(anEvent({ executionArn }), never))?.isOwn(run)).toBe(false);
  });

  it.each([
    ['that the console started anew with a copied input', { name: 'b1946ac9-2a0c-4b8d-8d9e-3f1c6e0e7a11' }],
    ['whose input is nothing of ours', { input: '{"order":1}' }],
    ['whose input is no object', { input: '"hello"' }],
    ['whose run id is none', { input: JSON.stringify({ run_id: 'x', workspace_id: run.workspaceId }) }],
  ])('of an execution %s is none of ours', async (_what, detail) => {
    expect(await parseStatusChange(anEvent(detail), never)).toBeUndefined();
  });

  it('too large for the event is looked up, and is nobody’s where it may not be', async () => {
    const large = anEvent({
      status: 'SUCCEEDED',
      input: null,
      inputDetails: { included: false },
      output: null,
      outputDetails: { included: false },
    });

    const found = await parseStatusChange(large, async (execution) => {
      expect(execution).toBe(EXECUTION);
      return { input: INPUT, output: '{"total":1}' };
    });
    expect(found).toMatchObject({
      ref: { runId: run.id },
      state: { status: 'succeeded', output: { total: 1 } },
    });
    expect(await parseStatusChange(large, async () => undefined)).toBeUndefined();
  });

  it('counts redrives', async () => {
    const change = await parseStatusChange(anEvent({ status: 'FAILED', error: 'E', redriveCount: 2 }), never);

    expect(change?.state).toEqual({ status: 'failed', error: 'E', cause: undefined, redrives: 2 });
  });
});

describe('the input of an execution', () => {
  it('begins with what the rule looks for, and says where large inputs are', () => {
    const input = processExecution({
      ...run,
      input: { ...run.input, inputs: undefined, inputsKey: 'a/b.json' },
    });

    expect(JSON.stringify(input).startsWith('{"run_id":"')).toBe(true);
    expect(input).toMatchObject({ inputs: {}, inputs_ref: { bucket: 'files', key: 'a/b.json' }, files: [] });
  });
});
