import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getRun } from '../../lib/runs/apply.ts';
import { closeLog } from '../../lib/runs/close-log.ts';
import { RunsError } from '../../lib/runs/errors.ts';
import { LAST_EVENT, readLog } from '../../lib/runs/log.ts';
import { isPlaceholder, takePlace } from '../../lib/runs/placeholder.ts';
import type { RunPlatform } from '../../lib/runs/ports.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import { amendRun, cancelRun, claimRun, finishRun, startRun, startRunOnce } from '../../lib/runs/service.ts';
import { settleRun } from '../../lib/runs/settle.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { openTestRuns, type TestRuns } from '../support/run-platform.ts';

let runs: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
});
afterEach(() => runs.close());

const spec = (kind: Run['kind'] = 'document') => ({
  ...{ kind, workspaceId: A_WORKSPACE, parentId: runs.newId(), input: {} },
});
const start = (kind?: Run['kind']) => startRun(runs, spec(kind));

async function closings(run: Run): Promise<number> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readLog(runs, refOf(run))) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text.split('\n').filter((line) => line !== '' && JSON.parse(line).event === LAST_EVENT).length;
}

/** A store whose next commit is applied and answered as if it were not, after somebody else has written too. */
function losing(meanwhile: () => Promise<unknown>): RunPlatform {
  const commit: RunPlatform['runs']['commit'] = async (next, version) => {
    await runs.runs.commit(next, version);
    await meanwhile();
    throw new RunsError('stale_run', { runId: next.id });
  };
  const store = Object.create(runs.runs, { commit: { value: commit } });
  return {
    ...runs,
    runs: Object.assign(store, {
      get: (ref: never) => runs.runs.get(ref),
    }),
  };
}

describe('the end of a run', () => {
  it.each(['succeeded', 'failed'] as const)('is known again by who wrote it: %s', async (type) => {
    const claimed = await claimRun(runs, refOf(await start()), 0);
    const failure = { code: 'x', stage: null, message: 'It failed.' };
    const outcome =
      type === 'succeeded' ? { type, result: { own: 1 } } : { type, failure, result: { own: 1 } };
    const platform = losing(() => amendRun(runs, refOf(claimed), () => ({ output: 'by hand' })));

    const ended = await finishRun(platform, claimed, outcome);

    expect(ended).toMatchObject({ status: type, result: { own: 1, output: 'by hand' } });
  });

  it('that somebody else wrote meanwhile is none of the worker', async () => {
    const claimed = await claimRun(runs, refOf(await start()), 0);
    await cancelRun(runs, refOf(claimed));

    await expect(finishRun(runs, claimed, { type: 'succeeded', result: {} })).rejects.toMatchObject({
      code: 'invalid_transition',
    });
  });

  it('of a later claim is none of the earlier one', async () => {
    const first = await claimRun(runs, refOf(await start()), 0);
    const second = await claimRun(runs, refOf(first), 1);
    await finishRun(runs, second, { type: 'succeeded', result: { winner: true } });

    const late = finishRun(runs, first, { type: 'succeeded', result: { winner: false } });

    await expect(late).rejects.toMatchObject({ code: 'invalid_transition' });
    expect(await getRun(runs, refOf(first))).toMatchObject({ result: { winner: true } });
  });
});

describe('the closing line', () => {
  it.each([500, 5000, 9000, 70_000, 400_000])('is written once, also with %i characters', async (length) => {
    const claimed = await claimRun(runs, refOf(await start()), 0);
    const ended = await finishRun(runs, claimed, { type: 'succeeded', result: {} });
    const words = runs.log.words;
    const long = { ...words, ending: () => ({ message: 'x'.repeat(length), data: {} }) };
    const platform = { ...runs, log: Object.create(runs.log, { words: { value: long } }) };
    for (const name of ['append', 'read', 'end'] as const) {
      Object.defineProperty(platform.log, name, { value: runs.log[name].bind(runs.log) });
    }

    for (let times = 0; times < 3; times += 1) await closeLog(platform, ended);

    expect(await closings(ended)).toBe(1);
  });

  it.each(['document', 'process'] as const)('of a %s says of a failure what fits', async (kind) => {
    const run = await start(kind);
    const claimed = await claimRun(runs, refOf(run), 0);
    const failure = { code: 'c'.repeat(5000), stage: null, message: 'n'.repeat(50_000) };

    const ended = await finishRun(runs, claimed, { type: 'failed', failure });

    expect(ended).toMatchObject({ failure: { code: expect.stringMatching(/^c{255}…$/) } });
    expect(ended).toMatchObject({ failure: { message: expect.stringMatching(/^n{999}…$/) } });
    for (let times = 0; times < 2; times += 1) await settleRun(runs, refOf(run), { status: 'failed' });
    expect(await closings(run)).toBe(1);
  });
});

