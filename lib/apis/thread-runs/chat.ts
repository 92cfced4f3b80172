import { isOpen, type Run } from '../../runs/run.ts';
import { steadyClock } from '../../runs/steady-clock.ts';
import { unusual } from '../agents/unusual.ts';
import type { FileStore } from '../files/ports.ts';
import { Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { createOnce } from '../records/idempotency.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { toRunId, toThreadId } from './ids.ts';
import { textOf } from './messages.ts';
import { askIn, type RunsPlatform } from './runs.ts';
import type { ThreadRecord } from './thread-record.ts';
import { answerOf, finishReasonOf } from './thread-run.ts';
import { createThread, findThread, threadRunRef } from './threads.ts';
import { unanswered } from './unanswered.ts';

export type ChatPlatform = RunsPlatform & Pick<Platform, 'agents'> & { files: Pick<FileStore, 'get'> };

/** How long an answer is waited for, in milliseconds: API Gateway grants 29 s to the whole request. */
const WAIT_MS = 25_000;
const FIRST_LOOK_MS = 50;
const SLOWEST_LOOK_MS = 500;

export interface Said {
  message: string;
  threadId?: string | null | undefined;
}

/**
 * One turn of a conversation in one request: a thread if none is named, a run, and its answer.
 * @throws Refused 404 for the thread, 409 while it has an active run, as `unanswered` has it when the run fails, 503
 *   with the run's address when it takes longer than a request may.
 */
export async function chat(
  platform: ChatPlatform,
  caller: Pick<Caller, 'workspaceId' | 'ownerId'>,
  { message, threadId }: Said,
  idempotencyKey?: string,
) {
  const { workspaceId } = caller;
  const isNewThread = threadId == null || threadId === '';
  const request = { chat: message, thread: isNewThread ? null : threadId };
  const { runs, replayed } = await createOnce(
    platform,
    { caller, kind: 'thread', key: idempotencyKey, request },
    async (runId, replan, earlier) => {
      const thread = isNewThread
        ? await newThread(platform, workspaceId, [runId, ...earlier])
        : await findThread(platform, workspaceId, threadId);
      return [await askIn(platform, caller, thread, { message }, { runId, replan })];
    },
  );
  const [started] = runs;
  if (started === undefined) throw new Error('A create made no run');

  const run = await ended(platform, started);
  if (isOpen(run)) throw stillAnswering(run);
  const answer = answerOf(run);
  const response = answer === undefined ? undefined : await textOf(platform.files, answer);
  if (answer === undefined || response === undefined) throw unanswered(run, locationOf(run));
  const answered = {
    response,
    threadId: toThreadId(run.parentId),
    generatedAt: answer.createdAt,
    userMessage: message,
    isNewThread,
    projectId: workspaceId,
    metadata: null,
    ...unusual(finishReasonOf(run)),
  };
  return { answered, replayed };
}

/** The thread that an earlier try has made, or a new one: its id follows from one that was planned for the run. */
async function newThread(
  platform: ChatPlatform,
  workspaceId: string,
  [runId, ...earlier]: [string, ...string[]],
): Promise<ThreadRecord> {
  const planned = earlier.map((id) => derivedId(id, 'thread'));
  const [begun] = planned.length === 0 ? [] : await platform.threads.getMany(workspaceId, planned);
  return begun ?? createThread(platform, workspaceId, { id: derivedId(runId, 'thread') });
}

/** The run when it has ended, or as it is when nobody may wait any longer. */
async function ended(platform: Pick<Platform, 'runs' | 'now'>, started: Run): Promise<Run> {
  const waited = steadyClock(() => platform.now());
  let run = started;
  for (let wait = FIRST_LOOK_MS; isOpen(run) && waited() < WAIT_MS; wait *= 1.5) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, SLOWEST_LOOK_MS)));
    run = (await platform.runs.get(threadRunRef(run.workspaceId, run.id))) ?? run;
  }
  return run;
}

const locationOf = ({ workspaceId, parentId, id }: Run): string =>
  `/api/projects/${workspaceId}/threads/${toThreadId(parentId)}/runs/${toRunId(id)}`;

const stillAnswering = (run: Run): Refused =>
  new Refused({
    category: 'unavailable',
    message: `The assistant is still answering. Read the thread ${toThreadId(run.parentId)} in a moment`,
    retryAfterSeconds: 5,
    headers: { location: locationOf(run) },
  });
