import { isRunsError } from './errors.ts';
import type { RunPlatform } from './ports.ts';
import { isRecent } from './recent.ts';
import { Run, type RunRef } from './run.ts';

/** The parent of a record that only stands where a run must not be made any more. Nothing has this id. */
export const NOBODY = 'nobody';

/** Whether the record is nobody's run: an id that was planned for one, and is used up. */
export const isPlaceholder = ({ parentId }: Pick<Run, 'parentId'>): boolean => parentId === NOBODY;

/**
 * How long a run may be named without being there, in milliseconds: between the two writes of a create. After
 * that its creator is taken for gone, and its place is taken.
 */
const CREATING_MS = 5000;

/** Whether a run that was named at an instant may still be about to be made: taking its place is safe at any time. */
export const isBeingMade = ({ now }: Pick<RunPlatform, 'now'>, namedAt: string): boolean =>
  isRecent(namedAt, now(), CREATING_MS);

/** Days that a placeholder stands: whoever was only slow to make its run has long been answered by then. */
const KEPT_DAYS = 1;

/**
 * Puts an ended record where a planned run is missing, so that whoever planned it and was only slow cannot make
 * it any more: it meets `run_exists`. Answers with what stands there now, which is the run if it was made after
 * all.
 */
export async function takePlace(
  platform: Pick<RunPlatform, 'runs' | 'now'>,
  { workspaceId, kind, runId }: RunRef,
): Promise<Run> {
  const at = platform.now().toISOString();
  const placeholder = Run.parse({
    id: runId,
    kind,
    workspaceId,
    parentId: NOBODY,
    input: {},
    status: 'failed',
    version: 1,
    attempt: 0,
    createdAt: at,
    completedAt: at,
    failure: { code: 'internal_error', stage: null, message: 'The run was interrupted before it began.' },
    retention: { runsDays: KEPT_DAYS },
  });
  for (;;) {
    const standing = await platform.runs.get({ workspaceId, kind, runId });
    if (standing !== undefined) return standing;
    try {
      await platform.runs.insert(placeholder);
      return placeholder;
    } catch (error) {
      if (!isRunsError(error, 'run_exists')) throw error;
    }
  }
}
