import { holdsClaim } from '../../../runs/claim.ts';
import { isRunsError, RunsError } from '../../../runs/errors.ts';
import { closingLine, type LogEntry, type LogLine, logLine, RunLogWriter } from '../../../runs/log.ts';
import type { Run, RunningRun } from '../../../runs/run.ts';
import { steadyClock } from '../../../runs/steady-clock.ts';
import type { WorkerPlatform } from '../../platform.ts';

const SEVERITY: Record<LogLine['level'], number> = { debug: 0, info: 1, warning: 2, error: 3 };

/** Chunks are written at most this often, in milliseconds: each costs a write, and viewers look as often. */
const FLUSH_MS = 1000;
/** How often a worker that writes nothing asks whether its run still is its own, in milliseconds. */
const HEARTBEAT_MS = 5000;

/**
 * The log of a run while it is worked on: lines are written as they come and stored about once a second.
 * `signal` aborts when the claim was lost or the log cannot be written, so that work for nobody stops.
 */
export class RunJournal {
  readonly #platform: WorkerPlatform;
  readonly #run: RunningRun;
  readonly #writer: RunLogWriter;
  readonly #lowest: number;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  readonly #passed: () => number;
  #checkedAt = 0;

  private constructor(platform: WorkerPlatform, run: RunningRun, writer: RunLogWriter) {
    this.#platform = platform;
    this.#run = run;
    this.#writer = writer;
    const level = typeof run.input.logLevel === 'string' ? run.input.logLevel.toLowerCase() : 'info';
    this.#lowest = SEVERITY[level as LogLine['level']] ?? SEVERITY.info;
    this.#passed = steadyClock(() => platform.now());
    this.#timer = setInterval(() => void this.#queue(() => this.#beat()), FLUSH_MS);
  }

  static async open(platform: WorkerPlatform, run: RunningRun): Promise<RunJournal> {
    return new RunJournal(platform, run, await RunLogWriter.open(platform, run));
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** In how many chunks the log is once it was closed: the closing line comes by itself. */
  get chunksWhenClosed(): number {
    return this.#writer.chunks + 1;
  }

  write(entry: LogEntry): void {
    if (SEVERITY[entry.level ?? 'info'] < this.#lowest) return;
    this.#writer.write(logLine(this.#platform, this.#run, entry));
  }

  /**
   * Writes what there is and beats no more: a beat beside the write that ends the run would take the end for a
   * lost claim. @throws RunsError `log_moved` or `invalid_transition` when another worker has taken over.
   */
  async drain(): Promise<void> {
    this.stop();
    await this.#queue(() => this.#writer.flush());
    this.#lost.signal.throwIfAborted();
  }

  /** Writes the closing line of the ended run, unless somebody was quicker to close the log. */
  async close(ended: Run): Promise<void> {
    this.#writer.write(closingLine(this.#platform, ended));
    await this.#queue(() => this.#writer.flush());
    const { reason } = this.#lost.signal;
    if (reason !== undefined && !isRunsError(reason, 'log_moved')) throw reason;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One writer at a time: each write begins where the one before has ended. */
  #queue(write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing
      .then(() => (this.#lost.signal.aborted ? undefined : write()))
      .catch((error: unknown) => this.#lost.abort(error));
    return this.#writing;
  }

  async #beat(): Promise<void> {
    await this.#writer.flush();
    const now = this.#passed();
    if (now - this.#checkedAt < HEARTBEAT_MS) return;
    this.#checkedAt = now;
    if (await holdsClaim(this.#platform, this.#run)) return;
    throw new RunsError('invalid_transition', { run: this.#run, event: 'heartbeat' });
  }
}
