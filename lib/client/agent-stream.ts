import { call, parseJson, reading } from './calls.ts';
import type { Connection } from './connection.ts';
import { RunplaneError } from './errors.ts';
import type { RequestOptions } from './shapes.ts';
import { serverSentEvents } from './sse.ts';
import type { RunAgentBody } from './types.ts';

interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
}

type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';

/** A part of an agent's answer, in the AI SDK's words. Providers add members to them. */
export type AgentPart =
  | { type: 'start' }
  | { type: 'start-step'; request: object; warnings: unknown[] }
  | { type: 'text-start'; id: string }
  | { type: 'text-delta'; id: string; text: string }
  | { type: 'text-end'; id: string }
  | { type: 'reasoning-start'; id: string }
  | { type: 'reasoning-delta'; id: string; text: string }
  | { type: 'reasoning-end'; id: string }
  | { type: 'source'; sourceType: string; id: string; url?: string; title?: string }
  | { type: 'file'; file: { base64Data: string; mediaType: string } }
  | { type: 'tool-input-start'; id: string; toolName: string }
  | { type: 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-end'; id: string }
  | { type: 'tool-call'; toolCallId: string; toolName: string; input: unknown }
  | { type: 'tool-result'; toolCallId: string; toolName: string; output: unknown }
  | { type: 'tool-error'; toolCallId: string; toolName: string; error: unknown }
  | {
      type: 'finish-step';
      finishReason: FinishReason;
      usage: Usage;
      response: { id?: string; timestamp?: string; modelId?: string };
    }
  | { type: 'finish'; finishReason: FinishReason; totalUsage: Usage }
  | { type: 'abort'; reason?: string }
  | { type: 'raw'; rawValue?: unknown }
  /** The last one of an answer that failed. */
  | { type: 'error'; error: { message: string } };

/** The parts that an answer ends with. A stream that ends with another one was cut off. */
const LAST = new Set<AgentPart['type']>(['finish', 'error', 'abort']);

/** The platform says something every 10 seconds, also while the model is silent. */
const SILENCE_MS = 60_000;

/**
 * Runs an agent and gives the parts of its answer as they come. A failure of the model is the last part.
 * @throws RunplaneError `cut` when the stream breaks off: a model's answer cannot be taken up again, and the
 *   client does not run it a second time. `runId` tells which run it was.
 */
export async function* streamAgent(
  connection: Connection,
  body: Omit<RunAgentBody, 'stream'>,
  options: RequestOptions = {},
): AsyncGenerator<AgentPart> {
  const { timeoutMilliseconds } = connection; // it begins at once, however long it lasts
  const answer = await call(connection, {
    id: 'runAgent',
    input: { body: { ...body, stream: true } },
    options: { timeoutMilliseconds, ...options },
    read: reading.answer,
  });
  const { response } = answer;
  let hasEnded = false;
  try {
    for await (const { data } of serverSentEvents(answer.chunks(SILENCE_MS))) {
      if (data === '[DONE]') return; // as other platforms end their streams
      const part = parseJson(data, response) as AgentPart;
      hasEnded = LAST.has(part.type);
      yield part;
    }
  } catch (error) {
    if (!(error instanceof RunplaneError)) throw error;
    if (error.status === undefined) throw cutOff(response, error);
    throw error;
  }
  if (!hasEnded) throw cutOff(response);
}

const cutOff = ({ headers }: Response, cause?: RunplaneError): RunplaneError =>
  new RunplaneError(
    'The answer broke off before its end and cannot be taken up again: look at its run, or run the agent anew',
    {
      code: 'cut',
      runId: headers.get('x-run-id') ?? undefined,
      requestId: headers.get('x-request-id') ?? undefined,
      mayHaveArrived: true,
      cause,
    },
  );
