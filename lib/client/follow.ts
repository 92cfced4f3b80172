import { call, parseJson, reading, signalOf } from './calls.ts';
import type { Connection } from './connection.ts';
import { RunplaneError } from './errors.ts';
import type { End, FollowedEvent, FollowedRun, FollowOptions, LogLine, Ready } from './follow-events.ts';
import { pollRun } from './follow-poll.ts';
import { isWorthRepeating, pauseBefore } from './retry.ts';
import { serverSentEvents } from './sse.ts';

/** The platform says something every 15 seconds; after three times that, the line is dead. */
const SILENCE_MS = 45_000;

/**
 * The events of a run from a byte of its log on, each once, to its end. A stream that breaks off is taken up
 * where it was; where the platform has no stream to give, the log is polled.
 * @throws RunplaneError when it breaks off again and again, or the run does not exist.
 */
export async function* followRun(
  connection: Connection,
  path: FollowedRun,
  options: FollowOptions = {},
): AsyncGenerator<FollowedEvent> {
  let { cursor = 0 } = options;
  const { signal } = options;
  let isReady = false;
  for (let failures = 0; ; ) {
    let failure: RunplaneError;
    try {
      for await (const event of stream(connection, path, cursor, signal)) {
        if (event === 'alive') failures = 0;
        else if (event.type === 'ready') {
          if (!isReady) yield event;
          isReady = true;
        } else if (event.type === 'end') {
          yield event;
          return;
        } else if (event.cursor > cursor) {
          failures = 0;
          cursor = event.cursor;
          yield event;
        }
      }
      failure = new RunplaneError(
        `The events of run ${path.runId} ended before the run did: follow it again`,
        {
          code: 'cut',
          mayHaveArrived: true,
        },
      );
    } catch (error) {
      if (!(error instanceof RunplaneError)) throw error;
      failure = error;
    }
    // All streams are taken: what they would say stands in the log.
    if (failure.status === 503) {
      yield* pollRun(connection, path, { ...options, cursor }, isReady);
      return;
    }
    failures += 1;
    const isEnough = failures > connection.retries || !isWorthRepeating(failure, AGAIN);
    const pause = pauseBefore(failures, failure.retryAfterSeconds, connection.clock.random);
    if (isEnough || pause === undefined) throw failure;
    await connection.clock.sleep(pause, signalOf(connection.signal, signal));
  }
}

/** Reading again does no harm. */
const AGAIN = { method: 'GET', harmless: true, keyed: false };

/** One stream, as long as it lasts. `alive` says that there is a line, and nothing to say. */
async function* stream(
  connection: Connection,
  path: FollowedRun,
  cursor: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<FollowedEvent | 'alive'> {
  const answer = await call(connection, {
    id: 'streamRunEvents',
    input: { path },
    // The tries are counted by whoever follows.
    options: { retries: 0, headers: { 'last-event-id': String(cursor) }, ...(signal && { signal }) },
    read: reading.answer,
  });
  for await (const { id, event, data } of serverSentEvents(answer.chunks(SILENCE_MS))) {
    const said = parseJson(data, answer.response);
    switch (event) {
      case 'ready':
        yield { type: 'ready', ...(said as Ready) };
        break;
      case 'message':
        yield { type: 'message', cursor: Number(id), line: said as LogLine };
        break;
      case 'end':
        yield { type: 'end', ...(said as End) };
        break;
      default:
        yield 'alive';
    }
  }
}
