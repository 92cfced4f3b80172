import type { FinishReason } from 'ai';
import { AgentFailure } from './failure.ts';
import type { Usage } from './usage.ts';

export interface Finished {
  text: string;
  finishReason: FinishReason;
  output: 'text' | 'json';
  usage: Usage;
}

/** Why nothing came, where the reason tells more than the failure's own sentence. */
const NOTHING: Partial<Record<FinishReason, string>> = {
  'tool-calls': 'The model called a tool instead of answering, and the agent has no tools.',
  length: 'The model reached its limit of tokens before it began its answer.',
};

/**
 * Throws when what the model ended with is no answer. A filter that replaced the answer by a text of its own
 * (a guardrail's, written for the user) has answered, and so has a model that refused: of an agent that answers
 * with JSON too, whose callers are told by the finish reason that it is none. A filter that left nothing has not
 * answered, nor has any other end.
 */
export function checkFinished({ text, finishReason, output, usage }: Finished): void {
  if (finishReason === 'error') throw new AgentFailure('provider_unavailable', { usage });
  if (text.trim() === '') {
    if (finishReason === 'content-filter') throw new AgentFailure('content_filtered', { usage });
    throw new AgentFailure('no_answer', { message: NOTHING[finishReason], usage });
  }
  if (output === 'text' || finishReason === 'content-filter' || isJson(text)) return;
  const message =
    finishReason === 'length'
      ? 'The answer reached its limit of tokens before its JSON was complete.'
      : undefined;
  throw new AgentFailure('invalid_output', { message, usage });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
