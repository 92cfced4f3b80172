import type { Run } from '../../runs/run.ts';
import { outputClass } from '../files/kept-for.ts';
import type { FileStore } from '../files/ports.ts';
import { readJson } from '../files/read-file.ts';
import { agentRunResult } from './agent-run.ts';
import { AgentRunContent, type RunAgent } from './contract.ts';

/** Stores what a run was given and what it answered, for as long as outputs are kept. */
export async function keepContent(
  files: Pick<FileStore, 'put'>,
  run: Run,
  { variables, extra_messages: extraMessages = [] }: Pick<RunAgent, 'variables' | 'extra_messages'>,
  text: string,
): Promise<string> {
  const key = `${run.workspaceId}/runs/${run.id}/content.json`;
  const content: AgentRunContent = { variables, extraMessages, text };
  await files.put(key, Buffer.from(JSON.stringify(content)), {
    contentType: 'application/json',
    retentionDays: outputClass(run),
  });
  return key;
}

/** What was kept of a run; undefined when nothing was, or when it was deleted since. */
export async function contentOf(
  files: Pick<FileStore, 'get'>,
  run: Run,
): Promise<AgentRunContent | undefined> {
  const { contentKey } = agentRunResult(run);
  const content = contentKey === undefined ? undefined : await readJson(files, contentKey);
  return content === undefined ? undefined : AgentRunContent.parse(content);
}
