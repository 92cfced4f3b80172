import type { VirtualTime } from './virtual-time.ts';

/** Where the model answers, as a provider's settings say it. */
export const MODEL_URL = 'https://models.example/v1';

const WORDS = Array.from({ length: 20 }, (_, index) => `word${index} `);
const USAGE = { prompt_tokens: 200, completion_tokens: 20, total_tokens: 220 };
const ANSWER = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'fake-model' };

/** A model server, in place of `fetch`, that takes so many milliseconds for an answer, whole or streamed. */
export const modelServer =
  (time: VirtualTime, answerMs: number): typeof fetch =>
  async (_address, init) => {
    const { stream } = JSON.parse(String(init?.body)) as { stream?: boolean };
    if (stream === true) return eventStream(answering(time, answerMs / WORDS.length));
    await time.sleepDuring(answerMs);
    const message = { role: 'assistant', content: WORDS.join('') };
    return Response.json({
      ...{ ...ANSWER, object: 'chat.completion', usage: USAGE },
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    });
  };

async function* answering(time: VirtualTime, wordMs: number): AsyncGenerator<object> {
  const chunk = { ...ANSWER, object: 'chat.completion.chunk' };
  for (const content of WORDS) {
    await time.sleepDuring(wordMs);
    yield { ...chunk, choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] };
  }
  yield { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  yield { ...chunk, choices: [], usage: USAGE };
}

function eventStream(chunks: AsyncGenerator<object>): Response {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(`data: ${text}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      controller.enqueue(encode(done === true ? '[DONE]' : JSON.stringify(value)));
      if (done === true) controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** Lets `fetch` be another one meanwhile. */
export async function withFetch<T>(substitute: typeof fetch, work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = substitute;
  try {
    return await work();
  } finally {
    globalThis.fetch = real;
  }
}
