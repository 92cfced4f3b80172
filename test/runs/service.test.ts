import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getRun } from '../../lib/runs/apply.ts';
import { closingLine, encodeLine, RunLogWriter, readLog } from '../../lib/runs/log.ts';
import type { RunPlatform, RunStore } from '../../lib/runs/ports.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import {
  cancelRun,
  claimRun,
  finishRun,
  LEASE_SECONDS,
  MAX_ATTEMPTS,
  startRun,
} from '../../lib/runs/service.ts';
import { settleRun } from '../../lib/runs/settle.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { openTestRuns, type TestRuns } from '../support/run-platform.ts';

let runs: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
});
afterEach(() => runs.close());

const start = (kind: Run['kind'] = 'document') =>
  startRun(runs, { kind, workspaceId: A_WORKSPACE, parentId: runs.newId(), input: {} });
const read = (run: Run) => getRun(runs, refOf(run));
const SUCCEEDED = { type: 'succeeded', result: { answer: 42 } } as const;

async function logOf(run: Run): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readLog(runs, refOf(run))) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).event);
}

/** A platform whose store fails once at the n-th write, before or after it was applied. */
function crashing(at: { write: number; when: 'before' | 'after' }): RunPlatform {
  let writes = 0;
  const crash = async (write: () => Promise<void>): Promise<void> => {
    writes += 1;
    if (writes === at.write && at.when === 'before') throw new Error('crashed');
    await write();
    if (writes === at.write && at.when === 'after') throw new Error('crashed');
  };
  const store: RunStore = {
    get: (ref) => runs.runs.get(ref),
    getMany: (refs) => runs.runs.getMany(refs),
    list: (query) => runs.runs.list(query),
    listByStatus: (query) => runs.runs.listByStatus(query),
    listByParent: (query) => runs.runs.listByParent(query),
    listOpen: (query) => runs.runs.listOpen(query),
    insert: (run) => crash(() => runs.runs.insert(run)),
    commit: (next, version) => crash(() => runs.runs.commit(next, version)),
  };
  const { log, now, newId } = runs;
  const executor: RunPlatform['executor'] = {
    start: (run) => crash(() => runs.executor.start(run)),
    stop: (run) => crash(() => runs.executor.stop(run)),
    describe: (run) => runs.executor.describe(run),
  };
  return { runs: store, log, now, newId, executor };
}

/** What the state machine would do: claim, work, finish. */
async function work(platform: RunPlatform, run: Run, delivery = 0): Promise<Run> {
  const claimed = await claimRun(platform, refOf(run), delivery);
  return finishRun(platform, claimed, SUCCEEDED);
}

describe('start', () => {
  it('records the run and starts its execution', async () => {
    const run = await start();

    expect(await read(run)).toEqual(run);
    expect(runs.executor.started).toEqual([run.id]);
  });

  it('accepts the run while Step Functions is throttling, and the sweeper starts it', async () => {
    runs.executor.busy = true;
    const run = await start();
    expect(runs.executor.started).toEqual([]);

    runs.executor.busy = false;
    runs.advance(LEASE_SECONDS + 1);
    await sweepRuns(runs);

    expect(runs.executor.started).toEqual([run.id]);
    expect((await read(run)).status).toBe('queued');
  });

  it('gives up a run that could not be started for an hour', async () => {
    runs.executor.busy = true;
    const run = await start();

    runs.advance(3601);
    await sweepRuns(runs);

    expect(await read(run)).toMatchObject({ status: 'failed', failure: { code: 'internal_error' } });
  });

  it('starts a run that nobody has tried to start for two hours', async () => {
    runs.executor.busy = true;
    const run = await start();

    runs.executor.busy = false;
    runs.advance(7200);
    await sweepRuns(runs);

    expect(runs.executor.started).toEqual([run.id]);
    expect((await read(run)).status).toBe('queued');
  });

  it('crash after the record stands: the sweeper starts it, once', async () => {
    const id = runs.newId();
    const spec = { id, kind: 'document', workspaceId: A_WORKSPACE, parentId: id, input: {} } as const;
    await expect(startRun(crashing({ write: 1, when: 'after' }), spec)).rejects.toThrow('crashed');

    runs.advance(LEASE_SECONDS + 1);
    await sweepRuns(runs);
    await sweepRuns(runs);

    expect(runs.executor.started).toEqual([id]);
  });

  it('crash before the record stands: nothing happened', async () => {
    const id = runs.newId();
    const spec = { id, kind: 'document', workspaceId: A_WORKSPACE, parentId: id, input: {} } as const;
    await expect(startRun(crashing({ write: 1, when: 'before' }), spec)).rejects.toThrow('crashed');

    const ref = { workspaceId: A_WORKSPACE, kind: 'document', runId: id } as const;
    await expect(getRun(runs, ref)).rejects.toMatchObject({ code: 'run_not_found' });
  });
});