describe('a log whose end was not written', () => {
  /** Everything works but the log, whose writes are lost. */
  const silent = (): RunPlatform => {
    const append = async (): Promise<void> => {
      throw new Error('killed');
    };
    const log = Object.assign(Object.create(runs.log), {
      ...{ append, words: runs.log.words },
      read: runs.log.read.bind(runs.log),
      end: runs.log.end.bind(runs.log),
    });
    return { ...runs, log };
  };

  it('is closed by the sweeper, where it had ended the run itself', async () => {
    const run = await start('process');
    runs.executor.states.set(run.id, { status: 'succeeded', output: {} });
    runs.advance(130);
    await expect(sweepRuns(silent())).rejects.toThrow('could not be swept');
    expect(await getRun(runs, refOf(run))).toMatchObject({ status: 'succeeded' });
    expect(await closings(run)).toBe(0);

    runs.advance(7200);
    await sweepRuns(runs);
    runs.advance(7200);
    await sweepRuns(runs);

    expect(await closings(run)).toBe(1);
    expect(await runs.runs.listOpen({ leaseBefore: '9999', limit: 10 })).toEqual([]);
  });

  it('is closed by the sweeper, where the run could never be started', async () => {
    const executor = Object.assign(Object.create(runs.executor), {
      start: async (run: Run) => {
        throw new RunsError('executor_refused', { runId: run.id, reason: 'It is not there.' });
      },
    });
    const asked = { ...spec('process'), id: runs.newId() };
    await expect(startRun({ ...silent(), executor }, asked)).rejects.toThrow('killed');
    const ref = { workspaceId: A_WORKSPACE, kind: 'process', runId: asked.id } as const;
    expect(await getRun(runs, ref)).toMatchObject({ status: 'failed' });

    runs.advance(130);
    await sweepRuns(runs);

    const run = await getRun(runs, ref);
    expect([await closings(run), run.leaseUntil]).toEqual([1, undefined]);
    expect(await runs.runs.listOpen({ leaseBefore: '9999', limit: 10 })).toEqual([]);
  });

  it('leaves nothing to look at where it was written', async () => {
    const run = await start('process');
    runs.executor.states.set(run.id, { status: 'succeeded', output: {} });
    runs.advance(130);

    await sweepRuns(runs);

    expect(await closings(run)).toBe(1);
    expect(await runs.runs.listOpen({ leaseBefore: '9999', limit: 10 })).toEqual([]);
  });
});

describe('the age of a run', () => {
  it('counts from its record: a run that was planned two hours before is started, not failed', async () => {
    const id = runs.newId();
    runs.advance(7200);
    runs.executor.busy = true;
    const run = await startRun(runs, { ...spec(), id });
    runs.executor.busy = false;

    runs.advance(125);
    expect(await sweepRuns(runs)).toMatchObject({ started: 1, ended: 0 });

    expect(await getRun(runs, refOf(run))).toMatchObject({ status: 'queued' });
  });
});

describe('a place that was taken', () => {
  it('is nobody else any more', async () => {
    const asked = { ...spec(), id: runs.newId() };
    const ref = { workspaceId: A_WORKSPACE, kind: 'document', runId: asked.id } as const;

    expect(isPlaceholder(await takePlace(runs, ref))).toBe(true);
    expect(isPlaceholder(await takePlace(runs, ref))).toBe(true);
    await expect(startRunOnce(runs, asked)).rejects.toMatchObject({ code: 'run_exists' });
    expect(runs.executor.started).toEqual([]);
  });

  it('is left to a run that was made after all', async () => {
    const run = await start();

    expect(await takePlace(runs, refOf(run))).toMatchObject({ id: run.id, status: 'queued' });
  });
});
