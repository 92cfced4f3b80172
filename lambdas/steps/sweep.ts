import { executorPlatform } from '../../lib/adapters/aws/platform.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { type Swept, sweepRuns } from '../../lib/runs/service.ts';

/** What the schedule calls every minute. */
export const sweep = (platform: () => Omit<Platform, 'files'>) => async (): Promise<Swept> => {
  const swept = await sweepRuns(platform());
  platform().logger.info('swept', { ...swept });
  return swept;
};

export const handler = sweep(executorPlatform);
