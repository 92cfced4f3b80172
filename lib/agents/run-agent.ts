import type { FinishReason, TextStreamPart, ToolSet } from 'ai';
import { estimateTokens } from './budget.ts';
import { type AgentRequest, prepareCall } from './call-model.ts';
import { toFailure } from './classify.ts';
import { Deadline } from './deadline.ts';
import { AgentFailure } from './failure.ts';
import { checkFinished } from './finished.ts';
import { ERROR_PART, type Part, toPart } from './parts.ts';
import type { AgentPlatform } from './ports.ts';
import { type Summary, Tally } from './tally.ts';
import { estimatedUsage, type Usage, usageOf } from './usage.ts';

export interface Answer {
  messages: { role: 'assistant'; content: string }[];
  text: string;
  usage: Usage;
  finishReason: FinishReason;
  /** As the provider names it. */
  modelId: string;
}

/** Runs an agent to its end. @throws AgentFailure, and nothing else. */
export async function answer(request: AgentRequest, platform: AgentPlatform): Promise<Answer> {
  const deadline = new Deadline(request.signal, request.timeoutMs);
  try {
    const { ai, options, promptTokens } = await deadline.race(prepareCall(request, platform, deadline));
    const result = await deadline.race(ai.generateText(options));
    const { text, finishReason } = result;
    const estimate = () => estimatedUsage(promptTokens, estimateTokens(text));
    const usage = usageOf(result.totalUsage, estimate);
    checkFinished({ text, finishReason, output: request.version.output, usage });
    const { modelId } = result.response;
    return { messages: [{ role: 'assistant', content: text }], text, usage, finishReason, modelId };
  } catch (error) {
    throw deadline.failure ?? toFailure(error);
  } finally {
    deadline.release();
  }
}

/** The parts of a run, to be read once, and then what it came to. */
export interface AgentStream extends AsyncIterable<Part> {
  /** As things stand: a run that was not read to its end is cancelled. */
  summary(): Summary;
}

/**
 * Runs an agent and tells what happens while it does. Nothing is thrown: a failure is one `error` part and
 * the end, an abort is one `abort` part and the end. Who stops reading cancels the call of the model.
 */
export function stream(request: AgentRequest, platform: AgentPlatform): AgentStream {
  const tally = new Tally(request.overrides?.model ?? request.version.model.name);
  let end: Pick<Summary, 'status' | 'failure'> = { status: 'cancelled' };

  async function* run(): AsyncGenerator<Part> {
    const deadline = new Deadline(request.signal, request.timeoutMs);
    try {
      yield { type: 'start' };
      for await (const part of callModel(request, platform, deadline, tally)) {
        if (part.type === 'finish') end = { status: 'succeeded' };
        yield part;
        if (part.type === 'finish') return;
      }
      throw new AgentFailure('provider_unavailable');
    } catch (error) {
      const failure = deadline.failure ?? toFailure(error);
      if (failure.code !== 'cancelled') end = { status: 'failed', failure };
      yield failure.code === 'cancelled' ? { type: 'abort' } : ERROR_PART;
    } finally {
      deadline.release();
    }
  }

  const parts = run();
  return {
    [Symbol.asyncIterator]: () => parts,
    summary: () => {
      const { text, usage, modelId, finishReason, msToFirstToken } = tally;
      return {
        ...end,
        text,
        usage,
        modelId,
        ...(finishReason === undefined ? {} : { finishReason }),
        ...(msToFirstToken === undefined ? {} : { msToFirstToken }),
      };
    },
  };
}

/** The parts that callers see, counted; throws at the first thing that goes wrong. */
async function* callModel(
  request: AgentRequest,
  platform: AgentPlatform,
  deadline: Deadline,
  tally: Tally,
): AsyncGenerator<Part> {
  const { ai, options, promptTokens } = await deadline.race(prepareCall(request, platform, deadline));
  tally.promptTokens = promptTokens;
  const { fullStream } = ai.streamText({
    ...options,
    // Bedrock's errors in a stream lose their type on the way through the SDK; the raw events still have it.
    includeRawChunks: request.provider.type === 'bedrock',
    // Without it the SDK prints the error, prompt and headers included.
    onError: () => {},
  });
  let announced = '';
  for await (const part of untilEnd(fullStream, deadline)) {
    if (part.type === 'raw') announced = exceptionIn(part.rawValue) ?? announced;
    if (part.type === 'error') throw toFailure(part.error, announced);
    if (part.type === 'abort') throw new AgentFailure('cancelled');
    const seen = toPart(part);
    if (seen === undefined) continue;
    tally.see(seen);
    if (seen.type === 'finish-step') {
      const { text, usage } = tally;
      // Bedrock's stream has been cut off when it ends without giving a reason; the SDK says `other` then.
      const cutOff = seen.finishReason === 'other' && seen.rawFinishReason === undefined;
      const finishReason = cutOff ? 'error' : seen.finishReason;
      checkFinished({ text, finishReason, output: request.version.output, usage });
    }
    yield seen;
  }
}

/** A stream's parts until the run must end, even if the stream itself never does. */
async function* untilEnd(
  parts: AsyncIterable<TextStreamPart<ToolSet>>,
  deadline: Deadline,
): AsyncGenerator<TextStreamPart<ToolSet>> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await deadline.race(iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream that does not react to the abort would keep the run from ending.
    iterator.return?.().catch(() => {});
  }
}

/** `throttlingException` and the like: the only member of such an event. */
function exceptionIn(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  return Object.keys(event).find((name) => name.endsWith('Exception'));
}
