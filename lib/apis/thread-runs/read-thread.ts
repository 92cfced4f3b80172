import type * as z from 'zod';
import type { FileStore } from '../files/ports.ts';
import type { Platform } from '../platform.ts';
import { toThreadId } from './ids.ts';
import { listMessages, newestMessages } from './messages.ts';
import { toThreadInfo } from './thread-summary.ts';
import { findThread, lastThreadRun } from './threads.ts';
import type { ThreadDetail, ThreadMessagePage } from './threads-contract.ts';
import type { Page } from './wire.ts';

/**
 * A thread with what was said in it, or as much of the end of it as one answer takes. What it says of itself is
 * counted from the messages when they are all there: they and the record are read one after the other, and must
 * not disagree.
 * @throws Refused 404.
 */
export async function readThread(
  platform: Pick<Platform, 'threads' | 'runs'> & { files: Pick<FileStore, 'get'> },
  workspaceId: string,
  threadId: string,
): Promise<ThreadDetail> {
  const thread = await findThread(platform, workspaceId, threadId);
  const { messages, before } = await newestMessages(platform, workspaceId, thread);
  const info = toThreadInfo(workspaceId, thread, await lastThreadRun(platform, workspaceId, thread));
  if (before !== undefined) return { thread: info, messages, projectId: workspaceId, nextCursor: before };
  return { thread: { ...info, messageCount: messages.length }, messages, projectId: workspaceId };
}

/** A page of what was said in a thread. @throws Refused 404, 400 for a cursor that is none. */
export async function readMessages(
  platform: Pick<Platform, 'threads' | 'runs'> & { files: Pick<FileStore, 'get'> },
  workspaceId: string,
  threadId: string,
  page: Page,
): Promise<z.infer<typeof ThreadMessagePage>> {
  const thread = await findThread(platform, workspaceId, threadId);
  const { messages, paging } = await listMessages(platform, workspaceId, thread, page);
  return { messages, threadId: toThreadId(thread.id), projectId: workspaceId, ...paging };
}
