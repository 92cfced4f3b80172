import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { type Swept, sweepRuns } from '../../lib/runs/service.ts';

/** What the schedule calls every minute. */
export const sweep = (platform: () => Platform) => async (): Promise<Swept> => {
  const { files, logger } = platform();
  const swept = await sweepRuns(platform(), { keepOutput: keepOutputs(files) });
  logger.info('swept', { ...swept });
  return swept;
};

export const handler = sweep(fullPlatform);
