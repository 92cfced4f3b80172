import { holds } from './claim.ts';
import { RunsError } from './errors.ts';
import type { RunPlatform } from './ports.ts';
import { logExpiresAt } from './retention.ts';
import { isOpen, type Run, type RunKind, type RunningRun, type RunRef, refOf } from './run.ts';

/** One line of a run's log, as it is written: NDJSON, `\n` terminated. */
export interface LogLine {
  /** 32 hexadecimal digits each; lines of the spreadsheet engine have them. */
  event_id?: string;
  engine_run_id?: string;
  timestamp: string;
  level: 'debug' | 'info' | 'warning' | 'error';
  event: string;
  message: string;
  data?: unknown;
  error?: unknown;
  /** What the line says of its run: see `LogWords`. */
  context: Record<string, unknown>;
}

/** The event that ends every log of a run that was not cancelled. */
export const LAST_EVENT = 'run.complete';

/**
 * Longest chunk in bytes. DynamoDB holds items up to 400 KB; 256 KiB leaves room for the keys even when
 * the bytes do not compress.
 */
export const MAX_CHUNK_BYTES = 262_144;

/** What a line is written with: when it happened, and in whose words. */
type Teller = Pick<RunPlatform, 'now'> & { log: Pick<RunPlatform['log'], 'words'> };

/** What a line is to say; when, and of which run, comes by itself. */
export type LogEntry = Pick<LogLine, 'event' | 'message'> & Partial<Omit<LogLine, 'timestamp' | 'context'>>;

export function logLine(platform: Teller, run: Run, entry: LogEntry): LogLine {
  const { event, message, level = 'info', data = {}, error, ...ids } = entry;
  const timestamp = platform.now().toISOString();
  return {
    ...ids,
    timestamp,
    level,
    event,
    message,
    data,
    ...(error === undefined ? {} : { error }),
    context: platform.log.words.context(run),
  };
}

export const encodeLine = (line: LogLine): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(line)}\n`);

/** The line that closes the log of a terminal run. */
export function closingLine(platform: Teller, run: Run): LogLine {
  if (isOpen(run)) throw new TypeError(`Run ${run.id} is still open`);
  return logLine(platform, run, {
    event: LAST_EVENT,
    level: run.status === 'succeeded' ? 'info' : 'error',
    ...platform.log.words.ending(run),
  });
}

/**
 * Writes a run's log for the worker that holds its claim. Lines gather in memory; `flush` writes them as
 * chunks at the end of the log. Losing that place to another writer raises `log_moved`.
 */
export class RunLogWriter {
  readonly #log: RunPlatform['log'];
  readonly #ref: RunRef;
  readonly #expiresAt: Date | undefined;
  #offset: number;
  #pending: Uint8Array[] = [];
  #chunks = 0;

  private constructor(log: RunPlatform['log'], run: Run, offset: number) {
    this.#log = log;
    this.#ref = refOf(run);
    this.#expiresAt = logExpiresAt(run);
    this.#offset = offset;
  }

  /**
   * Opens the log at its end. The first attempt of a run begins at 0 and needs no read. A later one looks
   * whether the claim is still its own: after the next worker's last line there is an end, too.
   * @throws RunsError `invalid_transition` when the claim was lost.
   */
  static async open(platform: Pick<RunPlatform, 'log' | 'runs'>, claimed: RunningRun): Promise<RunLogWriter> {
    const ref = refOf(claimed);
    if (claimed.attempt <= 1) return new RunLogWriter(platform.log, claimed, 0);
    const offset = await platform.log.end(ref);
    const run = await platform.runs.get(ref);
    if (!holds(run, claimed))
      throw new RunsError('invalid_transition', { run: run ?? claimed, event: 'opened' });
    return new RunLogWriter(platform.log, claimed, offset);
  }

  write(line: LogLine): void {
    this.#pending.push(encodeLine(line));
  }

  /** Length of the log in bytes once everything pending is written. */
  get length(): number {
    return this.#offset + this.#pending.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** How many chunks this writer has written. */
  get chunks(): number {
    return this.#chunks;
  }

  /** @throws RunsError `log_moved` when another writer has taken over. */
  async flush(): Promise<void> {
    const bytes = concat(this.#pending);
    this.#pending = [];
    for (let start = 0; start < bytes.length; start += MAX_CHUNK_BYTES) {
      const chunk = bytes.subarray(start, start + MAX_CHUNK_BYTES);
      await this.#log.append(this.#ref, this.#offset, chunk, this.#expiresAt);
      this.#offset += chunk.length;
      this.#chunks += 1;
    }
  }
}

/** Whether anybody can read the log of such a run: what nobody reads is not written. */
export const IS_READ: Record<RunKind, boolean> = {
  document: true,
  process: true,
  thread: false,
  agent: false,
};

/**
 * Appends one line wherever the log ends now, unless its closing line stands there and this one does not
 * reopen the run. Used by those who look at a run from outside its worker: cancel, settle, sweep.
 */
export async function appendLine(
  platform: Pick<RunPlatform, 'log'>,
  run: Run,
  line: LogLine,
  { reopens = false }: { reopens?: boolean } = {},
): Promise<void> {
  if (!IS_READ[run.kind]) return;
  const ref = refOf(run);
  const TRIES = 5; // each lost try means that another writer made progress
  for (let tries = 1; ; tries += 1) {
    const end = await platform.log.end(ref);
    if (!reopens && (await lastEvent(platform, ref, end)) === LAST_EVENT) return;
    try {
      return await platform.log.append(ref, end, encodeLine(line), logExpiresAt(run));
    } catch (error) {
      if (!(error instanceof RunsError && error.code === 'log_moved') || tries === TRIES) throw error;
    }
  }
}

/** Bytes of a log's end that nearly always hold its last line whole; a longer one is read for until it is. */
const TAIL_BYTES = 8192;
const NEWLINE = 0x0a;

async function lastEvent(
  platform: Pick<RunPlatform, 'log'>,
  ref: RunRef,
  end: number,
): Promise<string | undefined> {
  for (let length = TAIL_BYTES; ; length *= 4) {
    const from = Math.max(0, end - length);
    const tail = await readTo(platform, ref, from, end);
    // A log ends with a newline; the one before it is where its last line begins.
    const start = tail.subarray(0, -1).lastIndexOf(NEWLINE) + 1;
    if (start === 0 && from > 0) continue;
    return eventOf(new TextDecoder().decode(tail.subarray(start)));
  }
}

/** Bytes `[from, to)` of the log as it stands now; shorter if it ends before. */
async function readTo(
  platform: Pick<RunPlatform, 'log'>,
  ref: RunRef,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let at = from; at < to; ) {
    const bytes = await platform.log.read(ref, at, { consistent: true });
    if (bytes.length === 0) break;
    parts.push(bytes.subarray(0, to - at));
    at += bytes.length;
  }
  return concat(parts);
}

/** The whole log as it stands, chunk by chunk. */
export async function* readLog(platform: Pick<RunPlatform, 'log'>, ref: RunRef): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; ) {
    const bytes = await platform.log.read(ref, offset);
    if (bytes.length === 0) return;
    yield bytes;
    offset += bytes.length;
  }
}

/** The `event` member of a log line; undefined for a line that is blank, not JSON or without one. */
export function eventOf(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    const event =
      typeof parsed === 'object' && parsed !== null && 'event' in parsed ? parsed.event : undefined;
    return typeof event === 'string' ? event : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // such a line only advances the cursor
    throw error;
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
