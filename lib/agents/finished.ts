import type { FinishReason } from 'ai';
import { AgentFailure } from './failure.ts';
import type { Usage } from './usage.ts';

export interface Finished {
  text: string;
  finishReason: FinishReason;
  output: 'text' | 'json';
  usage: Usage;
}

/**
 * Throws when what the model ended with is no answer. A filter that replaced the answer by a text of its own
 * (a guardrail's, written for the user) has answered; one that left nothing has not.
 */
export function checkFinished({ text, finishReason, output, usage }: Finished): void {
  if (finishReason === 'error') throw new AgentFailure('provider_unavailable', { usage });
  if (finishReason === 'content-filter' && text.trim() === '')
    throw new AgentFailure('content_filtered', { usage });
  if (output === 'text' || isJson(text)) return;
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
