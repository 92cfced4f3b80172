import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { parseStatusChange } from '../../lib/adapters/aws/status-change.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { settleRun } from '../../lib/runs/settle.ts';

type Needs = Pick<Platform, 'runs' | 'log' | 'files' | 'executor' | 'now' | 'newId'>;

/** What EventBridge calls when an execution has begun or ended: of our machines, or of somebody's process. */
export const settle =
  (platform: () => Needs) =>
  async (event: unknown): Promise<void> => {
    const { executor, files } = platform();
    const change = await parseStatusChange(event, (execution) => executor.lookUp(execution));
    if (change === undefined) return;
    const { ref, state, isOwn } = change;
    await settleRun(platform(), ref, state, { isOwn, keepOutput: keepOutputs(files) });
  };

export const handler = settle(fullPlatform);
