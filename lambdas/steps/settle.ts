import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { parseStatusChange } from '../../lib/adapters/aws/status-change.ts';
import type { RunPlatform } from '../../lib/runs/ports.ts';
import { settleRun } from '../../lib/runs/service.ts';

/** What EventBridge calls when an execution of one of our machines has ended. */
export const settle =
  (platform: () => Omit<RunPlatform, 'executor'>) =>
  async (event: unknown): Promise<void> => {
    const change = parseStatusChange(event);
    if (change !== undefined) await settleRun(platform(), change.ref, change.state);
  };

export const handler = settle(corePlatform);
