import type { Run } from '../../runs/run.ts';
import type { Logger } from './ports.ts';

/** Says that a worker could not see whether its run is still its own. */
export const lookFailed =
  ({ logger }: { logger: Logger }, { id: runId }: Pick<Run, 'id'>) =>
  (error: unknown): void =>
    logger.warn('claim could not be looked at', { runId, error });
