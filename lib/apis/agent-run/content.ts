import { fewerDays } from '../../runs/retention.ts';
import type { Run } from '../../runs/run.ts';
import { retentionClass } from '../files/file-retention.ts';
import type { FileStore } from '../files/ports.ts';
import { readFile } from '../files/read-file.ts';
import { AgentRunContent, type RunAgent } from './contract.ts';
import { agentRunResult } from './run-record.ts';

/** Stores what a run was given and what it answered, for as long as outputs are kept. */
export async function keepContent(
  files: Pick<FileStore, 'put'>,
  run: Run,
  { variables, extra_messages: extraMessages = [] }: Pick<RunAgent, 'variables' | 'extra_messages'>,
  text: string,
): Promise<string> {
  const key = `${run.workspaceId}/runs/${run.id}/content.json`;
  const content: AgentRunContent = { variables, extraMessages, text };
  const days = fewerDays(run.retention?.outputsDays, run.retention?.runsDays);
  await files.put(key, Buffer.from(JSON.stringify(content)), {
    contentType: 'application/json',
    retentionDays: retentionClass(days),
  });
  return key;
}

/** What was kept of a run; undefined when nothing was, or when it was deleted since. */
export async function contentOf(
  files: Pick<FileStore, 'get'>,
  run: Run,
): Promise<AgentRunContent | undefined> {
  const { contentKey } = agentRunResult(run);
  const json = contentKey === undefined ? undefined : await readFile(files, contentKey);
  return json === undefined
    ? undefined
    : AgentRunContent.parse(JSON.parse(Buffer.from(json).toString('utf8')));
}
