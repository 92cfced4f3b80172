import { v7 as uuid } from 'uuid';
import { transition } from '../../lib/runs/lifecycle.ts';
import type { RunPage } from '../../lib/runs/ports.ts';
import type { QueuedRun, Run, RunningRun } from '../../lib/runs/run.ts';

/** An instant of the tests' own time line, in seconds after its beginning. */
export const at = (seconds: number): string => new Date(1_800_000_000_000 + seconds * 1000).toISOString();

export const aQueuedRun = (members: Partial<QueuedRun> = {}): QueuedRun => ({
  id: uuid(),
  kind: 'document',
  workspaceId: uuid(),
  parentId: uuid(),
  input: { operation: 'process', options: { sheets: ['Übersicht', ''], limit: 1e300, nothing: null } },
  status: 'queued',
  version: 1,
  attempt: 0,
  createdAt: at(0),
  leaseUntil: at(120),
  ...members,
});

export const claimed = (run: Run, delivery = 0): RunningRun =>
  transition(run, { type: 'claimed', at: at(1), delivery, claimId: uuid() }) as RunningRun;

export const succeeded = (run: Run): Run =>
  transition(run, { type: 'succeeded', at: at(2), result: { rows: 3, '': { deep: [[[]]] } } });

export const failed = (run: Run): Run =>
  transition(run, {
    type: 'failed',
    at: at(2),
    failure: { code: 'unreadable_file', stage: 'read', message: 'The file is not a workbook' },
  });

export const cancelled = (run: Run): Run =>
  transition(run, {
    type: 'cancelled',
    at: at(2),
    failure: { code: 'cancelled', stage: null, message: 'Run cancelled by user' },
  });

export const timedOut = (run: Run): Run =>
  transition(run, {
    type: 'timed_out',
    at: at(2),
    failure: { code: 'timed_out', stage: null, message: 'Run timed out' },
  });

/** Ids in the order in which they were made, all of one moment if need be. */
export const someIds = (count: number): string[] => Array.from({ length: count }, () => uuid());

/** The ids of every page, following `next`. */
export async function pagesOf(list: (before: string | undefined) => Promise<RunPage>): Promise<string[][]> {
  const pages: string[][] = [];
  let before: string | undefined;
  do {
    const { runs, next } = await list(before);
    pages.push(runs.map(({ id }) => id));
    before = next;
  } while (before !== undefined && pages.length < 20);
  return pages;
}
