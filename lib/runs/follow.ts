import { isTerminal } from './lifecycle.ts';
import { concat, eventOf, LAST_EVENT } from './log.ts';
import type { RunPlatform } from './ports.ts';
import { type Run, type RunStatus, refOf } from './run.ts';
import { steadyClock } from './steady-clock.ts';

/** What a follower sees. Cursors are byte offsets into the log, after the line they come with. */
export type Follow =
  | { type: 'ready'; cursor: number; status: RunStatus }
  | { type: 'message'; cursor: number; line: string }
  | { type: 'keepalive' }
  | { type: 'end'; cursor: number; status: RunStatus; reason: 'run_complete' | 'terminal_status' };

export interface FollowOptions {
  cursor: number;
  /** Aborted when the reader went away or the stream must close; the generator then ends without `end`. */
  signal: AbortSignal;
  /** Waits, in milliseconds; rejects or returns early when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What following needs of the platform. */
export type FollowPlatform = Pick<RunPlatform, 'now'> & {
  runs: Pick<RunPlatform['runs'], 'get'>;
  log: Pick<RunPlatform['log'], 'read'>;
};

/** Milliseconds between reads: lively after news, slower the longer nothing came. */
const LIVELY_MS = 250;
const QUIET_MS = 2000;
const BACKOFF = 1.5;
const KEEPALIVE_MS = 15_000;
/** A terminal run whose log stays silent this long gets no more lines. */
const SETTLED_MS = 3000;

/** Follows a run's log from a byte offset to its end. The run must exist; `run` is its latest known state. */
export async function* followLog(
  platform: FollowPlatform,
  run: Run,
  options: FollowOptions,
): AsyncGenerator<Follow> {
  const ref = refOf(run);
  const { signal, sleep } = options;
  const lines = new LineReader(options.cursor);
  let current = run;
  let wait = LIVELY_MS;
  const passed = steadyClock(() => platform.now());
  let lastBytesAt = passed();
  let lastSentAt = lastBytesAt;
  let lastLookAt = lastBytesAt;
  yield { type: 'ready', cursor: options.cursor, status: run.status };

  while (!signal.aborted) {
    const bytes = await platform.log.read(ref, lines.position);
    const now = passed();
    if (bytes.length > 0) {
      wait = LIVELY_MS;
      lastBytesAt = now;
      for (const { line, cursor } of lines.push(bytes)) {
        const event = eventOf(line);
        if (event === undefined) continue;
        yield { type: 'message', cursor, line };
        lastSentAt = now;
        if (event === LAST_EVENT) {
          const ended = (await platform.runs.get(ref)) ?? current;
          yield { type: 'end', cursor, status: ended.status, reason: 'run_complete' };
          return;
        }
      }
      continue;
    }
    if (!isTerminal(current.status)) {
      // Nearly every run says in its log that it has ended; few end without a word.
      if (now - lastLookAt >= QUIET_MS) {
        lastLookAt = now;
        current = (await platform.runs.get(ref)) ?? current;
      }
    } else if (now - lastBytesAt >= SETTLED_MS) {
      yield { type: 'end', cursor: lines.cursor, status: current.status, reason: 'terminal_status' };
      return;
    }
    if (now - lastSentAt >= KEEPALIVE_MS) {
      lastSentAt = now;
      yield { type: 'keepalive' };
    }
    await sleep(wait, signal);
    wait = isTerminal(current.status) ? LIVELY_MS : Math.min(QUIET_MS, wait * BACKOFF);
  }
}

/** Cuts bytes that arrive from an offset into whole lines with the offset after each. */
class LineReader {
  readonly #asked: number;
  #cursor: number;
  #rest: Uint8Array = new Uint8Array();
  #skipping: boolean;
  /** Where the next bytes are to be read. */
  position: number;

  constructor(cursor: number) {
    this.#asked = cursor;
    // One byte earlier tells whether the cursor stands at the start of a line or in the middle of one.
    this.position = Math.max(0, cursor - 1);
    this.#cursor = this.position;
    this.#skipping = cursor > 0;
  }

  /** Offset after the last whole line, or what was asked for while no line began after it. */
  get cursor(): number {
    return this.#skipping ? this.#asked : this.#cursor;
  }

  *push(bytes: Uint8Array): Generator<{ line: string; cursor: number }> {
    this.position += bytes.length;
    let buffer = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    const NEWLINE = 0x0a;
    for (let end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE)) {
      const line = buffer.subarray(0, end);
      buffer = buffer.subarray(end + 1);
      this.#cursor += end + 1;
      if (this.#skipping) this.#skipping = false;
      else yield { line: new TextDecoder().decode(line), cursor: this.#cursor };
    }
    this.#rest = buffer.slice();
  }
}
