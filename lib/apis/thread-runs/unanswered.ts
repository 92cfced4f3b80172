import type { Run } from '../../runs/run.ts';
import { type RefusalCategory, Refused } from '../operation/refusal.ts';

/**
 * Whose doing a failure is, by its code; of every other code it is ours. What the assistant is set up with, or is
 * sent, fails until somebody changes it; what the model's provider did may be otherwise the next time.
 */
const CATEGORIES: Partial<Record<string, RefusalCategory>> = {
  invalid_configuration: 'conflict',
  provider_unauthorized: 'conflict',
  invalid_model: 'conflict',
  invalid_request: 'conflict',
  context_too_long: 'conflict',
  cancelled: 'conflict',
  provider_rate_limited: 'bad_gateway',
  provider_unavailable: 'bad_gateway',
  provider_timeout: 'bad_gateway',
  timed_out: 'bad_gateway',
  content_filtered: 'bad_gateway',
  no_answer: 'bad_gateway',
  invalid_output: 'bad_gateway',
};

/** How a chat says that its run has ended without an answer: in the run's own sentence, with its address. */
export function unanswered(run: Run, location: string): Refused {
  const failure = 'failure' in run ? run.failure : undefined;
  const category = CATEGORIES[failure?.code ?? ''] ?? 'internal';
  return new Refused({ category, message: failure?.message, headers: { location } });
}
