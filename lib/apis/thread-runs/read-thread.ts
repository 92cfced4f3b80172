import type { FileStore } from '../files/ports.ts';
import type { Platform } from '../platform.ts';
import { messagesIn } from './messages.ts';
import { toThreadInfo } from './thread-summary.ts';
import { findThread, lastThreadRun } from './threads.ts';
import type { ThreadDetail } from './threads-contract.ts';

/**
 * A thread with everything that was said in it. What it says of itself is counted from the messages: they
 * and the record are read one after the other, and must not disagree.
 * @throws Refused 404.
 */
export async function readThread(
  platform: Pick<Platform, 'threads' | 'runs'> & { files: Pick<FileStore, 'get'> },
  workspaceId: string,
  threadId: string,
): Promise<ThreadDetail> {
  const thread = await findThread(platform, workspaceId, threadId);
  const messages = await messagesIn(platform, workspaceId, thread);
  const info = toThreadInfo(workspaceId, thread, await lastThreadRun(platform, workspaceId, thread));
  return { thread: { ...info, messageCount: messages.length }, messages, projectId: workspaceId };
}
