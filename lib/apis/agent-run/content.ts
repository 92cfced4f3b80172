import type { Run, RunningRun } from '../../runs/run.ts';
import { outputClass } from '../files/kept-for.ts';
import type { FileStore } from '../files/ports.ts';
import { readJson } from '../files/read-file.ts';
import { cutText } from '../operation/answer-size.ts';
import { agentRunResult } from './agent-run.ts';
import { AgentRunContent, type RunAgent } from './contract.ts';

/**
 * Stores what a run was given and what it answered, for as long as outputs are kept. It stands under its claim, so
 * that a worker that has lost the run meanwhile cannot write over what the run refers to.
 */
export async function keepContent(
  files: Pick<FileStore, 'put'>,
  run: RunningRun,
  { variables, extra_messages: extraMessages = [] }: Pick<RunAgent, 'variables' | 'extra_messages'>,
  text: string,
): Promise<string> {
  const key = `${run.workspaceId}/runs/${run.id}/${run.claimId}/content.json`;
  const content: AgentRunContent = { variables, extraMessages, text };
  await files.put(key, Buffer.from(JSON.stringify(content)), {
    contentType: 'application/json',
    retentionDays: outputClass(run),
  });
  return key;
}

/** What an answer may take of what reads it, beside what was given: that is at most a request of 1 MiB characters. */
export const MAX_TEXT_BYTES = 1_000_000;

/** What was kept of a run, a very long answer in part; undefined when nothing was, or when it was deleted since. */
export async function contentOf(
  files: Pick<FileStore, 'get'>,
  run: Run,
): Promise<AgentRunContent | undefined> {
  const { contentKey } = agentRunResult(run);
  const content = contentKey === undefined ? undefined : await readJson(files, contentKey);
  if (content === undefined) return undefined;
  const { text, ...given } = AgentRunContent.parse(content);
  return { ...given, text: cutText(text, MAX_TEXT_BYTES) };
}
