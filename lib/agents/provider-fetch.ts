import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a proxy to pick another server, short beside the time that an answer takes. */
const PAUSE_MS = 250;
const REPEATED = new Set([502, 503, 504]);

/**
 * Repeats a request once when the connection failed or a gateway in front of the provider did, without a
 * wish of its own when to come back. A frozen function wakes up with dead connections in its pool, so this
 * is common on Lambda and gone at the second try. Everything else is the caller's to repeat.
 *
 * A redirect is refused: it would carry the prompt and the key's header to another server.
 */
export const providerFetch =
  (call: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const send = async () => abortable(await call(input, { ...init, redirect: 'error' }), init?.signal);
    const pause = () => sleep(PAUSE_MS, undefined, init?.signal ? { signal: init.signal } : {});
    let response: Response;
    try {
      response = await send();
    } catch (error) {
      if (init?.signal?.aborted === true || !isConnectionFailure(error)) throw error;
      await pause();
      return send();
    }
    if (!REPEATED.has(response.status) || response.headers.has('retry-after')) return response;
    await response.body?.cancel();
    await pause();
    return send();
  };

/**
 * The response, its body bound to the signal. Node's `fetch` holds on to its signal only weakly once the
 * headers are there: after the first garbage collection an abort no longer reaches the connection, and the
 * provider goes on writing, and charging for, an answer that nobody reads.
 */
function abortable(response: Response, signal: AbortSignal | null | undefined): Response {
  if (response.body === null || !signal) return response;
  const reader = response.body.getReader();
  let abort = (): void => {};
  const done = (): void => signal.removeEventListener('abort', abort);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      abort = () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    },
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read();
        if (signal.aborted) return;
        if (!ended) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        if (!signal.aborted) throw error;
      }
    },
    cancel(reason) {
      done();
      return reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/** Failed before an answer began, other than by waiting: a provider that is slow is not asked twice. */
function isConnectionFailure(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^(ECONNRESET|ECONNREFUSED|EPIPE|EAI_AGAIN|UND_ERR_SOCKET)$/.test(code);
}
