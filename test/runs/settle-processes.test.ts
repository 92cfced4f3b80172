import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getRun } from '../../lib/runs/apply.ts';
import { RunsError } from '../../lib/runs/errors.ts';
import { readLog } from '../../lib/runs/log.ts';
import type { ExecutionState } from '../../lib/runs/ports.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import { cancelRun, LEASE_SECONDS, startRun } from '../../lib/runs/service.ts';
import { settleRun } from '../../lib/runs/settle.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { openTestRuns, type TestRuns } from '../support/run-platform.ts';

let runs: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
});
afterEach(() => runs.close());

const start = () =>
  startRun(runs, { kind: 'process', workspaceId: A_WORKSPACE, parentId: 'process', input: {} });
const read = (run: Run) => getRun(runs, refOf(run));
const settle = (run: Run, state: ExecutionState) => settleRun(runs, refOf(run), state);

async function linesOf(run: Run) {
  let text = '';
  for await (const bytes of readLog(runs, refOf(run))) text += new TextDecoder().decode(bytes);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
const eventsOf = async (run: Run) => (await linesOf(run)).map(({ event }) => event);

describe('a run of a process', () => {
  it('runs once its execution does, however often that is said', async () => {
    const run = await start();

    await Promise.all(Array.from({ length: 5 }, () => settle(run, { status: 'running' })));
    await settle(run, { status: 'running' });

    expect(await read(run)).toMatchObject({ status: 'running', attempt: 1 });
    expect(await eventsOf(run)).toEqual(['run.start']);
  });

  it.each([
    [{ status: 'succeeded', output: { total: 1 } }, 'succeeded'],
    [{ status: 'failed', error: 'NoStock', cause: 'Nothing left' }, 'failed'],
    [{ status: 'failed', error: 'States.Timeout' }, 'failed'],
    [{ status: 'timed_out' }, 'timed_out'],
    [{ status: 'aborted' }, 'cancelled'],
  ] as [ExecutionState, Run['status']][])('ends with its execution: %j', async (state, status) => {
    const run = await start();
    await settle(run, { status: 'running' });

    await settle(run, state);
    await settle(run, state);
    await settle(run, { status: 'running' });

    expect(await read(run)).toMatchObject({ status });
    expect(await eventsOf(run)).toEqual(['run.start', 'run.complete']);
    expect((await linesOf(run)).at(-1)).toMatchObject({ data: { status } });
  });

  it('says why it failed in words: of a function, only what its message says', async () => {
    const run = await start();
    const cause = JSON.stringify({
      errorType: 'unreadable_file',
      errorMessage: 'It is no workbook.',
      trace: ['at x'],
    });

    await settle(run, { status: 'failed', error: 'unreadable_file', cause });

    expect(await read(run)).toMatchObject({
      failure: { code: 'unreadable_file', message: 'It is no workbook.' },
    });
    expect((await linesOf(run)).at(-1)).toMatchObject({
      message: 'It is no workbook.',
      data: { status: 'failed', error_code: 'unreadable_file' },
    });
  });

  it('keeps a reason short, and closes its log once with the longest one', async () => {
    const run = await start();
    const state = { status: 'failed', error: 'E'.repeat(5000), cause: '\u0001'.repeat(30_000) } as const;

    await settle(run, state);
    await settle(run, state);

    const { failure } = (await read(run)) as Extract<Run, { status: 'failed' }>;
    expect([failure.code.length, failure.message.length]).toEqual([256, 1000]);
    expect(await eventsOf(run)).toEqual(['run.complete']);
  });

  it('that is not its own execution changes nothing', async () => {
    const run = await start();

    await settleRun(runs, refOf(run), { status: 'failed' }, { isOwn: () => false });

    expect(await read(run)).toMatchObject({ status: 'queued' });
  });

  it('is closed by the sweeper when the event was lost, and begun by it as well', async () => {
    const run = await start();
    runs.advance(LEASE_SECONDS + 1);

    expect(await sweepRuns(runs)).toMatchObject({ extended: 1 });
    expect(await read(run)).toMatchObject({ status: 'running' });

    runs.executor.states.set(run.id, { status: 'succeeded', output: 7 });
    runs.advance(301);
    expect(await sweepRuns(runs, { keepOutput: async (_run, output) => ({ kept: output }) })).toMatchObject({
      ended: 1,
    });
    expect(await read(run)).toMatchObject({ status: 'succeeded', result: { kept: 7 } });
  });

  it('that can never be started fails at once, and says why', async () => {
    runs.executor.start = async ({ id }) => {
      throw new RunsError('executor_refused', { runId: id, reason: 'There is no such machine.' });
    };

    const run = await start();

    expect(await read(run)).toMatchObject({
      status: 'failed',
      failure: { code: 'not_started', message: 'There is no such machine.' },
    });
    expect(await eventsOf(run)).toEqual(['run.complete']);
  });

  it('that is cancelled closes its log once, whatever its execution says later', async () => {
    const run = await start();
    await settle(run, { status: 'running' });

    await cancelRun(runs, refOf(run));
    await settle(run, { status: 'aborted' });

    expect(await read(run)).toMatchObject({ status: 'cancelled' });
    expect(await eventsOf(run)).toEqual(['run.start', 'run.complete']);
  });
});

describe('a redrive', () => {
  const FAILED = { status: 'failed', error: 'NoStock' } as const;

  it.each([FAILED, { status: 'timed_out' }, { status: 'aborted' }] as const)(
    'of what has ended as %j runs again, and its end is the run’s',
    async (end) => {
      const run = await start();
      await settle(run, { status: 'running' });
      await settle(run, end);

      await settle(run, { status: 'running', redrives: 1 });
      expect(await read(run)).toMatchObject({ status: 'running', redrives: 1 });
      await settle(run, { status: 'succeeded', output: 1, redrives: 1 });

      expect(await read(run)).toMatchObject({ status: 'succeeded', result: { output: 1 } });
      expect(await eventsOf(run)).toEqual(['run.start', 'run.complete', 'run.redriven', 'run.complete']);
    },
  );

  it('whose beginning nobody told of is known by its end', async () => {
    const run = await start();
    await settle(run, FAILED);

    await settle(run, { status: 'succeeded', output: 2, redrives: 1 });

    expect(await read(run)).toMatchObject({ status: 'succeeded', result: { output: 2 } });
  });

  it('is not undone by what is told late', async () => {
    const run = await start();
    await settle(run, { status: 'running' });
    await settle(run, { status: 'running', redrives: 1 });

    await settle(run, FAILED);
    expect(await read(run)).toMatchObject({ status: 'running' });

    await settle(run, { ...FAILED, redrives: 1 });
    await settle(run, { status: 'running', redrives: 1 });
    expect(await read(run)).toMatchObject({ status: 'failed' });
  });

  it('that fails again and is redriven again counts each once', async () => {
    const run = await start();
    await settle(run, FAILED);
    for (const redrives of [1, 2]) {
      await settle(run, { status: 'running', redrives });
      await settle(run, { ...FAILED, redrives });
      await settle(run, { ...FAILED, redrives });
    }

    expect(await read(run)).toMatchObject({ status: 'failed', redrives: 2 });
    expect((await eventsOf(run)).filter((event) => event === 'run.redriven')).toHaveLength(2);
  });
});
