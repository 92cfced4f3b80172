import { LINGER_MS, within } from './linger.ts';

const STREAM = 'application/vnd.amazon.eventstream';
/** Of a message: its length and that of its headers in four bytes each, and a checksum of these. */
const PRELUDE_BYTES = 12;
/** The header that says what an event is, as it stands in a message: its name, the type of a string, its length. */
const METADATA = Buffer.from('\x0b:event-type\x07\x00\x08metadata', 'latin1');

/**
 * Bedrock's answer, whose stream is over with its metadata, the event that has the usage and comes last, though
 * the connection stays open.
 */
export const readConverse =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await send(input, init);
    if (!response.ok || response.body === null || !response.headers.get('content-type')?.startsWith(STREAM))
      return response;
    const { status, statusText, headers } = response;
    const body = ReadableStream.from(untilMetadata(response.body.getReader()));
    return new Response(body, { status, statusText, headers });
  };

async function* untilMetadata(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending = Buffer.alloc(0);
  let isOver = false;
  try {
    while (!isOver) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
      pending = Buffer.concat([pending, value]);
      for (let length = messageIn(pending); length !== undefined && !isOver; length = messageIn(pending)) {
        isOver = pending.subarray(PRELUDE_BYTES, PRELUDE_BYTES + pending.readUInt32BE(4)).includes(METADATA);
        pending = pending.subarray(length);
      }
    }
    const until = performance.now() + LINGER_MS;
    for (let left = LINGER_MS; left > 0; left = until - performance.now()) {
      const next = await within(reader.read(), left);
      if (next === undefined || next.done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The length of the message at the beginning, once it is there whole. */
function messageIn(bytes: Buffer): number | undefined {
  if (bytes.length < PRELUDE_BYTES) return undefined;
  const length = bytes.readUInt32BE(0);
  // What is no message is the SDK's to refuse.
  return length < PRELUDE_BYTES || length > bytes.length ? undefined : length;
}