describe('claim and finish', () => {
  it('two deliveries at once: one worker', async () => {
    const run = await start();

    const claims = await Promise.allSettled([1, 2, 3].map(() => claimRun(runs, refOf(run), 0)));

    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('a late worker changes nothing: its claim was taken over', async () => {
    const run = await start();
    const first = await claimRun(runs, refOf(run), 0);
    const second = await claimRun(runs, refOf(run), 1);

    await expect(finishRun(runs, first, SUCCEEDED)).rejects.toMatchObject({ code: 'invalid_transition' });
    expect(await finishRun(runs, second, SUCCEEDED)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it('an extended lease does not cost the worker its claim', async () => {
    const run = await start();
    const claimed = await claimRun(runs, refOf(run), 0);
    runs.advance(LEASE_SECONDS + 1);
    expect(await sweepRuns(runs)).toMatchObject({ extended: 1 });

    expect(await finishRun(runs, claimed, SUCCEEDED)).toMatchObject({ status: 'succeeded' });
  });

  it.each(['before', 'after'] as const)(
    'crash %s the claim is written: the next delivery does the work',
    async (when) => {
      const run = await start();
      await expect(work(crashing({ write: 1, when }), run)).rejects.toThrow('crashed');

      expect(await work(runs, run, 1)).toMatchObject({ status: 'succeeded', result: { answer: 42 } });
    },
  );

  it('crash before the end is written: the next delivery does the work', async () => {
    const run = await start();
    await expect(work(crashing({ write: 2, when: 'before' }), run)).rejects.toThrow('crashed');

    expect(await work(runs, run, 1)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it('crash after the end is written: the next delivery finds nothing to do', async () => {
    const run = await start();
    await expect(work(crashing({ write: 2, when: 'after' }), run)).rejects.toThrow('crashed');

    await expect(work(runs, run, 1)).rejects.toMatchObject({ code: 'invalid_transition' });
    expect(await read(run)).toMatchObject({ status: 'succeeded', attempt: 1 });
  });
});

describe('cancel', () => {
  it('ends a queued run and stops its execution', async () => {
    const run = await start();

    expect(await cancelRun(runs, refOf(run))).toMatchObject({ status: 'cancelled' });
    expect(runs.executor.stopped).toEqual([run.id]);
    expect(await logOf(run)).toEqual([]);
  });

  it('again: 200 with the same run', async () => {
    const run = await start();
    const cancelled = await cancelRun(runs, refOf(run));

    expect(await cancelRun(runs, refOf(run))).toEqual(cancelled);
  });

  it('refuses a run that ended otherwise', async () => {
    const run = await start();
    await work(runs, run);

    await expect(cancelRun(runs, refOf(run))).rejects.toMatchObject({ code: 'invalid_transition' });
  });

  it('while the task works: the worker loses its claim and its log', async () => {
    const run = await start();
    const claimed = await claimRun(runs, refOf(run), 0);
    const writer = await RunLogWriter.open(runs, claimed);

    await cancelRun(runs, refOf(run));

    await expect(finishRun(runs, claimed, SUCCEEDED)).rejects.toMatchObject({ code: 'invalid_transition' });
    writer.write({ ...closingLine(runs, await read(run)), event: 'engine.late' });
    await expect(writer.flush()).rejects.toMatchObject({ code: 'log_moved' });
    expect(await logOf(run)).toEqual(['run.lost_claim']);
  });

  it('many at once with finish: one of them wins, and the record says which', async () => {
    const run = await start();
    const claimed = await claimRun(runs, refOf(run), 0);

    const results = await Promise.allSettled([
      finishRun(runs, claimed, SUCCEEDED),
      cancelRun(runs, refOf(run)),
      cancelRun(runs, refOf(run)),
    ]);

    const { status } = await read(run);
    expect(['succeeded', 'cancelled']).toContain(status);
    expect(results[0]?.status === 'fulfilled').toBe(status === 'succeeded');
  });
});

describe('settle', () => {
  it.each([
    [{ status: 'failed', error: 'Lambda.Unknown', cause: 'out of memory' }, 'failed', 'internal_error'],
    [{ status: 'failed', error: 'States.Timeout' }, 'timed_out', 'timed_out'],
    [{ status: 'timed_out' }, 'timed_out', 'timed_out'],
    [{ status: 'aborted' }, 'cancelled', 'cancelled'],
  ] as const)('%o closes an open run as %s', async (state, status, code) => {
    const run = await start();
    await claimRun(runs, refOf(run), 0);

    await settleRun(runs, refOf(run), state);
    await settleRun(runs, refOf(run), state);

    const settled = await read(run);
    expect(settled).toMatchObject({ status, failure: { code } });
    expect(JSON.stringify(settled)).not.toContain('out of memory'); // what broke inside is not the caller's business
  });

  it('completes the log of a run whose worker died after its last write', async () => {
    const run = await start();
    const claimed = await claimRun(runs, refOf(run), 0);
    await runs.log.append(
      refOf(run),
      0,
      encodeLine({
        ...closingLine(runs, { ...claimed, status: 'succeeded', completedAt: claimed.startedAt }),
        event: 'run.start',
      }),
    );
    await finishRun(runs, claimed, SUCCEEDED);

    await settleRun(runs, refOf(run), { status: 'succeeded', output: null });
    await settleRun(runs, refOf(run), { status: 'succeeded', output: null });

    expect(await logOf(run)).toEqual(['run.start', 'run.complete']);
  });

  it('a process run takes the output and the reason of its execution', async () => {
    const [ok, bad] = [await start('process'), await start('process')];

    await settleRun(runs, refOf(ok), { status: 'succeeded', output: { total: 3 } });
    await settleRun(runs, refOf(bad), { status: 'failed', error: 'NoStock', cause: 'Nothing left' });

    expect(await read(ok)).toMatchObject({ status: 'succeeded', result: { output: { total: 3 } } });
    expect(await read(bad)).toMatchObject({
      status: 'failed',
      failure: { code: 'NoStock', message: 'Nothing left' },
    });
  });

  it('an event about a run that does not exist changes nothing', async () => {
    const ref = { workspaceId: A_WORKSPACE, kind: 'document', runId: runs.newId() } as const;

    expect(await settleRun(runs, ref, { status: 'failed' })).toBeUndefined();
  });
});

describe('sweep', () => {
  it('leaves runs alone whose lease has not ended', async () => {
    await start();

    expect(await sweepRuns(runs)).toEqual({ started: 0, extended: 0, ended: 0, postponed: 0, left: 0 });
  });

  it('lost event: closes what has ended', async () => {
    const run = await start();
    await claimRun(runs, refOf(run), 0);
    runs.executor.states.set(run.id, { status: 'failed', error: 'TransientFault' });

    runs.advance(LEASE_SECONDS + 1);
    await sweepRuns(runs);

    expect(await read(run)).toMatchObject({ status: 'failed' });
  });

  it('an execution that ended without an outcome fails the run', async () => {
    const run = await start();
    await claimRun(runs, refOf(run), 0);
    runs.executor.states.set(run.id, { status: 'succeeded', output: null });

    runs.advance(LEASE_SECONDS + 1);
    await sweepRuns(runs);

    expect(await read(run)).toMatchObject({ status: 'failed', failure: { code: 'internal_error' } });
  });

  it('an executor that died with its runs: they start again, and end after three lost workers', async () => {
    const run = await start();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      await claimRun(runs, refOf(run), 0);
      runs.executor.states.clear();
      runs.advance(LEASE_SECONDS + 1);
      await sweepRuns(runs);
    }

    expect(runs.executor.started).toEqual(Array.from({ length: MAX_ATTEMPTS }, () => run.id));
    expect(await read(run)).toMatchObject({ status: 'failed', attempt: MAX_ATTEMPTS });
    expect(await logOf(run)).toEqual(['run.complete']);
  });

  it('times out what runs longer than its kind may', async () => {
    const run = await start('thread');
    await claimRun(runs, refOf(run), 0);

    runs.advance(700);
    await sweepRuns(runs);

    expect(await read(run)).toMatchObject({ status: 'timed_out' });
    expect(runs.executor.stopped).toEqual([run.id]);
  });

  it('ten sweepers at once do what one does', async () => {
    runs.executor.busy = true;
    const run = await start();
    runs.executor.busy = false;
    runs.advance(LEASE_SECONDS + 1);

    await Promise.all(Array.from({ length: 10 }, () => sweepRuns(runs)));

    expect(await read(run)).toMatchObject({ status: 'queued' });
    expect(new Set(runs.executor.started)).toEqual(new Set([run.id]));
  });
});
