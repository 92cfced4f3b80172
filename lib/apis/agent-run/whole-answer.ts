import type { Run } from '../../runs/run.ts';
import { unusual } from '../agents/unusual.ts';
import { readJson } from '../files/read-file.ts';
import { Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import type { AgentAnswer } from './contract.ts';
import { FAULT } from './dialect.ts';
import type { Worked } from './work.ts';

/** What the worker came to, as callers read it. @throws Refused 500. */
export async function wholeAnswer(
  { files }: Pick<Platform, 'files'>,
  run: Run,
  worked: Worked,
): Promise<AgentAnswer> {
  switch (worked.type) {
    case 'answered':
      return toAnswer(worked.text, worked.finishReason);
    case 'stored': {
      const text = await readJson(files, worked.key);
      if (typeof text !== 'string') throw failed(run); // it was deleted a day later
      return toAnswer(text, worked.finishReason);
    }
    case 'failed':
      throw failed(run, worked.retryAfterSeconds);
  }
}

/** An ordinary end goes without saying. */
export const toAnswer = (text: string, finishReason?: string): AgentAnswer => ({
  messages: [{ role: 'assistant', content: text }],
  text,
  ...unusual(finishReason),
});

/** Why is in the run, which is named: it is for the agent's owner, not for whoever calls. */
export const failed = ({ id }: Run, retryAfterSeconds?: number): Refused =>
  new Refused({
    category: 'internal',
    message: FAULT,
    headers: { 'x-run-id': id },
    retryAfterSeconds,
  });
