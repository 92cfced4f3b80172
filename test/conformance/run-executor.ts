import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionState, RunExecutor } from '../../lib/runs/ports.ts';
import type { Run } from '../../lib/runs/run.ts';

/** Machines that the cases run on; none of them calls anything. */
export const MACHINES = {
  echoes: { StartAt: 'Echo', States: { Echo: { Type: 'Pass', End: true } } },
  fails: {
    StartAt: 'Refuse',
    States: { Refuse: { Type: 'Fail', Error: 'OrderRefused', Cause: 'The order is empty' } },
  },
  waits: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } },
};
export type MachineName = keyof typeof MACHINES;

export interface OpenExecutor {
  executor: RunExecutor;
  /** A run, new and its own, that the executor moves on that machine with the run's ids as input. */
  aRunOn(machine: MachineName): Run;
  close(): Promise<void>;
}

const DEADLINE_MS = 15_000;

/** What every run executor promises. */
export function describeRunExecutor(name: string, open: () => Promise<OpenExecutor>): void {
  describe(`${name}: run executor`, () => {
    let opened: OpenExecutor;
    let executor: RunExecutor;
    beforeAll(async () => {
      opened = await open();
      ({ executor } = opened);
    });
    afterAll(() => opened.close());

    async function ended(run: Run): Promise<ExecutionState> {
      for (const deadline = Date.now() + DEADLINE_MS; ; await sleep(20)) {
        const state = await executor.describe(run);
        if (state.status !== 'running' || Date.now() > deadline) return state;
      }
    }
    async function started(machine: MachineName): Promise<Run> {
      const run = opened.aRunOn(machine);
      await executor.start(run);
      return run;
    }

    it('knows no execution of a run that was never started', async () => {
      expect(await executor.describe(opened.aRunOn('echoes'))).toEqual({ status: 'none' });
    });

    it('gives the machine the ids of the run, and tells the output', async () => {
      const run = await started('echoes');
      expect(await ended(run)).toEqual({
        status: 'succeeded',
        output: expect.objectContaining({ workspaceId: run.workspaceId, runId: run.id }),
      });
    });

    it('tells error and cause of what failed', async () => {
      expect(await ended(await started('fails'))).toEqual({
        status: 'failed',
        error: 'OrderRefused',
        cause: 'The order is empty',
      });
    });

    it('tells that an execution is running', async () => {
      const run = await started('waits');
      expect(await executor.describe(run)).toEqual({ status: 'running' });
      await executor.stop(run, 'The test is over');
    });

    it('may be told again to start what is running', async () => {
      const run = await started('waits');
      await Promise.all(Array.from({ length: 5 }, () => executor.start(run)));
      expect(await executor.describe(run)).toEqual({ status: 'running' });
      await executor.stop(run, 'The test is over');
      expect((await ended(run)).status).toBe('aborted');
    });

    it('does not start again what has ended', async () => {
      const run = await started('fails');
      const state = await ended(run);
      await executor.start(run);
      expect(await executor.describe(run)).toEqual(state);
    });

    it('stops what is running', async () => {
      const run = await started('waits');
      await executor.stop(run, 'Run cancelled by user');
      expect((await ended(run)).status).toBe('aborted');
    });

    it('leaves what has ended as it is when told to stop it', async () => {
      const run = await started('fails');
      const state = await ended(run);
      await executor.stop(run, 'Run cancelled by user');
      expect(await executor.describe(run)).toEqual(state);
    });

    it('has nothing to stop where nothing was started', async () => {
      const run = opened.aRunOn('waits');
      await executor.stop(run, 'Run cancelled by user');
      expect(await executor.describe(run)).toEqual({ status: 'none' });
    });
  });
}
