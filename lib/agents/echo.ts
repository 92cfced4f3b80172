import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModel } from 'ai';

/** A model as the AI SDK calls it. */
export type Model = Extract<LanguageModel, { specificationVersion: 'v3' }>;
type CallOptions = Parameters<Model['doStream']>[0];
type StreamPart =
  Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never;
type Content = string | readonly { type: string; text?: string }[];

export const ECHO = 'echo';
const ID = 'echo-0';

function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? (part.text ?? '') : `[${part.type}]`)).join('\n');
}

/** Words with the white space around them: joined again they are the text. */
const words = (text: string): string[] => text.match(/^\s*\S+\s*|\S+\s*/g) ?? [];

function reply({ prompt, responseFormat, maxOutputTokens }: CallOptions) {
  const asked = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  const said = asked === undefined ? '' : textOf(asked.content);
  const whole = words(responseFormat?.type === 'json' ? JSON.stringify({ echo: said }) : said);
  const kept = whole.slice(0, maxOutputTokens);
  const input = prompt.reduce((sum, { content }) => sum + words(textOf(content)).length, 0);
  const reason = kept.length < whole.length ? 'length' : 'stop';
  return {
    words: kept,
    finishReason: { unified: reason, raw: reason } as const,
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: kept.length, text: kept.length, reasoning: undefined },
    },
  };
}

/**
 * A model without a model: it says the last message of the user again, word by word, and counts words as
 * tokens. For the first five minutes, tests and demonstrations; it needs no network and no key.
 */
export function echoModel({ msPerWord = 0 }: { msPerWord?: number | undefined } = {}): Model {
  const pause = async (times: number, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (msPerWord > 0) await sleep(msPerWord * times, undefined, signal === undefined ? {} : { signal });
  };

  async function* speak(options: CallOptions): AsyncGenerator<StreamPart> {
    const { words, ...end } = reply(options);
    yield { type: 'stream-start', warnings: [] };
    yield { type: 'response-metadata', id: ID, modelId: ECHO };
    yield { type: 'text-start', id: '0' };
    for (const word of words) {
      await pause(1, options.abortSignal);
      yield { type: 'text-delta', id: '0', delta: word };
    }
    yield { type: 'text-end', id: '0' };
    yield { type: 'finish', ...end };
  }

  return {
    specificationVersion: 'v3',
    provider: ECHO,
    modelId: ECHO,
    // Pictures are named, not looked at, so no address needs to be fetched.
    supportedUrls: { '*/*': [/.*/] },
    async doGenerate(options) {
      const { words, ...end } = reply(options);
      await pause(words.length, options.abortSignal);
      const content = [{ type: 'text' as const, text: words.join('') }];
      return { ...end, content, response: { id: ID, modelId: ECHO }, warnings: [] };
    },
    async doStream(options) {
      return { stream: ReadableStream.from(speak(options)) };
    },
  };
}
