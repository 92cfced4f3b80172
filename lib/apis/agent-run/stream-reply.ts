import { partEvents } from './part-events.ts';
import type { WholeOrParts } from './run-deployed.ts';

/** An answer as it goes out: one JSON value, or events as they come. The run is named in a header. */
export function toStreamReply(answered: WholeOrParts) {
  const named = {
    'x-run-id': answered.runId,
    ...(answered.replayed ? { 'idempotency-replayed': 'true' } : {}),
  };
  return 'answer' in answered
    ? {
        status: 200,
        headers: { ...named, 'content-type': 'application/json' },
        stream: once(Buffer.from(JSON.stringify(answered.answer))),
      }
    : {
        status: 200,
        headers: {
          ...named,
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache',
          'x-accel-buffering': 'no',
        },
        stream: partEvents(answered.parts),
      };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
