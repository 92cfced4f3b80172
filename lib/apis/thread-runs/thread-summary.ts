import { isOpen, type Run } from '../../runs/run.ts';
import { toThreadId } from './ids.ts';
import type { ThreadRecord } from './thread-record.ts';
import { answerOf, beginningOf, threadRunInput } from './thread-run.ts';
import type { ThreadInfo } from './threads-contract.ts';

/** Messages in lists of threads are shown in part when they are longer than this, in characters. */
export const MAX_SHOWN = 1000;
export const shortened = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1).toWellFormed()}…`;

/** What has been said in a thread up to now: what stands in its record, and its latest run. */
export function saidIn(thread: ThreadRecord, lastRun: Run | undefined): ThreadRecord['before'] {
  if (lastRun === undefined) return thread.before;
  const { message } = threadRunInput(lastRun);
  const answer = answerOf(lastRun);
  return {
    messageCount: thread.before.messageCount + (answer === undefined ? 1 : 2),
    firstMessage: thread.before.firstMessage ?? shortened(message),
    lastMessage: shortened(answer === undefined ? message : beginningOf(answer)),
    lastActivityAt: answer?.createdAt ?? lastRun.createdAt,
  };
}

export function toThreadInfo(
  workspaceId: string,
  thread: ThreadRecord,
  lastRun: Run | undefined,
): ThreadInfo {
  const { messageCount, firstMessage, lastMessage, lastActivityAt } = saidIn(thread, lastRun);
  return {
    threadId: toThreadId(thread.id),
    createdAt: thread.createdAt,
    lastActivityAt: lastActivityAt ?? null,
    messageCount,
    firstMessage: firstMessage ?? null,
    lastMessage: lastMessage ?? null,
    isActive: lastRun === undefined || !isOpen(lastRun),
    projectId: workspaceId,
  };
}
