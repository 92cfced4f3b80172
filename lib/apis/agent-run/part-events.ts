import type { Part } from '../../agents/index.ts';

/** Far below the five minutes after which API Gateway gives up a stream that says nothing. */
const PING_MS = 10_000;

const PING = Symbol('ping');

/**
 * Parts as server-sent events, one whole event to a chunk, because the clients of this API do not join
 * chunks. While the model is silent a comment says that the line still stands. Nothing marks the end: those
 * clients parse every `data:` line as JSON.
 */
export async function* partEvents(parts: AsyncIterable<Part>, pingMs = PING_MS): AsyncGenerator<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (let next = iterator.next(); ; ) {
      const silence = new Promise<typeof PING>((resolve) => {
        timer = setTimeout(resolve, pingMs, PING);
      });
      const step = await Promise.race([next, silence]);
      clearTimeout(timer);
      if (step === PING) {
        yield Buffer.from(`: ping ${Date.now()}\r\n\r\n`);
        continue;
      }
      if (step.done === true) return;
      yield Buffer.from(`data: ${JSON.stringify(step.value)}\r\n\r\n`);
      next = iterator.next();
    }
  } finally {
    clearTimeout(timer);
    await iterator.return?.();
  }
}
