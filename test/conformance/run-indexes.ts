import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunStore } from '../../lib/runs/ports.ts';
import type { Run, RunStatus } from '../../lib/runs/run.ts';
import { aQueuedRun, cancelled, claimed, failed, pagesOf, someIds, succeeded, timedOut } from './builders.ts';

/** What the filtered lists of a run store promise. */
export function describeRunIndexes(name: string, open: () => Promise<RunStore>): void {
  describe(`${name}: run indexes`, () => {
    let store: RunStore;
    beforeAll(async () => {
      store = await open();
    });
    const insertAll = async (runs: Run[]) => {
      for (const run of runs) await store.insert(run);
    };

    describe('listByStatus', () => {
      const workspaceId = uuid();
      const byStatus: Record<RunStatus, string[]> = {
        queued: someIds(3),
        running: someIds(3),
        succeeded: someIds(3),
        failed: someIds(3),
        cancelled: someIds(3),
        timed_out: someIds(3),
      };
      beforeAll(async () => {
        const as: Record<RunStatus, (run: Run) => Run> = {
          queued: (run) => run,
          running: claimed,
          succeeded: (run) => succeeded(claimed(run)),
          failed,
          cancelled,
          timed_out: timedOut,
        };
        for (const status of Object.keys(byStatus) as RunStatus[]) {
          await insertAll(byStatus[status].map((id) => as[status](aQueuedRun({ id, workspaceId }))));
        }
        await insertAll([aQueuedRun({ workspaceId, kind: 'thread' }), succeeded(claimed(aQueuedRun()))]);
      });

      it.each(Object.keys(byStatus) as RunStatus[])('%s: newest first, page by page', async (status) => {
        const ids = byStatus[status];
        const pages = await pagesOf((before) =>
          store.listByStatus({ workspaceId, kind: 'document', status, limit: 2, before }),
        );
        expect(pages).toEqual([ids.slice(1).reverse(), ids.slice(0, 1)]);
      });

      it.each(Object.keys(byStatus) as RunStatus[])('%s: oldest first, between two ids', async (status) => {
        const [first, second, third] = byStatus[status];
        const query = { workspaceId, kind: 'document', status, limit: 2, order: 'oldestFirst' } as const;
        const pages = await pagesOf((after) => store.listByStatus({ ...query, after }));
        expect(pages).toEqual([[first, second], [third]]);
        const { runs } = await store.listByStatus({ ...query, after: first, before: third });
        expect(runs.map(({ id }) => id)).toEqual([second]);
      });

      it('moves a run from one status to the next', async () => {
        const run = claimed(aQueuedRun());
        await store.insert(run);
        const list = async (status: RunStatus) =>
          (await store.listByStatus({ workspaceId: run.workspaceId, kind: 'document', status, limit: 5 }))
            .runs;
        expect(await list('running')).toStrictEqual([run]);
        const done = succeeded(run);
        await store.commit(done, run.version);
        expect(await list('running')).toEqual([]);
        expect(await list('succeeded')).toStrictEqual([done]);
      });
    });

    describe('listByParent', () => {
      it.each(['process', 'thread', 'agent'] as const)('%s: newest first, page by page', async (kind) => {
        const workspaceId = uuid();
        const parentId = uuid();
        const ids = someIds(5);
        await insertAll(ids.map((id) => aQueuedRun({ id, workspaceId, kind, parentId })));
        await insertAll([aQueuedRun({ workspaceId, kind }), aQueuedRun({ kind, parentId })]);
        const pages = await pagesOf((before) =>
          store.listByParent({ workspaceId, kind, parentId, limit: 3, before }),
        );
        expect(pages).toEqual([ids.slice(2).reverse(), ids.slice(0, 2).reverse()]);
      });
    });
  });
}
