import type { Run } from '../../runs/run.ts';
import type { FileStore } from '../files/ports.ts';
import { readFile } from '../files/read-file.ts';
import { bytesOf, cutText } from '../operation/answer-size.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { MAX_PAGE_BYTES, whatFits } from '../records/page.ts';
import { fromMessageId, toMessageId } from './ids.ts';
import { type Paged, pageOf } from './paging.ts';
import type { ThreadRecord } from './thread-record.ts';
import { answerOf, type StoredAnswer, threadRunInput } from './thread-run.ts';
import { threadRunRef } from './threads.ts';
import type { ThreadMessage } from './threads-contract.ts';
import type { Page } from './wire.ts';

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

/** What one answer of an assistant may take of an answer of ours: more than models say, and two fit into a page. */
export const MAX_TEXT_BYTES = 2_000_000;

/** What an answer says, of one beyond all measure the beginning; undefined when it was long and its file is gone. */
export async function textOf(
  files: Pick<FileStore, 'get'>,
  answer: StoredAnswer,
): Promise<string | undefined> {
  if ('text' in answer) return answer.text;
  const bytes = await readFile(files, answer.fileKey);
  return bytes === undefined ? undefined : cutText(Buffer.from(bytes).toString('utf8'), MAX_TEXT_BYTES);
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

/** A question with its answer: what is kept together when messages are listed. */
interface Turn {
  /** The run's, which is the question's too. */
  id: string;
  messages: ThreadMessage[];
}

type Speech = Runs & { files: Pick<FileStore, 'get'> };

const turnOf =
  (platform: Speech) =>
  async (run: Run): Promise<Turn> => ({ id: run.id, messages: await messagesOf(platform, run) });

/**
 * The newest messages of a thread, oldest first: all of them, unless they are too many for one answer. Then
 * `before` names the oldest that is there.
 */
export async function newestMessages(
  platform: Speech,
  workspaceId: string,
  thread: ThreadRecord,
): Promise<{ messages: ThreadMessage[]; before: string | undefined }> {
  const turns: Turn[] = [];
  let bytes = 0;
  const older = (): { messages: ThreadMessage[]; before: string | undefined } => {
    const oldest = turns.at(-1);
    const before = oldest === undefined ? undefined : toMessageId(oldest.id);
    return { messages: inOrder(turns), before };
  };
  for await (const runs of inChunks(runsOf(platform, workspaceId, thread), CONCURRENCY)) {
    for (const turn of await Promise.all(runs.map(turnOf(platform)))) {
      bytes += bytesOf(turn.messages);
      if (bytes > MAX_PAGE_BYTES && turns.length > 0) return older();
      turns.push(turn);
    }
  }
  return { messages: inOrder(turns), before: undefined };
}

const inOrder = (newestFirst: readonly Turn[]): ThreadMessage[] =>
  newestFirst.toReversed().flatMap(({ messages }) => messages);

async function* inChunks<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const one of all) {
    chunk.push(one);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * A page of a thread's messages in either order. `limit` counts questions, each of which comes with its answer,
 * and cursors are ids of questions. A page that would be too long for one answer comes back short.
 * @throws Refused 400 for a cursor that is no id of a message, and for two of them.
 */
export async function listMessages(
  platform: Speech,
  workspaceId: string,
  { id: parentId }: Pick<ThreadRecord, 'id'>,
  page: Page,
): Promise<{ messages: ThreadMessage[]; paging: Paged<Turn>['paging'] }> {
  const { items, paging } = await pageOf<Turn>(page, {
    list: async (stretch) => {
      const found = await platform.runs.listByParent({ workspaceId, kind: 'thread', parentId, ...stretch });
      const turns = await whatFits(found.runs, turnOf(platform), CONCURRENCY);
      return { items: turns, hasMore: found.next !== undefined || turns.length < found.runs.length };
    },
    toWire: toMessageId,
    fromWire: fromMessageId,
  });
  const said = items.map(({ messages }) => (page.order === 'desc' ? messages.toReversed() : messages));
  return { messages: said.flat(), paging };
}
