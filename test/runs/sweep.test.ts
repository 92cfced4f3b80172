import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { getRun } from '../../lib/runs/apply.ts';
import { RunsError } from '../../lib/runs/errors.ts';
import { inTurns } from '../../lib/runs/fair-order.ts';
import { aliveLease, failedLease } from '../../lib/runs/leases.ts';
import type { RunPlatform, RunStore } from '../../lib/runs/ports.ts';
import { isOpen, type OpenRun, type Run, type RunKind, type RunRef, refOf } from '../../lib/runs/run.ts';
import { claimRun, startRun } from '../../lib/runs/service.ts';
import { type PastLease, sweepRuns } from '../../lib/runs/sweep.ts';
import { MemoryTable } from '../reliability/memory-table.ts';
import { ScriptedExecutor } from '../support/run-platform.ts';

const MINUTE = 60_000;
const NOISY = uuid();
const QUIET = uuid();

/** Step Functions with the smallest quota that any region grants, and answers that take their time. */
class SmallQuota extends ScriptedExecutor {
  readonly #bucket = { size: 250, perSecond: 10, left: 250, at: Date.now() };
  looks = 0;
  refusesStarts = false;

  override async start(run: Run): Promise<void> {
    await this.#answer();
    if (this.refusesStarts) throw new RunsError('executor_busy', { runId: run.id });
    return super.start(run);
  }

  override async describe(run: Run) {
    await this.#answer();
    const bucket = this.#bucket;
    bucket.left = Math.min(bucket.size, bucket.left + ((Date.now() - bucket.at) / 1000) * bucket.perSecond);
    bucket.at = Date.now();
    if (bucket.left < 1) throw new RunsError('executor_busy', { runId: run.id });
    bucket.left -= 1;
    this.looks += 1;
    return super.describe(run);
  }

  #answer = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
}

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00.000Z') }));
afterEach(() => void vi.useRealTimers());

/** The records of ten thousand runs, quick to list. */
class MemoryRuns implements Pick<RunStore, 'insert' | 'get' | 'commit' | 'listOpen'> {
  readonly #runs = new Map<string, Run>();
  async insert(run: Run): Promise<void> {
    this.#runs.set(run.id, run);
  }
  async get({ runId }: RunRef): Promise<Run | undefined> {
    return this.#runs.get(runId);
  }
  async commit(next: Run, expectedVersion: number): Promise<void> {
    if (this.#runs.get(next.id)?.version !== expectedVersion)
      throw new RunsError('stale_run', { runId: next.id });
    this.#runs.set(next.id, next);
  }
  async listOpen({ leaseBefore, limit }: { leaseBefore: string; limit: number }): Promise<RunRef[]> {
    return [...this.#runs.values()]
      .filter(isOpen)
      .filter(({ leaseUntil }) => leaseUntil <= leaseBefore)
      .sort((one, other) => (one.leaseUntil < other.leaseUntil ? -1 : 1))
      .slice(0, limit)
      .map(refOf);
  }
}

function openPlatform<E extends ScriptedExecutor>(executor: E): RunPlatform & { executor: E } {
  const stores = dynamoStores(new MemoryTable().client(), 'runs');
  return { ...stores, executor, now: () => new Date(), newId: () => uuid() };
}

const start = (platform: RunPlatform, workspaceId: string, kind: RunKind = 'document'): Promise<Run> =>
  startRun(platform, { kind, workspaceId, parentId: uuid(), input: {} });

/** Process runs that are open, as they are some minutes after they were started. */
async function openProcesses(platform: RunPlatform & { executor: ScriptedExecutor }, count: number) {
  const { runs, now } = platform;
  const startedAt = now().toISOString();
  for (let no = 0; no < count; no += 1) {
    const run = {
      ...{ id: uuid(), kind: 'process', workspaceId: NOISY, parentId: 'p', input: {}, createdAt: startedAt },
      ...{ status: 'running', version: 2, attempt: 1, startedAt, delivery: 0, claimId: uuid() },
      leaseUntil: new Date(now().getTime() + 120_000).toISOString(),
    } satisfies Run;
    await runs.insert(run);
    platform.executor.states.set(run.id, { status: 'running' });
  }
}

describe('a sweep among workspaces', () => {
  it('starts a throttled run within three minutes beside 10,000 open process runs of somebody else', async () => {
    const platform = openPlatform(new SmallQuota());
    const memory = new MemoryRuns();
    const { listByParent, listByStatus, list, getMany } = platform.runs;
    platform.runs = {
      ...{ listByParent, listByStatus, list, getMany },
      insert: (run) => memory.insert(run),
      get: (ref) => memory.get(ref),
      commit: (next, version) => memory.commit(next, version),
      listOpen: (query) => memory.listOpen(query),
    };
    await openProcesses(platform, 10_000);
    const waited: number[] = [];
    const sweeper = setInterval(() => void sweepRuns(platform), MINUTE);
    for (let round = 0; round < 12; round += 1) {
      platform.executor.refusesStarts = true;
      const starting = start(platform, QUIET);
      await vi.advanceTimersByTimeAsync(100);
      const run = await starting;
      platform.executor.refusesStarts = false;
      const at = Date.now();
      while (!platform.executor.started.includes(run.id)) await vi.advanceTimersByTimeAsync(500);
      waited.push((Date.now() - at) / 1000);
      platform.executor.states.delete(run.id);
      await vi.advanceTimersByTimeAsync(5000 * round);
    }
    clearInterval(sweeper);

    expect(Math.max(...waited)).toBeLessThan(180);
    expect(platform.executor.looks).toBeGreaterThan(10_000);
  }, 60_000);

  it('takes workspaces in turns, and their kinds within them', () => {
    const ref = (workspaceId: string, kind: RunKind, runId: string) => ({ workspaceId, kind, runId });
    const due = [
      ...[1, 2, 3].map((no) => ref('noisy', 'process', `p${no}`)),
      ref('noisy', 'document', 'd1'),
      ref('quiet', 'thread', 't1'),
    ];

    expect(inTurns(due).map(({ runId }) => runId)).toEqual(['p1', 't1', 'd1', 'p2', 'p3']);
  });
});

describe('a sweep with bad runs', () => {
  it('gives what failed a later lease each time, and starts the others at once', async () => {
    const platform = openPlatform(new ScriptedExecutor());
    await openProcesses(platform, 300);
    platform.executor.busy = true;
    const healthy = await start(platform, NOISY);
    platform.executor.busy = false;
    const look = platform.executor.describe.bind(platform.executor);
    platform.executor.describe = async (run) => {
      if (run.kind === 'process') throw new Error('out of order');
      return look(run);
    };
    const waits: number[] = [];
    const onFound = ({ oldestLease }: PastLease): void =>
      void waits.push(Date.now() - Date.parse(oldestLease));
    const [bad] = (await platform.runs.list({ workspaceId: NOISY, kind: 'process', limit: 1 })).runs;
    const leases: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      await vi.advanceTimersByTimeAsync(MINUTE);
      await sweepRuns(platform, { onFound }).catch(() => undefined);
      const { leaseUntil } = (await getRun(platform, refOf(bad as Run))) as OpenRun;
      const seconds = Date.parse(leaseUntil) / 1000;
      if (leases.at(-1) !== seconds) leases.push(seconds);
      if (minute === 1) expect(platform.executor.started).toEqual([healthy.id]);
    }

    const gaps = leases.slice(1).map((lease, no) => lease - (leases[no] ?? 0));
    expect(gaps).toEqual(gaps.toSorted((one, other) => one - other));
    expect(gaps.length).toBeLessThan(8);
    const after = await getRun(platform, refOf(bad as Run));
    expect(after).toMatchObject({ status: 'running', overdueSince: expect.any(String) });
    // Whoever watches the oldest lease sees that nobody gets to these.
    expect(waits).toContainEqual(expect.toSatisfy((wait: number) => wait > 15 * MINUTE));
  });

  it('leaves what it has no time for to the next sweep', async () => {
    const platform = openPlatform(new SmallQuota());
    await openProcesses(platform, 200);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);

    const sweeping = sweepRuns(platform, { withinMs: 90 });
    await vi.advanceTimersByTimeAsync(1000);
    const swept = await sweeping;

    expect(swept.extended).toBeLessThan(100);
    expect(swept.extended + swept.left).toBe(200);
  });

  it('waits a second when it is refused for now', async () => {
    const platform = openPlatform(new SmallQuota());
    await openProcesses(platform, 400);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);

    const sweeping = sweepRuns(platform);
    await vi.advanceTimersByTimeAsync(MINUTE);
    const { extended, postponed, left } = await sweeping;

    expect(extended + postponed + left).toBe(400);
    expect(extended).toBeGreaterThan(250);
    expect(postponed).toBeLessThan(150);
  });
});

