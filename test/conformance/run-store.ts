import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunStore } from '../../lib/runs/ports.ts';
import { type Run, type RunStatus, refOf } from '../../lib/runs/run.ts';
import {
  aQueuedRun,
  at,
  cancelled,
  claimed,
  failed,
  pagesOf,
  someIds,
  succeeded,
  timedOut,
} from './builders.ts';

/** What every run store promises. `open` is called once; runs of different cases share no workspace. */
export function describeRunStore(name: string, open: () => Promise<RunStore>): void {
  describe(`${name}: run store`, () => {
    let store: RunStore;
    beforeAll(async () => {
      store = await open();
    });
    const insertAll = async (runs: Run[]) => {
      for (const run of runs) await store.insert(run);
    };

    describe('a record', () => {
      const STATES: Record<RunStatus, () => Run> = {
        queued: () => aQueuedRun(),
        running: () => claimed(aQueuedRun()),
        succeeded: () => succeeded(claimed(aQueuedRun())),
        failed: () => failed(claimed(aQueuedRun())),
        cancelled: () => cancelled(aQueuedRun()),
        timed_out: () => timedOut(claimed(aQueuedRun())),
      };
      it.each(Object.entries(STATES))('that is %s is read back as it was written', async (_status, make) => {
        const run = make();
        await store.insert(run);
        expect(await store.get(refOf(run))).toStrictEqual(run);
      });

      it('keeps text, numbers and nesting of any size that JSON has', async () => {
        const deep = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
        const input = { deep, tiny: 5e-324, huge: 1.7e308, '': '', lone: '\ud83d', __proto: null };
        const run = aQueuedRun({ input });
        await store.insert(run);
        expect((await store.get(refOf(run)))?.input).toStrictEqual(input);
      });

      it('is not found under another workspace, kind or id', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        const ref = refOf(run);
        expect(await store.get({ ...ref, workspaceId: uuid() })).toBeUndefined();
        expect(await store.get({ ...ref, kind: 'process' })).toBeUndefined();
        expect(await store.get({ ...ref, runId: uuid() })).toBeUndefined();
      });
    });

    describe('getMany', () => {
      it('finds those that there are, each once, in the order they are named in', async () => {
        const [one, other, unknown] = [aQueuedRun(), claimed(aQueuedRun()), aQueuedRun()];
        await insertAll([one, other]);
        expect(await store.getMany([other, unknown, one, other].map(refOf))).toStrictEqual([other, one]);
        expect(await store.getMany([])).toEqual([]);
      });

      it('finds more than one request to the database may ask for', async () => {
        const runs = someIds(130).map((id) => aQueuedRun({ id }));
        await Promise.all(runs.map((run) => store.insert(run)));
        expect(await store.getMany(runs.map(refOf))).toHaveLength(130);
      });
    });

    describe('insert', () => {
      it('refuses an id that is taken, and leaves the record', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        const other = { ...run, parentId: uuid() };
        await expect(store.insert(other)).rejects.toMatchObject({
          code: 'run_exists',
          details: { runId: run.id },
        });
        expect(await store.get(refOf(run))).toStrictEqual(run);
      });

      it('lets one of many win', async () => {
        const run = aQueuedRun();
        const racers = someIds(20).map((parentId) => store.insert({ ...run, parentId }));
        const results = await Promise.allSettled(racers);
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('counts as done when the very same record stands there', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        await expect(store.insert(run)).resolves.toBeUndefined();
      });
    });

    describe('commit', () => {
      it('replaces the whole record', async () => {
        const run = claimed(aQueuedRun());
        await store.insert(run);
        const done = succeeded(run);
        await store.commit(done, run.version);
        expect(await store.get(refOf(run))).toStrictEqual(done);
      });

      it('refuses a version that has passed, and leaves the record', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        const running = claimed(run);
        await store.commit(running, run.version);
        await expect(store.commit(cancelled(run), run.version)).rejects.toMatchObject({
          code: 'stale_run',
          details: { runId: run.id },
        });
        expect(await store.get(refOf(run))).toStrictEqual(running);
      });

      it('refuses a version that is still to come', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        await expect(store.commit({ ...run, version: 3 }, 2)).rejects.toMatchObject({ code: 'stale_run' });
      });

      it('refuses a run that was never inserted', async () => {
        const run = aQueuedRun();
        await expect(store.commit(claimed(run), run.version)).rejects.toMatchObject({ code: 'stale_run' });
        expect(await store.get(refOf(run))).toBeUndefined();
      });

      it('lets one of many claims win', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, () => store.commit(claimed(run), run.version)),
        );
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('counts as done when the very same record stands there', async () => {
        const run = aQueuedRun();
        await store.insert(run);
        const running = claimed(run);
        await store.commit(running, run.version);
        await expect(store.commit(running, run.version)).resolves.toBeUndefined();
      });
    });

    describe('list', () => {
      it('is newest first, page by page, each run once', async () => {
        const workspaceId = uuid();
        const ids = someIds(7);
        await insertAll(ids.map((id) => aQueuedRun({ id, workspaceId })));
        const pages = await pagesOf((before) =>
          store.list({ workspaceId, kind: 'document', limit: 3, before }),
        );
        expect(pages).toEqual([ids.slice(4).reverse(), ids.slice(1, 4).reverse(), ids.slice(0, 1)]);
      });

      it('has no next page when the last one is just full', async () => {
        const workspaceId = uuid();
        await insertAll(someIds(3).map((id) => aQueuedRun({ id, workspaceId })));
        const page = await store.list({ workspaceId, kind: 'document', limit: 3 });
        expect(page.runs).toHaveLength(3);
        expect(page.next).toBeUndefined();
      });

      it('is oldest first when asked, and keeps between two ids', async () => {
        const workspaceId = uuid();
        const ids = someIds(7);
        await insertAll(ids.map((id) => aQueuedRun({ id, workspaceId })));
        const query = { workspaceId, kind: 'document', limit: 3 } as const;
        const oldestFirst = { ...query, order: 'oldestFirst' } as const;
        const pages = await pagesOf((after) => store.list({ ...oldestFirst, after }));
        expect(pages).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
        const [, second, , , , sixth, last] = ids;
        const between = await pagesOf((at) =>
          store.list({ ...oldestFirst, after: at ?? second, before: sixth }),
        );
        expect(between).toEqual([ids.slice(2, 5)]);
        const downwards = await pagesOf((at) =>
          store.list({ ...query, limit: 2, after: second, before: at ?? last }),
        );
        expect(downwards).toEqual([ids.slice(4, 6).reverse(), ids.slice(2, 4).reverse()]);
        expect(await store.list({ ...query, after: last, before: second })).toEqual({ runs: [] });
      });

      it('shows only the workspace and kind that were asked for', async () => {
        const mine = aQueuedRun();
        await insertAll([mine, aQueuedRun(), aQueuedRun({ workspaceId: mine.workspaceId, kind: 'agent' })]);
        const page = await store.list({ workspaceId: mine.workspaceId, kind: 'document', limit: 10 });
        expect(page.runs).toStrictEqual([mine]);
      });

      it('is empty for a workspace without runs', async () => {
        expect(await store.list({ workspaceId: uuid(), kind: 'thread', limit: 10 })).toEqual({ runs: [] });
      });
    });

    describe('listOpen', () => {
      const LONG_AGO = -1_000_000; // before the leases of all other cases
      it('finds open runs of all workspaces up to the instant, oldest lease first', async () => {
        const runs = [30, 10, 20, 40].map((seconds) =>
          aQueuedRun({ kind: 'thread', leaseUntil: at(LONG_AGO + seconds) }),
        );
        await insertAll(runs);
        const [third, first, second] = runs.map(refOf);
        expect(await store.listOpen({ leaseBefore: at(LONG_AGO + 30), limit: 10 })).toEqual([
          first,
          second,
          third,
        ]);
        expect(await store.listOpen({ leaseBefore: at(LONG_AGO + 50), limit: 2 })).toEqual([first, second]);
        for (const run of runs) await store.commit(cancelled(run), run.version);
        expect(await store.listOpen({ leaseBefore: at(LONG_AGO + 50), limit: 10 })).toEqual([]);
      });

      it('follows a lease that moves', async () => {
        const run = aQueuedRun({ leaseUntil: at(LONG_AGO) });
        await store.insert(run);
        const later = { ...run, version: 2, leaseUntil: at(LONG_AGO + 100) };
        await store.commit(later, 1);
        expect(await store.listOpen({ leaseBefore: at(LONG_AGO), limit: 10 })).toEqual([]);
        expect(await store.listOpen({ leaseBefore: at(LONG_AGO + 100), limit: 10 })).toEqual([refOf(run)]);
        await store.commit(cancelled(later), 2);
      });
    });
  });
}
