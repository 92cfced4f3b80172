import {
  AgentFailure,
  DEFAULT_CONVERSATION_TOKENS,
  estimateTokens,
  type Message,
  type Usage,
} from '../../agents/index.ts';
import { answer } from '../../agents/run-agent.ts';
import { RunsError } from '../../runs/errors.ts';
import type { RunningRun } from '../../runs/run.ts';
import type { Outcome } from '../../runs/service.ts';
import { unusual } from '../agents/unusual.ts';
import { outputClass } from '../files/kept-for.ts';
import type { AnsweringPlatform } from '../platform.ts';
import { findAssistant } from './assistant.ts';
import { LAST_DELIVERY, ProviderBusy } from './faults.ts';
import { messagesOf, runsOf } from './messages.ts';
import { type StoredAnswer, type ThreadRunResult, threadRunInput } from './thread-run.ts';
import { shortened } from './thread-summary.ts';

export type AnswerPlatform = Pick<
  AnsweringPlatform,
  | 'runs'
  | 'log'
  | 'agents'
  | 'agentOwners'
  | 'agentVersions'
  | 'providers'
  | 'models'
  | 'files'
  | 'logger'
  | 'now'
  | 'newId'
>;

/** Two tries within the machine's 600 s, and its waits between them. */
const ANSWER_MS = 280_000;

/** What came of the work, and how to take back what it left outside of the run. */
export interface Work {
  outcome: Outcome;
  discard(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

const failed = (code: string, message: string, usage?: Usage): Work => ({
  outcome: {
    type: 'failed',
    failure: { code, stage: 'answer', message },
    ...(usage === undefined ? {} : { result: { usage } }),
  },
  discard: nothing,
});

/** Answers as the agent's deployed version, knowing what was said before. @throws ProviderBusy. */
export async function answerAs(
  platform: AnswerPlatform,
  run: RunningRun,
  signal: AbortSignal,
): Promise<Work> {
  const { agentId, instructions } = threadRunInput(run);
  const assistant = await findAssistant(platform, run.workspaceId, agentId);
  if ('problem' in assistant) return failed('invalid_configuration', assistant.problem);
  const { version, no, provider } = assistant;
  const request = {
    ...{ version, provider, variables: {}, signal, timeoutMs: ANSWER_MS },
    conversation: await conversationOf(platform, run),
    additionalInstructions: instructions,
  };
  try {
    const { text, usage, modelId, finishReason } = await answer(request, platform.models(run.workspaceId));
    const { stored, discard } = await store(platform, run, text);
    const result: ThreadRunResult = {
      ...{ answer: stored, agentVersion: no, modelId, usage: { ...usage } },
      ...unusual(finishReason),
    };
    return { outcome: { type: 'succeeded', result }, discard };
  } catch (error) {
    return afterFailure(platform, run, signal, error);
  }
}

/** A failure is the run's end unless it may pass and there is another try. Its sentence is for callers. */
function afterFailure(platform: AnswerPlatform, run: RunningRun, signal: AbortSignal, error: unknown): Work {
  if (!(error instanceof AgentFailure)) throw error;
  const { code, message, providerStatus, reason, isTransient, usage } = error;
  platform.logger.warn('no answer', { runId: run.id, code, providerStatus, reason });
  if (signal.aborted) throw new RunsError('invalid_transition', { run, event: 'succeeded' });
  if (isTransient && run.delivery < LAST_DELIVERY) throw new ProviderBusy(code);
  return failed(code, message, usage);
}

/**
 * What was said up to this run's message, oldest first. Runs are read from the newest on and only as far as
 * their text may be sent; `answer` then cuts exactly.
 */
async function conversationOf(platform: AnswerPlatform, run: RunningRun): Promise<Message[]> {
  const { message, previousRunId } = threadRunInput(run);
  const thread = {
    id: run.parentId,
    lastRun: previousRunId === undefined ? undefined : { runId: previousRunId, at: run.createdAt },
  };
  const conversation: Message[] = [{ role: 'user', content: message }];
  let tokens = estimateTokens(message);
  for await (const earlier of runsOf(platform, run.workspaceId, thread)) {
    if (earlier.id === run.id) continue;
    const said = (await messagesOf(platform, earlier)).map(
      ({ role, content }): Message => ({ role, content }),
    );
    conversation.unshift(...said);
    tokens += said.reduce((sum, { content }) => sum + estimateTokens(String(content)), 0);
    if (tokens > DEFAULT_CONVERSATION_TOKENS) break;
  }
  return conversation;
}

/** Longest answer that stands in its run, in bytes: see `ThreadRunResult`. */
const MAX_INLINE_BYTES = 16_384;

/** The file of a long answer stands under its claim, so that no other attempt's run can refer to it. */
async function store(
  { files, now }: AnswerPlatform,
  run: RunningRun,
  text: string,
): Promise<{ stored: StoredAnswer; discard(): Promise<void> }> {
  const createdAt = now().toISOString();
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_INLINE_BYTES) return { stored: { createdAt, text }, discard: nothing };
  const fileKey = `${run.workspaceId}/threads/${run.parentId}/${run.claimId}.txt`;
  await files.put(fileKey, bytes, {
    contentType: 'text/plain; charset=utf-8',
    retentionDays: outputClass(run),
  });
  return {
    stored: { createdAt, fileKey, beginning: shortened(text) },
    discard: () => files.remove(fileKey),
  };
}
