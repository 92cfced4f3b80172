import { AGENT_ID } from '../agents/agent-record.ts';
import { fromShortId, toShortId } from '../records/short-id.ts';

/** Ids on this wire: a prefix that says of what, and the 26 characters of the id. */
export const toThreadId = (id: string): string => `thread_${toShortId(id)}`;
export const toRunId = (id: string): string => `run_${toShortId(id)}`;
export const toMessageId = (id: string): string => `msg_${toShortId(id)}`;
export const toAssistantId = (agentId: string): string => `asst_${agentId}`;

/** Undefined for what is no such id: then there is nothing under it. */
const reader =
  (prefix: string) =>
  (text: string): string | undefined =>
    text.startsWith(prefix) ? fromShortId(text.slice(prefix.length)) : undefined;

export const fromThreadId = reader('thread_');
export const fromRunId = reader('run_');
export const fromMessageId = reader('msg_');

/** The prefix may be left out: agents are also known without it. */
export function fromAssistantId(text: string): string | undefined {
  const id = text.startsWith('asst_') ? text.slice('asst_'.length) : text;
  return AGENT_ID.test(id) ? id : undefined;
}