describe('leases', () => {
  const born = Date.parse('2026-01-01T00:00:00.000Z');
  const running = async (kind: RunKind): Promise<OpenRun> => {
    const platform = openPlatform(new ScriptedExecutor());
    return claimRun(platform, refOf(await start(platform, QUIET, kind)), 0);
  };

  it('of a process grow with its age, up to an hour', async () => {
    const run = await running('process');
    const secondsAt = (age: number): number => {
      const now = new Date(born + age * 1000);
      return (Date.parse(aliveLease(run, now).leaseUntil) - now.getTime()) / 1000;
    };

    expect([120, 1200, 2400, 14_400, 100_000].map(secondsAt)).toEqual([300, 300, 600, 3600, 3600]);
    let looks = 0;
    for (let age = 120; age < 30 * 86_400; age += Math.max(secondsAt(age), 60)) looks += 1;
    expect(looks).toBeLessThan(750);
  });

  it.each(['document', 'thread', 'agent'] as const)(
    'of a %s do not pass the end of its time',
    async (kind) => {
      const run = await running(kind);
      const limit = { document: 3000, thread: 660, agent: 360 }[kind];
      const now = new Date(born + (limit - 100) * 1000);

      expect(Date.parse(aliveLease(run, now).leaseUntil) - born).toBe(limit * 1000);
    },
  );

  it('of what failed count from when it was due, and a look that succeeds forgets it', async () => {
    const platform = openPlatform(new ScriptedExecutor());
    const run = await start(platform, QUIET, 'process');
    if (!isOpen(run)) throw new TypeError('It has just begun');
    const due = Date.parse(run.leaseUntil);
    const failed = failedLease(run, new Date(due + 500_000));
    expect(failed).toEqual({
      type: 'extended',
      leaseUntil: new Date(due + 1_000_000).toISOString(),
      overdueSince: run.leaseUntil,
    });

    vi.setSystemTime(due);
    platform.executor.states.set(run.id, { status: 'running' });
    await sweepRuns(platform);
    expect(await getRun(platform, refOf(run))).not.toHaveProperty('overdueSince');
  });
});
