import { AgentFailure } from './failure.ts';

/**
 * In bytes, as they come out of their compression. An answer has 280 s, in which the fastest models write some
 * 110,000 tokens, each in an event of 300 bytes. A server that never stops must not fill the memory of who asks.
 */
export const MAX_ANSWER_BYTES = 33_554_432;

/** The response, whose body fails with an AgentFailure, and lets go of its server, once it is longer than that. */
export function bounded(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) controller.error(tooLong());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counting), { status, statusText, headers });
}

/** Not transient: asked again, the server would only do it again. */
function tooLong(): AgentFailure {
  const message = `The answer of the model provider is longer than ${MAX_ANSWER_BYTES} bytes.`;
  return new AgentFailure('no_answer', { message, reason: 'TOO_LONG' });
}
