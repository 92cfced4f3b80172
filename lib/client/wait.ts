import { signalOf } from './calls.ts';
import type { Connection } from './connection.ts';
import { RunplaneError } from './errors.ts';
import type { RequestOptions } from './shapes.ts';

export interface WaitOptions {
  /** How long to wait for the end of the run; 15 minutes unless it is said. */
  deadlineMilliseconds?: number;
  signal?: AbortSignal;
}

/** A run of any API. */
export interface AwaitedRun<Run extends { status: string }> {
  runId: string;
  /** The API's words for a run that has not ended. */
  open: readonly Run['status'][];
  look(options: RequestOptions): Promise<Run>;
}

/** As long as the longest of the platform's own runs may take. */
const DEADLINE_MS = 900_000;
/** Most runs take a second or two; looking at a longer one every five seconds is soon enough. */
const FIRST_LOOK_MS = 200;
const SLOWEST_LOOK_MS = 5000;
const GROWTH = 1.5;

/**
 * Looks at a run, at growing intervals, until it has ended.
 * @throws RunplaneError `deadline` when it has not by then; the run goes on.
 */
export async function waitUntilEnded<Run extends { status: string }>(
  { clock, signal: always }: Connection,
  { runId, open, look }: AwaitedRun<Run>,
  { deadlineMilliseconds = DEADLINE_MS, signal }: WaitOptions = {},
): Promise<Run> {
  const until = clock.now() + deadlineMilliseconds;
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * GROWTH, SLOWEST_LOOK_MS)) {
    const run = await look(signal === undefined ? {} : { signal });
    if (!open.includes(run.status)) return run;
    const left = until - clock.now();
    if (left <= 0) {
      const seconds = deadlineMilliseconds / 1000;
      const message = `The run ${runId} was still ${run.status} after ${seconds} s: it goes on, so look at it again later`;
      throw new RunplaneError(message, { code: 'deadline', runId, body: run });
    }
    await clock.sleep(Math.min(wait, left), signalOf(always, signal));
  }
}
