import { getRun } from '../../runs/apply.ts';
import { isRunsError } from '../../runs/errors.ts';
import { momentOf, noOlderThan } from '../../runs/ids.ts';
import { isBeingMade, isPlaceholder, takePlace } from '../../runs/placeholder.ts';
import type { RunPlatform } from '../../runs/ports.ts';
import type { Retention } from '../../runs/retention.ts';
import { isOpen, type Run } from '../../runs/run.ts';
import { RUN_LIMIT_SECONDS, startRun } from '../../runs/service.ts';
import { settleRun } from '../../runs/settle.ts';
import { conflict, type Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import type { Replan } from '../records/idempotency.ts';
import type { ThreadRecord } from './thread-record.ts';
import type { ThreadRunInput } from './thread-run.ts';
import { saidIn } from './thread-summary.ts';
import { threadRunRef } from './threads.ts';

export type StartPlatform = RunPlatform & Pick<Platform, 'threads'>;

const active = (): Refused => conflict('Thread already has an active run');

export interface NextRun {
  workspaceId: string;
  runId: string;
  /** Called with another id, if the run has to have one, before it is made: under its key it is found by that. */
  replan: Replan;
  input: Omit<ThreadRunInput, 'agentId' | 'previousRunId'>;
  retention: Retention | undefined;
}

/**
 * Starts the next run of a thread. Two writes: the thread names the run, under the condition that nobody
 * else wrote it since its latest run was seen to be over, and the run is made. Nothing is ever released: a
 * run that ended, however it ended, no longer holds its thread.
 * @throws Refused 409 while a run is active.
 */
export async function startNextRun(
  platform: StartPlatform,
  thread: ThreadRecord,
  next: NextRun,
): Promise<Run> {
  const { workspaceId } = next;
  // A request that was interrupted between its two writes, and is repeated under its key.
  if (thread.lastRun?.runId === next.runId) return insert(platform, thread, next, undefined);
  const last = await endedRun(platform, workspaceId, thread);
  const runId = laterId(next.runId, thread.lastRun?.runId, last);
  const named: ThreadRecord = {
    ...thread,
    version: thread.version + 1,
    lastRun: { runId, at: platform.now().toISOString() },
    before: saidIn(thread, last),
  };
  // Whoever wrote the thread meanwhile has named a run.
  if (!(await platform.threads.replace(workspaceId, named))) throw active();
  // Only who has the thread may say so: an earlier request with the key may have made the run as planned.
  if (runId !== next.runId) await next.replan(runId);
  return insert(platform, named, { ...next, runId }, last?.id);
}

/**
 * What was said is in the order of the ids, so an id stands after the one that the thread names and is no older
 * than that run's end: it may have been planned before the run was waited for, by another clock, or by one that
 * was set back.
 */
function laterId(planned: string, namedId: string | undefined, last: Run | undefined): string {
  const named = namedId === undefined ? undefined : momentOf(namedId);
  const ended = last !== undefined && 'completedAt' in last ? Date.parse(last.completedAt) : 0;
  return noOlderThan(planned, Math.max(ended, named === undefined ? 0 : named.getTime() + 1));
}

async function insert(
  platform: StartPlatform,
  thread: ThreadRecord,
  next: NextRun,
  previousRunId: string | undefined,
): Promise<Run> {
  const { id, agentId } = thread;
  const { workspaceId, runId, input, retention } = next;
  const asked: ThreadRunInput = {
    ...input,
    agentId,
    ...(previousRunId === undefined ? {} : { previousRunId }),
  };
  try {
    const run = { id: runId, kind: 'thread' as const, workspaceId, parentId: id, input: asked };
    return await startRun(platform, { ...run, retention });
  } catch (error) {
    if (!isRunsError(error, 'run_exists')) throw error;
    const standing = await getRun(platform, threadRunRef(workspaceId, runId));
    if (standing.parentId === id) return standing;
    // Its first try was given up by the one who came next; that one has had its turn by now.
    if (isPlaceholder(standing)) {
      const another = platform.newId();
      await next.replan(another);
      return startNextRun(platform, thread, { ...next, runId: another });
    }
    throw active(); // this create stood still for so long that another one took its place
  }
}

/**
 * The run that the thread names, when it is over; undefined when there was none.
 * @throws Refused 409 while it is open, or about to be made.
 */
async function endedRun(
  platform: StartPlatform,
  workspaceId: string,
  thread: ThreadRecord,
): Promise<Run | undefined> {
  if (thread.lastRun === undefined) return undefined;
  const { runId, at } = thread.lastRun;
  const ref = threadRunRef(workspaceId, runId);
  for (;;) {
    const run = await platform.runs.get(ref);
    if (run !== undefined) {
      const ended = isOpen(run) && isOver(run, platform.now()) ? await expire(platform, run) : run;
      if (isOpen(ended)) throw active();
      return ended.parentId === thread.id ? ended : undefined;
    }
    if (isBeingMade(platform, at)) throw active();
    await takePlace(platform, ref);
  }
}

/** A run past its limit holds nothing, even if nobody has come to close it. */
const isOver = ({ createdAt }: Run, now: Date): boolean =>
  now.getTime() > Date.parse(createdAt) + RUN_LIMIT_SECONDS.thread * 1000;

async function expire(platform: StartPlatform, run: Run): Promise<Run> {
  const ref = threadRunRef(run.workspaceId, run.id);
  return (await settleRun(platform, ref, { status: 'timed_out' })) ?? run;
}
