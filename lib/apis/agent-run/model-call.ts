import { type AgentStream, costInUsd, type Overrides, type Summary } from '../../agents/index.ts';
import { stream } from '../../agents/run-agent.ts';
import { isOf } from '../../runs/claim.ts';
import { isRunsError } from '../../runs/errors.ts';
import { type Failure, type Run, type RunningRun, refOf } from '../../runs/run.ts';
import { amendRun, finishRun } from '../../runs/service.ts';
import type { Ready } from '../agents/ready.ts';
import type { AnsweringPlatform } from '../platform.ts';
import { type AgentRunResult, agentRunInput, agentRunResult } from './agent-run.ts';
import { keepContent } from './content.ts';
import type { RunAgent } from './contract.ts';

/**
 * The longest that an answer may take, in milliseconds. An Express execution takes five minutes at most, and
 * what is around the model call needs some of it; a stream is held to the same, so that both fail alike.
 */
export const ANSWER_MS = 280_000;

export type AnswerPlatform = Pick<
  AnsweringPlatform,
  'runs' | 'log' | 'files' | 'models' | 'logger' | 'now' | 'newId'
>;

/** Begins to answer: the model is called when the parts are read. */
export const beginAnswer = (
  { models }: Pick<AnsweringPlatform, 'models'>,
  { workspaceId }: { workspaceId: string },
  { version, provider }: Ready,
  { variables, overrides, extra_messages: extraMessages }: RunAgent,
  signal: AbortSignal,
): AgentStream =>
  stream(
    {
      ...{ version, provider, variables, extraMessages, signal },
      overrides: toOverrides(overrides),
      timeoutMs: ANSWER_MS,
    },
    models(workspaceId),
  );

function toOverrides(overrides: RunAgent['overrides']): Overrides | undefined {
  if (overrides === undefined) return undefined;
  const { model, temperature, maxOutputTokens, max_output_tokens } = overrides;
  return {
    model: typeof model === 'object' ? model.name : model,
    temperature,
    maxOutputTokens: maxOutputTokens ?? max_output_tokens,
  };
}

/**
 * Records how an answer ended. A run that was cancelled or timed out meanwhile stays so, and is told what it
 * cost all the same; one that another worker has, or has ended, is that worker's to tell of.
 */
export async function recordEnd(
  platform: AnswerPlatform,
  claimed: RunningRun,
  request: RunAgent,
  summary: Summary,
): Promise<void> {
  const keeps = agentRunInput(claimed).keepContent;
  const contentKey = keeps ? await keepContent(platform.files, claimed, request, summary.text) : undefined;
  const result = resultOf(summary, contentKey);
  if (summary.status === 'failed') {
    const { code, providerStatus, reason } = summary.failure ?? {};
    platform.logger.warn('agent run failed', { runId: claimed.id, code, providerStatus, reason });
  }
  const { status } = summary;
  try {
    if (status === 'succeeded') await finishRun(platform, claimed, { type: status, result });
    else await finishRun(platform, claimed, { type: status, failure: failureOf(summary), result });
  } catch (error) {
    if (!isRunsError(error, 'invalid_transition')) throw error;
    const run = await amendIfOwn(platform, claimed, result);
    if (contentKey !== undefined && agentRunResult(run).contentKey !== contentKey) {
      await platform.files.remove(contentKey);
    }
  }
}

/** Leaves a run as it is that did not end under the claim. */
const amendIfOwn = (platform: AnswerPlatform, claimed: RunningRun, result: AgentRunResult): Promise<Run> =>
  amendRun(platform, refOf(claimed), (run) => (isOf(run, claimed) ? { ...result } : undefined));

export const CALLER_GONE: Failure = {
  code: 'cancelled',
  stage: null,
  message: 'The caller went away before the answer was complete.',
};

const failureOf = ({ status, failure }: Summary): Failure =>
  status === 'cancelled' || failure === undefined
    ? CALLER_GONE
    : { code: failure.code, stage: null, message: failure.message };

function resultOf(summary: Summary, contentKey: string | undefined): AgentRunResult {
  const { usage, finishReason, modelId, msToFirstToken } = summary;
  const costUsd = costInUsd(modelId, usage);
  return {
    usage,
    modelId,
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(msToFirstToken === undefined ? {} : { msToFirstToken }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(contentKey === undefined ? {} : { contentKey }),
  };
}
