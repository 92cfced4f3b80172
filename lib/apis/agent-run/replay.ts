import { isOpen, type Run } from '../../runs/run.ts';
import { conflict, type Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { agentRunResult } from './agent-run.ts';
import { contentOf } from './content.ts';
import type { AgentAnswer, RunAgent } from './contract.ts';
import { failed, toAnswer } from './whole-answer.ts';

/**
 * The answer to a request whose Idempotency-Key was used before: the same again, as far as it is known. Answers
 * are content, which is stored only where the workspace asks for it, and a stream happens once; then the caller
 * learns which run it was and that the model was not called a second time.
 * @throws Refused 409, or 500 as before for a run that failed.
 */
export async function replay(
  platform: Pick<Platform, 'files'>,
  run: Run,
  { stream }: Pick<RunAgent, 'stream'>,
): Promise<AgentAnswer> {
  if (isOpen(run)) throw told(run, 'A request with this Idempotency-Key is still being answered');
  if (run.status === 'failed' || run.status === 'timed_out') throw failed(run);
  if (run.status === 'cancelled') {
    throw told(run, 'The request with this Idempotency-Key was cancelled; choose a new key');
  }
  const content = stream ? undefined : await contentOf(platform.files, run);
  if (content === undefined) {
    throw told(run, 'The request with this Idempotency-Key was answered, and its answer was not kept');
  }
  return toAnswer(content.text, agentRunResult(run).finishReason);
}

function told(run: Run, message: string): Refused {
  const refused = conflict(message);
  refused.refusal.headers = { 'x-run-id': run.id };
  return refused;
}
