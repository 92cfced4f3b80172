import type { Run } from '../../runs/run.ts';
import type { FileStore } from '../files/ports.ts';
import { readFile } from '../files/read-file.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { mapConcurrently } from '../records/map-concurrently.ts';
import { toMessageId } from './ids.ts';
import type { ThreadRecord } from './thread-record.ts';
import { answerOf, type StoredAnswer, threadRunInput } from './thread-run.ts';
import { threadRunRef } from './threads.ts';
import type { ThreadMessage } from './threads-contract.ts';

const PAGE = 100;

/** Long answers that are read at the same time. */
const CONCURRENCY = 10;

type Runs = Pick<Platform, 'runs'>;

/**
 * The runs of a thread, the newest first, from the one that it names. The index that lists them may not
 * know the latest ones yet, but every run names the one before it: they are followed until one is known.
 */
export async function* runsOf(
  { runs }: Runs,
  workspaceId: string,
  { id, lastRun }: Pick<ThreadRecord, 'id' | 'lastRun'>,
): AsyncGenerator<Run> {
  let listed = await pageBefore();
  const known = new Set(listed.runs.map((run) => run.id));
  for (let missing = lastRun?.runId; missing !== undefined && !known.has(missing); ) {
    const run = await runs.get(threadRunRef(workspaceId, missing));
    if (run === undefined || run.parentId !== id) break;
    yield run;
    missing = threadRunInput(run).previousRunId;
  }
  for (;;) {
    yield* listed.runs;
    if (listed.next === undefined) return;
    listed = await pageBefore(listed.next);
  }

  function pageBefore(before?: string) {
    return runs.listByParent({ workspaceId, kind: 'thread', parentId: id, limit: PAGE, before });
  }
}

/** What an answer says; undefined when it was long and its file is gone. */
export async function textOf(
  files: Pick<FileStore, 'get'>,
  answer: StoredAnswer,
): Promise<string | undefined> {
  if ('text' in answer) return answer.text;
  const bytes = await readFile(files, answer.fileKey);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** What was said in one run: the message it was started with and, when there is one, its answer. */
export async function messagesOf(
  { files }: { files: Pick<FileStore, 'get'> },
  run: Run,
): Promise<ThreadMessage[]> {
  const { message, userId = null } = threadRunInput(run);
  const asked: ThreadMessage = {
    messageId: toMessageId(run.id),
    content: message,
    role: 'user',
    createdAt: run.createdAt,
    userId,
    metadata: null,
  };
  const answer = answerOf(run);
  if (answer === undefined) return [asked];
  const text = await textOf(files, answer);
  const answered: ThreadMessage = {
    messageId: toMessageId(derivedId(run.id, 'answer')),
    content: text ?? REMOVED,
    role: 'assistant',
    createdAt: answer.createdAt,
    userId: null,
    metadata: null,
  };
  return [asked, answered];
}

const REMOVED = "[This answer is no longer stored, as the workspace's retention setting asks.]";

/** Every message of a thread, oldest first. */
export async function messagesIn(
  platform: Runs & { files: Pick<FileStore, 'get'> },
  workspaceId: string,
  thread: ThreadRecord,
): Promise<ThreadMessage[]> {
  const runs: Run[] = [];
  for await (const run of runsOf(platform, workspaceId, thread)) runs.push(run);
  const said = await mapConcurrently(runs.reverse(), CONCURRENCY, (run) => messagesOf(platform, run));
  return said.flat();
}
