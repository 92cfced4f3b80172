import type { Platform } from '../platform.ts';
import { fromThreadId, toThreadId } from './ids.ts';
import { type Paged, pageOf } from './paging.ts';
import type { ThreadRecord } from './thread-record.ts';
import { toThreadInfo } from './thread-summary.ts';
import { threadRunRef } from './threads.ts';
import type { ThreadInfo } from './threads-contract.ts';
import type { Page } from './wire.ts';

/** A page of a project's threads by age, each with what was said last: two requests to the store. */
export async function listThreads(
  { threads, runs }: Pick<Platform, 'threads' | 'runs'>,
  workspaceId: string,
  page: Page,
): Promise<Paged<ThreadInfo>> {
  const { items, paging } = await pageOf<ThreadRecord>(page, {
    list: async (stretch) => {
      const found = await threads.list(workspaceId, stretch);
      return { items: found.records, hasMore: found.next !== undefined };
    },
    toWire: toThreadId,
    fromWire: fromThreadId,
  });
  const named = items.flatMap(({ lastRun }) =>
    lastRun === undefined ? [] : [threadRunRef(workspaceId, lastRun.runId)],
  );
  const latest = new Map((await runs.getMany(named)).map((run) => [run.parentId, run]));
  return { items: items.map((thread) => toThreadInfo(workspaceId, thread, latest.get(thread.id))), paging };
}
