import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refused } from '../../../lib/apis/operation/refusal.ts';
import { dialect } from '../../../lib/apis/process-runs/dialect.ts';
import { cancelProcessRun } from '../../../lib/apis/process-runs/runs.ts';
import { toShortId } from '../../../lib/apis/records/short-id.ts';
import type { Caller } from '../../../lib/apis/workspaces/workspaces.ts';
import { RunsError } from '../../../lib/runs/errors.ts';
import { refOf } from '../../../lib/runs/run.ts';
import { startRun } from '../../../lib/runs/service.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

const INPUT = {
  ...{ agentId: 'agent', processId: 'process', stage: 'Draft', name: 'Invoice 42' },
  ...{ stateMachineArn: 'arn', fileIds: null, files: [], bucket: 'local', inputs: {} },
};
const caller: Caller = {
  workspaceId: A_WORKSPACE,
  ownerId: '018f0000-0000-7000-8000-00000000000e',
  ownerEmail: 'owner@example.com',
  permissions: [],
};

let runs: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
});
afterEach(() => runs.close());

/** How a cancel is answered when it is refused. */
async function refusalOf(id: string) {
  const error: unknown = await cancelProcessRun(runs, caller, id).catch((refused: unknown) => refused);
  if (!(error instanceof Refused)) throw error;
  return dialect.refuse(error.refusal, { path: '/runs', requestId: 'req_0' });
}

describe('cancelling a run of a process', () => {
  it('503: an execution that cannot be stopped yet is stopped by cancelling again, which is then 409', async () => {
    const run = await startRun(runs, {
      ...{ kind: 'process', workspaceId: A_WORKSPACE, parentId: 'agent#process', input: INPUT },
    });
    const stop = runs.executor.stop.bind(runs.executor);
    runs.executor.stop = async ({ id }) => {
      throw new RunsError('executor_busy', { runId: id });
    };

    const refused = await refusalOf(toShortId(run.id));
    const between = await runs.runs.get(refOf(run));
    runs.executor.stop = stop;
    const again = await refusalOf(toShortId(run.id));

    expect(refused).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { status_code: 503, message: expect.stringContaining('cancel it again') },
    });
    expect(between).toMatchObject({ status: 'cancelled' });
    expect(again).toMatchObject({ status: 409 });
    expect(runs.executor.stopped).toEqual([run.id]);
  });

  it('200: an execution that is out of reach is not stopped, and the log of the run says so', async () => {
    const run = await startRun(runs, {
      ...{ kind: 'process', workspaceId: A_WORKSPACE, parentId: 'agent#process', input: INPUT },
    });
    runs.executor.stop = async ({ id }) => {
      throw new RunsError('executor_refused', { runId: id, reason: 'It has lost its tag.' });
    };

    expect(await cancelProcessRun(runs, caller, toShortId(run.id))).toMatchObject({ status: 'cancelled' });
    expect(await refusalOf(toShortId(run.id))).toMatchObject({ status: 409 });

    const log = Buffer.from(await runs.log.read(refOf(run), 0)).toString('utf8');
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(['run.not_stopped', 'run.complete']);
    expect(lines[0].message).toMatch(/could not be stopped and may go on\. It has lost its tag\.$/);
  });
});
