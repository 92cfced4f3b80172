import { isRunsError, RunsError } from './errors.ts';
import { type RunEvent, transition } from './lifecycle.ts';
import type { RunPlatform } from './ports.ts';
import type { Run, RunRef } from './run.ts';

/** @throws RunsError `run_not_found`. */
export async function getRun(platform: Pick<RunPlatform, 'runs'>, ref: RunRef): Promise<Run> {
  const run = await platform.runs.get(ref);
  if (run === undefined) throw new RunsError('run_not_found', { ref });
  return run;
}

/**
 * Reads, decides, writes; again if the record changed in between. `decide` may answer undefined to leave
 * the run as it is. `known` saves the first read.
 */
export async function apply(
  platform: Pick<RunPlatform, 'runs'>,
  ref: RunRef,
  decide: (run: Run) => RunEvent | undefined,
  known?: Run,
): Promise<Run> {
  const TRIES = 10; // every lost try is somebody else's success, and a run has few writers
  for (let tries = 1; ; tries += 1) {
    const run = tries === 1 && known !== undefined ? known : await getRun(platform, ref);
    const event = decide(run);
    if (event === undefined) return run;
    const next = transition(run, event);
    try {
      await platform.runs.commit(next, run.version, event);
      return next;
    } catch (error) {
      if (!isRunsError(error, 'stale_run') || tries === TRIES) throw error;
    }
  }
}
