import { isRunsError } from '../../runs/errors.ts';
import type { Run } from '../../runs/run.ts';
import { cancelRun } from '../../runs/service.ts';
import { retentionFor } from '../files/kept-for.ts';
import { conflict, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { type Created, createOnce, type Replan } from '../records/idempotency.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { fromRunId, toRunId } from './ids.ts';
import { type Paged, pageOf } from './paging.ts';
import { type StartPlatform, startNextRun } from './start-run.ts';
import type { ThreadRecord } from './thread-record.ts';
import { findThread, threadRunRef } from './threads.ts';
import type { Page } from './wire.ts';

export type RunsPlatform = StartPlatform & Pick<Platform, 'workspaces' | 'idempotency'>;

export interface Ask {
  message: string;
  instructions?: string | null | undefined;
}

type Asker = Pick<Caller, 'workspaceId' | 'ownerId'>;

/** Adds a message to a thread and starts the run that answers it. @throws Refused 404, or 409 while one is active. */
export async function createThreadRun(
  platform: RunsPlatform,
  caller: Asker,
  threadId: string,
  ask: Ask,
  idempotencyKey?: string,
): Promise<Created> {
  const { workspaceId } = caller;
  const thread = await findThread(platform, workspaceId, threadId);
  const request = { thread: thread.id, ...ask };
  return createOnce(
    platform,
    { caller, kind: 'thread', key: idempotencyKey, request },
    async (runId, replan) => [await askIn(platform, caller, thread, ask, { runId, replan })],
  );
}

/** The run with this id that answers in a thread. @throws Refused 409 while another one is active. */
export async function askIn(
  platform: RunsPlatform,
  { workspaceId, ownerId }: Asker,
  thread: ThreadRecord,
  { message, instructions }: Ask,
  plan: { runId: string; replan: Replan },
): Promise<Run> {
  const workspace = await platform.workspaces.get(workspaceId, workspaceId);
  const input = {
    message,
    userId: ownerId,
    ...(instructions == null || instructions === '' ? {} : { instructions }),
  };
  return startNextRun(platform, thread, { workspaceId, ...plan, input, retention: retentionFor(workspace) });
}

export interface RunPath {
  threadId: string;
  runId: string;
}

/** The run that a path names, under its thread. @throws Refused 404 for the thread, then for the run. */
export async function findThreadRun(
  platform: Pick<Platform, 'threads' | 'runs'>,
  workspaceId: string,
  { threadId, runId }: RunPath,
): Promise<Run> {
  const thread = await findThread(platform, workspaceId, threadId);
  const id = fromRunId(runId);
  const run = id === undefined ? undefined : await platform.runs.get(threadRunRef(workspaceId, id));
  if (run === undefined || run.parentId !== thread.id) throw notFound('Run not found');
  return run;
}

/** @throws Refused 404, or 409 for a run that has ended. */
export async function cancelThreadRun(
  platform: StartPlatform,
  workspaceId: string,
  path: RunPath,
): Promise<Run> {
  const { id } = await findThreadRun(platform, workspaceId, path);
  try {
    return await cancelRun(platform, threadRunRef(workspaceId, id));
  } catch (error) {
    if (isRunsError(error, 'invalid_transition')) throw conflict('Run has already ended');
    throw error;
  }
}

export function listThreadRuns(
  { runs }: Pick<Platform, 'runs'>,
  workspaceId: string,
  { id: parentId }: Pick<ThreadRecord, 'id'>,
  page: Page,
): Promise<Paged<Run>> {
  return pageOf(page, {
    list: async (stretch) => {
      const found = await runs.listByParent({ workspaceId, kind: 'thread', parentId, ...stretch });
      return { items: found.runs, hasMore: found.next !== undefined };
    },
    toWire: toRunId,
    fromWire: fromRunId,
  });
}
