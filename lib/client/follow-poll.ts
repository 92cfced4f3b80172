import { ask, call, reading, signalOf } from './calls.ts';
import type { Connection } from './connection.ts';
import { RunplaneError } from './errors.ts';
import {
  type FollowedEvent,
  type FollowedRun,
  type FollowOptions,
  LAST_EVENT,
  type LogLine,
} from './follow-events.ts';

/** Milliseconds between two looks at the log: lively after news, slower the longer nothing came. */
const LIVELY_MS = 1000;
const QUIET_MS = 5000;
const GROWTH = 1.5;
/** A run that has ended and whose log stays silent this long gets no more lines. */
const SETTLED_MS = 3000;

/** The events of a run as `followRun` has them, from looking at its log again and again. */
export async function* pollRun(
  connection: Connection,
  path: FollowedRun,
  { cursor: from = 0, signal }: FollowOptions,
  isReady: boolean,
): AsyncGenerator<FollowedEvent> {
  const { clock } = connection;
  const { runId } = path;
  const options = signal === undefined ? {} : { signal };
  const look = () => ask(connection, 'getRun', { path }, options);
  let cursor = from;
  let endedAt: number | undefined;
  for (let wait = LIVELY_MS, isFirst = !isReady; ; isFirst = false) {
    // The run before its log, so that a log is read at least once after the run has ended.
    const { status } = await look();
    if (isFirst) yield { type: 'ready', runId, status, cursor };
    const log = await readLog(connection, path, options);
    const begun = cursor;
    for (const { line, end } of linesFrom(log, cursor)) {
      cursor = end;
      if (line === undefined) continue;
      yield { type: 'message', cursor, line };
      if (line.event !== LAST_EVENT) continue;
      yield { type: 'end', runId, status: (await look()).status, cursor, reason: 'run_complete' };
      return;
    }
    if (cursor > begun) {
      wait = LIVELY_MS;
      endedAt = undefined;
    }
    if (status !== 'queued' && status !== 'running') {
      endedAt ??= clock.now();
      if (clock.now() - endedAt >= SETTLED_MS) {
        yield { type: 'end', runId, status, cursor, reason: 'terminal_status' };
        return;
      }
    }
    await clock.sleep(wait, signalOf(connection.signal, signal));
    wait = endedAt === undefined ? Math.min(wait * GROWTH, QUIET_MS) : LIVELY_MS;
  }
}

/** Empty while nothing was logged, which the platform calls not found. */
async function readLog(
  connection: Connection,
  path: FollowedRun,
  options: { signal?: AbortSignal },
): Promise<Uint8Array> {
  try {
    return await call(connection, { id: 'downloadRunEvents', input: { path }, options, read: reading.bytes });
  } catch (error) {
    if (error instanceof RunplaneError && error.status === 404) return new Uint8Array();
    throw error;
  }
}

const NEWLINE = 0x0a;

/**
 * The whole lines after a byte of the log with the offset after each; undefined for one that is no event. What
 * is left of a line that the byte stands in is none: no end of a JSON object is one.
 */
function* linesFrom(log: Uint8Array, from: number): Generator<{ line: LogLine | undefined; end: number }> {
  let at = from;
  for (let end = log.indexOf(NEWLINE, at); end !== -1; end = log.indexOf(NEWLINE, at)) {
    yield { line: toLine(new TextDecoder().decode(log.subarray(at, end))), end: end + 1 };
    at = end + 1;
  }
}

function toLine(text: string): LogLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'event' in line ? (line as LogLine) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // such a line only advances the cursor
    throw error;
  }
}
