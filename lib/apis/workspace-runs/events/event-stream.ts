import type { Follow } from '../../../runs/follow.ts';
import type { Run } from '../../../runs/run.ts';
import { WIRE_STATUS } from '../view.ts';

/**
 * How long one stream may stay open, in seconds. A Lambda function ends after 15 minutes; closing half a
 * minute earlier, without `end`, makes clients reconnect where they were.
 */
export const STREAM_SECONDS = 870;

/** `Last-Event-ID` wins when it is a byte offset; anything else in it is ignored. */
export function cursorOf(lastEventId: string | undefined, cursor: number | undefined): number {
  const isOffset = lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId.trim());
  return isOffset ? Number(lastEventId) : (cursor ?? 0);
}

/** A step of following a log, as server-sent events with CRLF line ends. `at` stamps keepalives. */
export function toServerSentEvents(step: Follow, run: Pick<Run, 'id'>, at: Date): string {
  switch (step.type) {
    case 'ready': {
      const status = WIRE_STATUS[step.status];
      return sse({
        id: step.cursor,
        event: 'ready',
        data: JSON.stringify({ runId: run.id, status, cursor: step.cursor }),
      });
    }
    case 'message':
      return sse({ id: step.cursor, event: 'message', data: step.line });
    case 'keepalive':
      return `: ping - ${at.toISOString()}\r\n\r\n${sse({ event: 'keepalive', data: '{}' })}`;
    case 'end': {
      const { cursor, reason } = step;
      const data = JSON.stringify({ runId: run.id, status: WIRE_STATUS[step.status], cursor, reason });
      return sse({ id: cursor, event: 'end', data });
    }
  }
}

function sse({ id, event, data }: { id?: number; event: string; data: string }): string {
  return `${id === undefined ? '' : `id: ${id}\r\n`}event: ${event}\r\ndata: ${data}\r\n\r\n`;
}

/** The steps as bytes on the wire. */
export async function* serverSentEvents(
  steps: AsyncIterable<Follow>,
  run: Pick<Run, 'id'>,
  now: () => Date,
): AsyncGenerator<Uint8Array> {
  for await (const step of steps) yield Buffer.from(toServerSentEvents(step, run, now()));
}
